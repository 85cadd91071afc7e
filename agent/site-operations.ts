/** What administrators ask of the site, which its register answers. */

import type { Operate } from './admin/control-server.ts';
import { type Operation, type Outcome, refuseOperation, type SiteView } from './core/operations.ts';
import type { SiteOperation } from './core/site/site-operations.ts';
import type { SiteDesk } from './site-desk.ts';

type SiteLooks = Pick<SiteDesk, 'look' | 'voters'>;

/** Does what is not the site's. */
export type OperateHere = (
  operation: Exclude<Operation, SiteOperation>,
  who?: string,
) => Promise<Outcome>;

/** `site`: where this agent is a member of one. All else is for `perform`. */
export const withSite =
  (site: SiteLooks | undefined, perform: OperateHere): Operate =>
  async (operation, who) => {
    switch (operation.kind) {
      case 'site-show':
        return site === undefined ? NO_SITE : show(await site.look(), perform);
      case 'site-plan':
        return site === undefined ? NO_SITE : planFor(site, perform);
      case 'site-forget':
        return site === undefined ? NO_SITE : perform(operation, who);
      default:
        return perform(operation, who);
    }
  };

const NO_SITE: Outcome = refuseOperation(
  'no-site',
  'This agent is a site by itself. `usher site join URL,…` makes it a member of one, whose register is etcd.',
);

const show = async (site: SiteView, perform: OperateHere): Promise<Outcome> => {
  const outcome = await perform({ kind: 'status' });
  const here = outcome.kind === 'status' ? outcome.status.site : null;
  return { kind: 'site-show', site: { ...site, here } };
};

/** With what this member has lent, as it knows best itself. */
const planFor = async (looks: SiteLooks, perform: OperateHere): Promise<Outcome> => {
  const [site, voters] = await Promise.all([looks.look(), looks.voters()]);
  if (site.trouble !== null) return refuseOperation('no-register', site.trouble);
  const outcome = await perform({ kind: 'license-list' });
  const licenses = outcome.kind === 'license-list' ? outcome.licenses : [];
  const lent = (license: string, className: string): number =>
    licenses.find(({ id }) => id === license)?.pools.find((pool) => pool.class === className)
      ?.lent ?? 0;
  const { planDeath } = await import('./core/site/site-plan.ts');
  const { endpointsHere } = await import('./edges/site/own-endpoints.ts');
  const endpoints = await endpointsHere(site.register.map(({ url }) => url));
  return { kind: 'site-plan', plan: planDeath(site, { lent, endpoints, voters }) };
};
