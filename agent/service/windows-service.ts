/** The agent as a Windows service: from the service manager's start to its stop. */

import { win32 } from 'node:path';
import { exitCodeOf } from '../cli/exit-code.ts';
import type { HostVerdict } from '../core/host/host-verdict.ts';
import { DataFolder } from '../edges/data-folder.ts';
import { placeNativeAddons } from '../edges/native-addons.ts';
import { RotatingLog } from '../edges/rotating-log.ts';
import { spareMemory } from '../edges/spare-memory.ts';
import { EventLog } from '../edges/windows/event-log.ts';
import { hostService } from '../edges/windows/service-host.ts';
import type { Settings } from '../settings.ts';
import type { SettingsView } from '../settings-table.ts';
import { type RunningAgent, startAgent } from '../start-agent.ts';
import { UsherError } from '../usher-error.ts';
import { SERVICE_NAME } from './windows-plan.ts';

export interface WindowsService {
  /** Known before the settings are read: what is wrong with those must be said somewhere. */
  readonly data: string;
  readonly settings: () => Settings;
  readonly viewSettings: () => SettingsView;
  readonly judgeHost: () => Promise<HostVerdict>;
}

const BUG = 70;

/** Serves until the service manager says stop; resolves with the exit code. */
export const runWindowsService = async (service: WindowsService): Promise<number> => {
  const { data, judgeHost } = service;
  const log = new RotatingLog(new DataFolder(data).log);
  const say = (sentence: string): void => log.write(`${new Date().toISOString()} ${sentence}`);
  let events: EventLog | undefined;
  const fail = (error: unknown): number => {
    const known = error instanceof UsherError;
    const sentence = known ? error.message : `Bug: ${(error as Error).stack ?? error}`;
    say(sentence);
    events?.write('error', sentence);
    return known ? exitCodeOf(error.code) : BUG;
  };
  let agent: RunningAgent | undefined;
  const start = async (): Promise<void> => {
    const settings = service.settings();
    agent = await startAgent({
      settings,
      judgeHost,
      readSettings: service.settings,
      viewSettings: service.viewSettings,
      log,
      // The agent writes its own log itself.
      writeLine: () => {},
      logStyle: (sentence, isWarning) => {
        if (isWarning) events?.write('warning', sentence);
        return sentence;
      },
    });
    say(`Serving on UDP port ${agent.port}; data in ${data}.`);
    void spareMemory();
  };
  try {
    placeNativeAddons(win32.join(data, 'addons'));
    events = new EventLog(SERVICE_NAME, () => performance.now());
    return await hostService(SERVICE_NAME, {
      start,
      stop: async (reason) => {
        say(`Stopping (${reason}); seats that are held stay held.`);
        await agent?.close();
        say('Stopped.');
      },
      failed: fail,
    });
  } catch (error) {
    fail(error);
    throw error;
  }
};
