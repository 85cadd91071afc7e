/** The site that the agent is a member of. */

import { number, t } from '../text.ts';
import { useOperation } from '../views.ts';

export const SiteCard = () => {
  const site = useOperation({ kind: 'site-show' })?.site;
  if (site === undefined) return null;
  const seatsOf = (id: string): number =>
    site.blocks
      .flatMap(({ shares }) => shares)
      .reduce((sum, { member, seats }) => sum + (member === id ? seats : 0), 0);
  return (
    <section class="card">
      <h2>{t('svc.site', { name: site.name })}</h2>
      {site.trouble === null ? null : <p class="bad">{site.trouble}</p>}
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
            {site.members.map(({ id, name, version, standing, isThis }) => (
              <tr key={id}>
                <th scope="row">
                  {name} {isThis ? <small>{t('svc.thisMember')}</small> : null}
                </th>
                <td>{t(standing === 'member' ? 'svc.alive' : 'svc.dead')}</td>
                <td>{version}</td>
                <td>{number(seatsOf(id))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
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

const ETCD = {
  leader: 'leader',
  follower: 'follower',
  'without a leader': 'none',
  unreachable: 'unreachable',
} as const;
