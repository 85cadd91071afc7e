/** What systemd says about the unit, as a status of ours. */

import type { ServiceStatus } from './service-manager.ts';

/** The properties that `systemctl show` is asked for. */
export const UNIT_PROPERTIES =
  'LoadState,ActiveState,UnitFileState,MainPID,StatusText,Result,ExecMainStatus';

const STATES: Readonly<Record<string, ServiceStatus['state']>> = {
  active: 'running',
  reloading: 'running',
  refreshing: 'running',
  activating: 'starting',
  deactivating: 'stopping',
  failed: 'failed',
};

/** Reads lines of `Property=value`. */
export const readUnitStatus = (text: string): ServiceStatus => {
  const properties = new Map(
    text.split('\n').map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const value = (name: string): string => properties.get(name) ?? '';
  if (value('LoadState') !== 'loaded')
    return { state: 'not-installed', pid: null, startsAtBoot: false, detail: null };
  const state = STATES[value('ActiveState')] ?? 'stopped';
  const pid = Number(value('MainPID'));
  return {
    state,
    pid: pid > 0 ? pid : null,
    startsAtBoot: value('UnitFileState') === 'enabled',
    detail:
      state === 'failed'
        ? `It ended with ${value('Result')} (exit code ${value('ExecMainStatus')}).`
        : value('StatusText') || null,
  };
};
