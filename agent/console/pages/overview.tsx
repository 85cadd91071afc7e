/** The first five questions in five seconds: what is in use, who waits, what is wrong. */

import { Fragment } from 'preact';
import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { RecentView, ServiceView } from '../../admin/web/service-view.ts';
import { reasonOf } from '../../core/activation/master-view.ts';
import type { LicenseView, MasterView, StatusView } from '../../core/operations.ts';
import { type ProductUse, productUse } from '../../core/seats/product-use.ts';
import { SeatBar } from '../parts/seat-bar.tsx';
import { TodayCurve } from '../parts/today-curve.tsx';
import { fromNow, length, moment, number, say, t } from '../text.ts';
import { useAnswer, useOperation } from '../views.ts';

export const OverviewPage = () => {
  const status = useOperation({ kind: 'status' })?.status;
  const licenses = useOperation({ kind: 'license-list' })?.licenses;
  if (status === undefined || licenses === undefined)
    return <p class="empty">{t('app.loading')}</p>;
  return (
    <>
      <h1>
        {t('nav.overview')} <small>{status.name}</small>
      </h1>
      <Attention status={status} licenses={licenses} />
      <ul class="products">
        {productUse(licenses).map((one) => (
          <ProductCard key={one.product} {...one} />
        ))}
      </ul>
      <div class="trio">
        <Waiting />
        <Refusals />
        <Health status={status} />
      </div>
    </>
  );
};

const ProductCard = ({ product, used, total, classes, isLending }: ProductUse) => {
  const isUnlimited = total >= SEATS_UNLIMITED;
  return (
    <li class="card product">
      <h2>
        <a href="#/seats">{product}</a>
      </h2>
      <p class="figures">
        <strong>{number(used)}</strong>
        {isUnlimited || !isLending ? null : <span> / {number(total)}</span>}
        <em>{freeWords({ used, total, isLending })}</em>
      </p>
      <SeatBar label={product} used={used} total={total} />
      {isLending ? <TodayCurve product={product} used={used} total={total} /> : null}
      {classes.length > 1 ? (
        <ul class="classes">
          {classes.map((one) => (
            <li key={one.name}>
              <span>{one.name}</span>
              <SeatBar
                isSmall
                label={`${product}, ${one.name}`}
                used={one.used}
                total={one.total}
              />
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
};

const freeWords = ({
  used,
  total,
  isLending,
}: Pick<ProductUse, 'used' | 'total' | 'isLending'>): string => {
  if (!isLending) return t('over.notLending');
  if (total >= SEATS_UNLIMITED) return t('over.unlimited');
  if (used > total) return t('over.beyond', { n: used - total });
  return used === total ? t('over.full') : t('over.free', { n: total - used });
};

interface Told {
  readonly tone: 'bad' | 'warn';
  readonly text: string;
  readonly to: string;
}

const Attention = (seen: {
  readonly status: StatusView;
  readonly licenses: readonly LicenseView[];
}) => {
  const told = [...troubles(seen.status), ...seen.licenses.flatMap(ending)];
  // The worst first: `bad` stands before `warn`.
  told.sort((one, other) => (one.tone < other.tone ? -1 : one.tone > other.tone ? 1 : 0));
  if (told.length === 0) return <p class="fine">{t('over.allFine')}</p>;
  return (
    <section class="attention" aria-label={t('over.attention')}>
      <ul>
        {told.map(({ tone, text, to }) => (
          <li key={text} class={tone}>
            <a href={to}>{text}</a>
          </li>
        ))}
      </ul>
    </section>
  );
};

const troubles = ({
  storeTrouble,
  holdsOff,
  clock,
  rules,
  masters,
  site,
}: StatusView): readonly Told[] => [
  ...(site === null || site.isHeard
    ? []
    : [
        {
          tone: 'bad',
          text: [t('svc.unheard'), site.trouble ?? ''].join(' ').trim(),
          to: '#/service',
        } as const,
      ]),
  ...masters
    .filter(({ standing }) => standing === 'silent')
    .map((one): Told => {
      const { master } = one;
      const why = reasonOf(one);
      return { tone: 'warn', text: t('over.masterSilent', { master, why }), to: '#/licenses' };
    }),
  ...(storeTrouble === null
    ? []
    : [
        { tone: 'bad', text: t('over.store.failing', { why: storeTrouble }), to: '#/log' } as const,
      ]),
  ...(holdsOff === null
    ? []
    : [
        { tone: 'bad', text: t('over.holdsOff', { time: length(holdsOff) }), to: '#/log' } as const,
      ]),
  ...(clock.behind === 0
    ? []
    : [
        {
          tone: 'warn',
          text: `${t('over.clock')}: ${t('over.clock.behind', { time: length(clock.behind) })}.`,
          to: '#/service',
        } as const,
      ]),
  ...(rules.inForce && rules.faults.length === 0
    ? []
    : [
        {
          tone: rules.inForce ? 'warn' : 'bad',
          text: `${t('over.rules')}: ${t(rules.inForce ? 'over.rules.faulty' : 'over.rules.broken')}.`,
          to: '#/rules',
        } as const,
      ]),
];

/** What a license's state asks of the administrator. */
const ending = ({ state, product, ends, refusal }: LicenseView): readonly Told[] => {
  const to = '#/licenses';
  switch (state) {
    case 'expiring':
      return [{ tone: 'warn', text: t('over.ends', { product, when: fromNow(ends ?? 0) }), to }];
    case 'expired':
      return [{ tone: 'bad', text: t('over.ended', { product }), to }];
    case 'virtual-host':
      return [{ tone: 'bad', text: t('over.hostRefused', { product }), to }];
    case 'wrong-host':
      return [{ tone: 'bad', text: t('over.otherHost', { product }), to }];
    case 'installed':
      return refusal === null ? [] : [{ tone: 'warn', text: t('over.notActive', { product }), to }];
    default:
      return [];
  }
};

const SHOWN_MAX = 6;

const Waiting = () => {
  const waiters = useOperation({ kind: 'seat-queue' })?.waiters ?? [];
  return (
    <section class="card">
      <h2>{t('over.waiting')}</h2>
      {waiters.length === 0 ? <p class="muted">{t('over.nobodyWaits')}</p> : null}
      <ul class="lines">
        {waiters.slice(0, SHOWN_MAX).map((one) => (
          <li key={`${one.user} ${one.host} ${one.process} ${one.product}`}>
            <strong>{one.user}</strong> {one.host} · {one.product}
            <em>{one.turn ? t('over.turn') : t('over.waits', { time: length(one.waited) })}</em>
          </li>
        ))}
        {waiters.length > SHOWN_MAX ? (
          <li class="muted">+ {number(waiters.length - SHOWN_MAX)}</li>
        ) : null}
      </ul>
    </section>
  );
};

const Refusals = () => {
  const refusals = useAnswer<RecentView>('/api/recent')?.refusals ?? [];
  return (
    <section class="card">
      <h2>{t('over.refusals')}</h2>
      {refusals.length === 0 ? <p class="muted">{t('over.noRefusals')}</p> : null}
      <ul class="lines">
        {refusals.slice(0, SHOWN_MAX).map(({ product, code, count }) => (
          <li key={`${product} ${code}`}>
            <strong>{number(count)} ×</strong> {product}
            <em>{say('refusal', code)}</em>
          </li>
        ))}
      </ul>
    </section>
  );
};

const Health = ({ status }: { readonly status: StatusView }) => {
  const port = useAnswer<ServiceView>('/api/service')?.udpPort;
  return (
    <section class="card">
      <h2>{t('over.health')}</h2>
      <dl class="facts">
        <dt>{t('over.port')}</dt>
        <dd>{port === undefined ? '…' : t('svc.udpPort', { port: String(port) })}</dd>
        <dt>{t('over.store')}</dt>
        <dd>{status.storeTrouble === null ? t('over.store.working') : status.storeTrouble}</dd>
        <dt>{t('over.clock')}</dt>
        <dd>
          {status.clock.behind === 0
            ? t('over.clock.right')
            : t('over.clock.behind', { time: length(status.clock.behind) })}
        </dd>
        <dt>{t('over.host')}</dt>
        <dd>{say('host', status.host)}</dd>
        {status.masters.map((one) => (
          <Fragment key={one.master}>
            <dt>{t('over.master')}</dt>
            <dd title={one.master}>
              {masterWords(one)}
              {one.standing === 'silent' ? <small class="below">{reasonOf(one)}</small> : null}
            </dd>
          </Fragment>
        ))}
        <dt>{t('over.rules')}</dt>
        <dd>{rulesWords(status)}</dd>
      </dl>
    </section>
  );
};

/** Its name, and when it was heard last or since when it was not. */
const masterWords = ({ master, standing, heard, silentSince }: MasterView): string => {
  const when = standing === 'silent' ? silentSince : heard;
  const words = t(`over.master.${standing}`, { when: when === null ? '' : moment(when) });
  return `${master.replace(/^https?:\/\//, '')}: ${words}`;
};

const rulesWords = ({ rules: { count, inForce, faults } }: StatusView): string => {
  if (!inForce) return t('over.rules.broken');
  if (faults.length > 0) return t('over.rules.faulty');
  return count === 0 ? t('over.rules.none') : t('over.rules.fine', { n: count });
};
