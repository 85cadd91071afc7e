/** How an administrator's operation is done: by the core or a keeper of files, with a record of it. */

import { actorText, type OperateAs } from './admin/actor.ts';
import { changeSentence } from './admin/change-sentence.ts';
import type { Operate } from './admin/control-server.ts';
import type { AgentDriver } from './edges/agent-driver.ts';
import type { CallLog } from './edges/call-log.ts';
import type { History } from './edges/history/history.ts';
import { isForRulesFile, type RulesKeeper } from './edges/rules-keeper.ts';
import type { SettingsKeeper } from './settings-keeper.ts';
import type { OperateHere } from './site-operations.ts';

/** What the core decides on, and what begins with reading a file. */
export const withFiles =
  (driver: AgentDriver, rules: RulesKeeper, keeper: SettingsKeeper, calls: CallLog): OperateHere =>
  async (operation, who = '') => {
    if (isForRulesFile(operation)) return rules.perform(operation, who);
    if (operation.kind === 'log-record') {
      calls.record(operation.hours);
      return { kind: 'log-record', calls: calls.view };
    }
    if (operation.kind !== 'config-reload') return driver.operate(operation, who);
    // Each tells of its own faults; those of the one keep nobody from the other.
    const taken = await rules.perform({ kind: 'rules-reload' }, who);
    const reloaded = keeper.reload();
    return reloaded.kind === 'refused' || taken.kind !== 'refused' ? reloaded : taken;
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
