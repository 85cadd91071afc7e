/** Keeps a running agent's settings, and takes up what can be changed while it runs. */

import { equalBytes } from '../protocol/bytes.ts';
import { type Outcome, refuseOperation } from './core/operations.ts';
import type { Preferred } from './core/preferences.ts';
import type { Settings } from './settings.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from './settings-table.ts';
import { UsherError } from './usher-error.ts';

export interface SettingsKeeperParts {
  /** The settings that the agent was started with. */
  readonly started: Settings;
  /** Reads the settings anew; throws an `UsherError` with the fault. */
  readonly read: () => Settings;
  readonly apply: (preferred: Preferred) => void;
  /** Takes one line for the log. */
  readonly say: (sentence: string, isWarning: boolean) => void;
}

export class SettingsKeeper {
  readonly #parts: SettingsKeeperParts;
  #running: Settings;

  constructor(parts: SettingsKeeperParts) {
    this.#parts = parts;
    this.#running = parts.started;
  }

  /** Reads the settings and applies what can be; on a fault nothing changes. */
  reload(): Outcome {
    const { read, apply, say } = this.#parts;
    let wanted: Settings;
    try {
      wanted = read();
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      say(`The settings stay as they were: ${error.message}`, true);
      return refuseOperation('faulty-settings', `Nothing was changed: ${error.message}`);
    }
    const { changed, needRestart } = compareSettings(this.#running, wanted);
    const { name, vendorKeys, refuseHosts } = wanted;
    if (changed.length > 0) apply({ name, vendorKeys, refuseHosts });
    this.#running = { ...this.#running, name, vendorKeys, refuseHosts };
    say(reloadToSentence(changed, needRestart), false);
    return { kind: 'config-reload', changed, needRestart };
  }
}

/** Which settings differ: those that a running agent can change, and those that it cannot. */
export const compareSettings = (
  running: Settings,
  wanted: Settings,
): { readonly changed: readonly SettingName[]; readonly needRestart: readonly SettingName[] } => {
  const differ = SETTING_NAMES.filter((name) => !IS_SAME[name](running, wanted));
  return {
    changed: differ.filter((name) => !SETTINGS[name].needsRestart),
    needRestart: differ.filter((name) => SETTINGS[name].needsRestart),
  };
};

/** What came of a reload, in one sentence or two. */
export const reloadToSentence = (
  changed: readonly string[],
  needRestart: readonly string[],
): string => {
  const now = changed.length === 0 ? 'No setting was changed' : `Changed: ${changed.join(', ')}`;
  if (needRestart.length === 0) return `${now}.`;
  return `${now}. A restart is needed for: ${needRestart.join(', ')}.`;
};

type IsSame = (one: Settings, other: Settings) => boolean;

const IS_SAME: Readonly<Record<SettingName, IsSame>> = {
  data: (one, other) => one.data === other.data,
  port: (one, other) => one.port === other.port,
  interfaces: (one, other) => isSameList(one.interfaces, other.interfaces, Object.is),
  name: (one, other) => one.name === other.name,
  'alarm-webhook': ({ alarms: one }, { alarms: other }) =>
    one.webhook?.href === other.webhook?.href,
  'alarm-smtp': ({ alarms: one }, { alarms: other }) =>
    JSON.stringify(one.mailServer) === JSON.stringify(other.mailServer),
  'alarm-mail': ({ alarms: one }, { alarms: other }) =>
    isSameList(one.mailTo, other.mailTo, Object.is),
  'alarm-license-days': ({ alarms: one }, { alarms: other }) =>
    one.licenseDays === other.licenseDays,
  'alarm-full-minutes': ({ alarms: one }, { alarms: other }) =>
    one.fullMinutes === other.fullMinutes,
  'alarm-master-hours': ({ alarms: one }, { alarms: other }) =>
    one.masterHours === other.masterHours,
  'alarm-member-minutes': ({ alarms: one }, { alarms: other }) =>
    one.memberMinutes === other.memberMinutes,
  'vendor-keys': (one, other) => isSameList(one.vendorKeys, other.vendorKeys, equalBytes),
  'refuse-hosts': (one, other) => isSameList(one.refuseHosts, other.refuseHosts, Object.is),
  console: (one, other) =>
    one.console?.address === other.console?.address && one.console?.port === other.console?.port,
  site: ({ site: one }, { site: other }) =>
    isSameList(one.endpoints, other.endpoints, (left, right) => left.href === right.href),
  'site-name': (one, other) => one.site.name === other.site.name,
  'site-ca': (one, other) => one.site.authority === other.site.authority,
  'site-certificate': (one, other) => one.site.certificate === other.site.certificate,
  'site-login': ({ site: one }, { site: other }) =>
    one.login?.user === other.login?.user && one.login?.password === other.login?.password,
  'console-certificate': (one, other) => one.consoleCertificate === other.consoleCertificate,
};

const isSameList = <T>(
  one: readonly T[] | null,
  other: readonly T[] | null,
  isSame: (left: T, right: T) => boolean,
): boolean => {
  if (one === null || other === null) return one === other;
  return (
    one.length === other.length &&
    one.every((left, i) => {
      const right = other[i];
      return right !== undefined && isSame(left, right);
    })
  );
};
