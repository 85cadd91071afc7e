/** One license: what it says, what has become of it, where it is active, and what can be done. */

import type { MasterOutcome } from '../../../vendor/master/master-operations.ts';
import { StageLine } from '../../parts/stage-line.tsx';
import { coverRows, hostsRow, type Row, seatRows, validRow } from '../../parts/terms-rows.ts';
import { count, day, length, number, say, t } from '../../text.ts';
import { useMaster } from '../master-api.ts';
import { ActivationTable } from '../parts/activation-table.tsx';
import { ClerkActions } from '../parts/clerk-actions.tsx';
import { activeOn, LicenseBadge, promiseOf } from '../parts/license-words.tsx';
import { Project } from '../parts/project.tsx';
import { SaveText } from '../parts/save-text.tsx';

type Whole = Extract<MasterOutcome, { kind: 'license' }>;

interface LicensePageProps {
  readonly id: string;
  readonly isClerk: boolean;
}

export const LicensePage = ({ id, isClerk }: LicensePageProps) => {
  const whole = useMaster('license', { kind: 'license-show', license: id });
  if (whole === undefined) return <p class="empty">{t('app.loading')}</p>;
  const { license, terms, text, activations } = whole;
  const { product, customer, customerName, reason } = license;
  return (
    <>
      <p class="crumb">
        <a href="#/licenses">{t(isClerk ? 'nav.clerk.licenses' : 'nav.mine.licenses')}</a>
      </p>
      <div class="heading license">
        <h1>{product}</h1>
        <LicenseBadge {...license} />
      </div>
      <section class="card">
        <p class="promise">
          {promiseOf(license)}
          <span class="muted">
            {' · '}
            {isClerk && customer !== null ? (
              <a href={`#/customer/${customer}`}>{customerName}</a>
            ) : (
              customerName
            )}
          </span>
        </p>
        {reason === '' ? null : <p class="fault">{t('my.reason', { reason })}</p>}
        {terms.pools
          .filter(({ stages }) => stages.length > 0)
          .map((pool) => (
            <StageLine
              key={pool.class}
              pool={pool}
              license={{ starts: terms.starts, ends: terms.expires }}
            />
          ))}
        {isClerk ? <ClerkActions license={license} /> : <Project license={license} />}
        <SaveText text={text} name={`${product}-${license.id.slice(0, 8)}.txt`} />
      </section>
      <h2 class="part">
        {t('nav.clerk.activations')} <small>{activeOn(license)}</small>
      </h2>
      {license.agents === 0 ? (
        <p class="muted">{t('place.needsNone')}</p>
      ) : (
        <ActivationTable rows={activations} isClerk={isClerk} />
      )}
      <h2 class="part">{t('lic.details')}</h2>
      <dl class="card facts">
        {rowsOf(whole, isClerk).map(([title, value]) => (
          <div key={title + value}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Relatives {...{ license, terms }} />
    </>
  );
};

const rowsOf = ({ license, terms }: Whole, isClerk: boolean): readonly Row[] => [
  [t('lic.type'), say('lic.type', terms.type)],
  ...seatRows(terms),
  validRow(terms),
  ...coverRows(terms),
  ...terms.meters.map(({ name, allowance }): Row => [name, number(allowance)]),
  ...(terms.trial === null ? [] : [[t('order.trial'), length(terms.trial)] as const]),
  hostsRow(terms),
  ...(terms.isForOneHost ? [[t('order.hostCode'), t('my.oneHost')] as const] : []),
  ...activationRows(terms),
  ...(terms.children === null ? [] : [[t('order.children'), number(terms.children.most)] as const]),
  ...(isClerk && license.agents > 0
    ? [[t('order.policy'), say('order.policyIs', license.policy)] as const]
    : []),
  ...(license.project === '' ? [] : [[t('my.project'), license.project] as const]),
  [t('lic.issued'), day(license.issued)],
  [t('my.number'), license.id],
];

const activationRows = ({ activation }: Whole['terms']): readonly Row[] => {
  if (activation === null) return [];
  const { agents, refresh, emergency, master } = activation;
  return [
    [t('order.agents'), count('computers', agents)],
    ...(refresh === null
      ? []
      : [
          [
            t('order.refresh'),
            t('my.refresh', { every: length(refresh.every), grace: length(refresh.grace) }),
          ] as const,
        ]),
    ...(emergency === null ? [] : [[t('order.emergency'), length(emergency.longest)] as const]),
    ...(master === null ? [] : [[t('act.master'), master] as const]),
  ];
};

/** The licenses that stand beside it: before it, after it, and the one that it adds to. */
const Relatives = ({ license, terms }: Pick<Whole, 'license' | 'terms'>) => {
  const links = [
    ...(license.successor === null ? [] : [[t('my.successor'), license.successor] as const]),
    ...(license.expands === null ? [] : [[t('order.expands'), license.expands] as const]),
    ...terms.supersedes.map((one) => [t('order.supersedes'), one] as const),
  ];
  if (links.length === 0) return null;
  return (
    <ul class="lines">
      {links.map(([title, id]) => (
        <li key={title + id}>
          {title}:{' '}
          <a href={`#/license/${id}`}>
            <code>{id}</code>
          </a>
        </li>
      ))}
    </ul>
  );
};
