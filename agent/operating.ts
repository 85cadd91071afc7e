/** How an administrator's operation is done: by the core or a keeper of files, with a record of it. */

import { actorText, type OperateAs } from './admin/actor.ts';
import { changeSentence } from './admin/change-sentence.ts';
import type { Operate } from './admin/control-server.ts';
import { type Outcome, refuseOperation, type SiteView } from './core/operations.ts';
import { planDeath } from './core/site/site-plan.ts';
import type { AgentDriver } from './edges/agent-driver.ts';
import type { History } from './edges/history/history.ts';
import { isForRulesFile, type RulesKeeper } from './edges/rules-keeper.ts';
import type { SettingsKeeper } from './settings-keeper.ts';

/** What the core decides on, what begins with reading a file, and what the site's register has. */
export const withFiles =
  (
    driver: AgentDriver,
    rules: RulesKeeper,
    keeper: SettingsKeeper,
    lookAtSite: (() => Promise<SiteView>) | undefined,
  ): Operate =>
  async (operation) => {
    if (operation.kind === 'site-show') {
      return lookAtSite === undefined ? NO_SITE : { kind: 'site-show', site: await lookAtSite() };
    }
    if (operation.kind === 'site-plan') {
      return lookAtSite === undefined ? NO_SITE : planFor(await lookAtSite(), driver);
    }
    if (isForRulesFile(operation)) return rules.perform(operation);
    if (operation.kind !== 'config-reload') return driver.operate(operation);
    // Each tells of its own faults; those of the one keep nobody from the other.
    const taken = await rules.perform({ kind: 'rules-reload' });
    const reloaded = keeper.reload();
    return reloaded.kind === 'refused' || taken.kind !== 'refused' ? reloaded : taken;
  };

const NO_SITE: Outcome = refuseOperation(
  'no-site',
  'This agent is a site by itself. `usher site join URL,…` makes it a member of one, whose register is etcd.',
);

/** With what this member has lent, as it knows best itself. */
const planFor = async (site: SiteView, driver: AgentDriver): Promise<Outcome> => {
  if (site.trouble !== null) return refuseOperation('no-register', site.trouble);
  const outcome = await driver.operate({ kind: 'license-list' });
  const licenses = outcome.kind === 'license-list' ? outcome.licenses : [];
  const lent = (license: string, className: string): number =>
    licenses.find(({ id }) => id === license)?.pools.find((pool) => pool.class === className)
      ?.lent ?? 0;
  return { kind: 'site-plan', plan: planDeath(site, lent) };
};

/** Every change is in the audit, and told in the log, with who made it and from where. */
export const withRecord =
  (
    history: History,
    perform: Operate,
    say: (sentence: string, isWarning: boolean) => void,
  ): OperateAs =>
  async (operation, actor) => {
    const outcome = await history.audited(operation, actorText(actor), perform);
    const sentence = changeSentence(actor, operation, outcome);
    if (sentence !== undefined) say(sentence, false);
    return outcome;
  };
