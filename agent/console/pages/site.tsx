/** The site that the agent is a member of. */

import { useState } from 'preact/hooks';
import type { SitePlan } from '../../core/site/site-plan.ts';
import type { SiteMemberView, SiteView } from '../../core/site/site-view.ts';
import { ask } from '../api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useMay } from '../parts/session.ts';
import { count, number, t } from '../text.ts';
import { useOperation } from '../views.ts';

export const SiteCard = () => {
  const site = useOperation({ kind: 'site-show' })?.site;
  if (site === undefined) return null;
  const seatsOf = (id: string): number =>
    site.blocks
      .flatMap(({ shares }) => shares)
      .reduce((sum, { member, seats }) => sum + (member === id ? seats : 0), 0);
  return (
    <section class="card members">
      <h2>{t('svc.site', { name: site.name })}</h2>
      {site.trouble === null ? null : <p class="bad">{site.trouble}</p>}
      {site.trouble !== null || site.here === null || site.here.isHeard ? null : (
        <p class="bad">
          {t('svc.unheard')} {site.here.trouble}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section class="scrolls" tabIndex={0} aria-label={t('svc.site', { name: site.name })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('svc.member')}</th>
              <th scope="col">{t('svc.standing')}</th>
              <th scope="col">{t('svc.version')}</th>
              <th scope="col">{t('svc.seats')}</th>
            </tr>
          </thead>
          <tbody>
            {site.members
              .filter(({ standing }) => standing !== 'forgotten')
              .map((member) => (
                <tr key={member.id}>
                  <th scope="row">
                    {member.name} {member.isThis ? <small>{t('svc.thisMember')}</small> : null}
                  </th>
                  <td>
                    {member.standing === 'member' ? t('svc.alive') : <DeadMember {...member} />}
                  </td>
                  <td>{member.version}</td>
                  <td>{number(seatsOf(member.id))}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </section>
      {site.blocks.length === 0 ? null : <Blocks site={site} />}
      <IfItDied />
      <h3>{t('svc.register')}</h3>
      <dl class="facts">
        {site.register.map(({ url, standing, behind, trouble }) => (
          <div key={url}>
            <dt>{url}</dt>
            <dd>
              {t(`svc.etcd.${ETCD[standing]}`)}
              {behind === null || behind === 0 ? '' : `, ${t('svc.behind', { behind })}`}
              {trouble === null ? null : <small class="below">{trouble}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
};

const DeadMember = ({ id, name }: SiteMemberView) => {
  const mayForget = useMay('administrator');
  const [isForgetting, setForgetting] = useState(false);
  return (
    <>
      {t('svc.dead')}{' '}
      {mayForget ? (
        <button type="button" class="danger quiet" onClick={() => setForgetting(true)}>
          {t('svc.forget')}
        </button>
      ) : null}
      {isForgetting ? (
        <Dialog
          isDangerous
          title={t('svc.forget.title', { name })}
          action={t('svc.forget')}
          onClose={() => setForgetting(false)}
          onDo={async () => {
            await ask({ kind: 'site-forget', member: id });
          }}
        >
          <p>{t('svc.forget.lead')}</p>
        </Dialog>
      ) : null}
    </>
  );
};

/** How the seats of each license are shared. */
const Blocks = ({ site }: { readonly site: SiteView }) => {
  const names = new Map(site.members.map(({ id, name }) => [id, name]));
  const nameOf = (member: string): string =>
    member === 'borrowed' ? t('svc.borrowed') : (names.get(member) ?? member);
  return (
    <dl class="facts">
      {site.blocks.map(({ license, class: className, shares }) => (
        <div key={`${license}/${className}`}>
          <dt>
            {license}, {className}
          </dt>
          <dd>
            {shares
              .filter(({ seats, wanted }) => seats > 0 || wanted > 0)
              .map(({ member, seats, wanted }) =>
                wanted === 0
                  ? `${nameOf(member)} ${number(seats)}`
                  : t('svc.wants', { name: nameOf(member), seats, wanted }),
              )
              .join(', ')}
          </dd>
        </div>
      ))}
    </dl>
  );
};

/** What would happen if this box died now. */
const IfItDied = () => {
  const plan = useOperation({ kind: 'site-plan' })?.plan;
  if (plan === undefined) return null;
  return (
    <>
      <h3>{t('svc.ifItDied')}</h3>
      <p class={plan.others.length === 0 || !plan.goesOn ? 'bad' : undefined}>{verdictOn(plan)}</p>
      {plan.blocks.map(({ license, class: className, seats, lent }) => (
        <p key={`${license}/${className}`}>
          {t('svc.plan.block', {
            license,
            class: className,
            seats: count('seats', seats),
            lent,
            after: plan.backAfter,
          })}
        </p>
      ))}
    </>
  );
};

const verdictOn = ({ others, goesOn, etcdLeft, etcdNeeded, etcdUnnamed }: SitePlan): string => {
  if (others.length === 0) return t('svc.plan.alone');
  const values = { others: others.join(', '), left: etcdLeft, needed: etcdNeeded };
  const verdict = t(goesOn ? 'svc.plan.goesOn' : 'svc.plan.stops', values);
  return etcdUnnamed === 0 ? verdict : `${verdict} ${t('svc.plan.unnamed', { more: etcdUnnamed })}`;
};

const ETCD = {
  leader: 'leader',
  follower: 'follower',
  serves: 'serves',
  'without a leader': 'none',
  unreachable: 'unreachable',
} as const;
