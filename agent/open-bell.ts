/** Makes the bell that tells administrators of alarms, as the settings say. */

import type { Moment } from '../protocol/units.ts';
import { alarmTellers } from './alarm-settings.ts';
import type { Agent } from './core/agent.ts';
import type { AgentDriver } from './edges/agent-driver.ts';
import { AlarmBell } from './edges/alarms/alarm-bell.ts';
import { levelsOf } from './seat-levels.ts';
import type { Settings } from './settings.ts';

export interface BellParts {
  readonly settings: Settings;
  readonly agent: Agent;
  readonly driver: AgentDriver;
  readonly now: () => Moment;
  readonly say: (sentence: string, isWarning: boolean) => void;
}

/** None where nobody is to be told. */
export const openBell = ({
  settings,
  agent,
  driver,
  now,
  say,
}: BellParts): AlarmBell | undefined => {
  const tellers = alarmTellers(settings.alarms, settings.name);
  if (tellers.length === 0) return undefined;
  const isOfSite = settings.site.endpoints.length > 0;
  const levels = levelsOf(agent, isOfSite);
  return new AlarmBell({
    rules: settings.alarms,
    now,
    tellers,
    write: (writes) => driver.also(writes),
    say,
    claim: (telling) => driver.operate({ kind: 'site-tell', ...telling }),
    view: async () => {
      const outcome = await driver.operate({ kind: 'license-list' });
      const licenses = outcome.kind === 'license-list' ? outcome.licenses : [];
      const current = licenses.filter(({ state }) => state !== 'superseded');
      const seen = await driver.operate({ kind: 'status' });
      const masters = seen.kind === 'status' ? seen.status.masters : [];
      const found = isOfSite ? await driver.operate({ kind: 'site-dead' }) : undefined;
      const { dead, over } = found?.kind === 'site-dead' ? found : { dead: [], over: [] };
      return { licenses: current, pools: levels(), masters, dead, over };
    },
  });
};
