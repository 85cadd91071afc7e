/** The service on Windows: makes plans, has them carried out, and asks the service manager. */

import { existsSync } from 'node:fs';
import { win32 } from 'node:path';
import { askRegistry, parseRegistry, valuesOf } from '../../protocol/node/windows-registry.ts';
import { DataFolder } from '../edges/data-folder.ts';
import { lineToEntry } from '../edges/log-line.ts';
import { LogReader } from '../edges/log-reader.ts';
import { NativeAddonError, placeNativeAddons } from '../edges/native-addons.ts';
import { ServiceControl } from '../edges/windows/service-control.ts';
import { userStateFolder } from '../settings.ts';
import { UsherError } from '../usher-error.ts';
import type { ServiceManager, ServiceStatus } from './service-manager.ts';
import {
  describeStep,
  planInstall,
  planUninstall,
  programFolder,
  SERVICE_NAME,
  type WindowsPlaces,
} from './windows-plan.ts';
import { takeSteps } from './windows-steps.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export const createWindowsManager = (environment: Environment): ServiceManager => {
  const places = (data: string | undefined): WindowsPlaces => findPlaces(environment, data);
  const rule = (): ServiceControl => openControl([addonFolder(places(undefined))]);
  return {
    install: async ({ isDryRun, data, ...wishes }) => {
      const here = places(data ?? (await installedData()));
      const steps = planInstall(here, wishes);
      if (isDryRun) return steps.map(describeStep);
      const control = openControl([addonFolder(here)]);
      control.checkRights();
      return takeSteps(steps, control);
    },
    uninstall: async ({ isDryRun, data, ...wishes }) => {
      const steps = planUninstall(places(data ?? (await installedData())), wishes);
      if (isDryRun) return steps.map(describeStep);
      const control = rule();
      control.checkRights();
      return takeSteps(steps, control);
    },
    start: async () => rule().start(),
    stop: async () => rule().stop(),
    restart: async () => {
      const control = rule();
      await control.stop();
      await control.start();
    },
    status: async () => {
      // Who only looks makes no folder where programs are.
      const common = addonFolder(places(undefined));
      const own = win32.join(userStateFolder(environment), 'addons');
      return toStatus(openControl(existsSync(common) ? [common, own] : [own]));
    },
    logs: async (lines) => {
      const newest = await openLog(places(await installedData())).newest(lines);
      return newest.map(withoutFields);
    },
    followLogs: async (lines, tell, stop) => {
      const log = openLog(places(await installedData()));
      for (const line of await log.newest(lines)) tell(withoutFields(line));
      for await (const line of log.added(stop)) tell(withoutFields(line));
    },
  };
};

const openLog = ({ data }: WindowsPlaces): LogReader => new LogReader(new DataFolder(data).log);

/** As a line reads elsewhere: when, and what. */
const withoutFields = (line: string): string => {
  const { time, sentence } = lineToEntry(line);
  return `${time} ${sentence}`.trim();
};

/** The addons of commands: where only administrators write, everybody reads. */
const addonFolder = (places: WindowsPlaces): string => win32.join(programFolder(places), 'addons');

const findPlaces = (environment: Environment, data: string | undefined): WindowsPlaces => {
  const usual = win32.join(environment['ProgramData'] ?? 'C:\\ProgramData', 'Usher');
  const folder = data === undefined ? usual : win32.resolve(data);
  return {
    program: process.execPath,
    programFiles: environment['ProgramFiles'] ?? 'C:\\Program Files',
    systemRoot: environment['SystemRoot'] ?? 'C:\\Windows',
    data: folder,
  };
};

/** The data folder of the service that is installed, as its command line names it. */
const installedData = async (): Promise<string | undefined> => {
  const key = `SYSTEM\\CurrentControlSet\\Services\\${SERVICE_NAME}`;
  const said = await askRegistry([`HKLM\\${key}`, '/v', 'ImagePath']);
  const command = said && valuesOf(parseRegistry(said), key)['ImagePath'];
  const [, quoted, bare] = /--data (?:"([^"]+)"|(\S+))/.exec(command ?? '') ?? [];
  return quoted ?? bare;
};

/** Opens the service manager with the addon in the first of these folders that serves. */
const openControl = (folders: readonly string[]): ServiceControl => {
  let fault: unknown;
  for (const folder of folders) {
    try {
      placeNativeAddons(folder);
      return new ServiceControl(SERVICE_NAME);
    } catch (error) {
      if (!(error instanceof NativeAddonError)) throw error;
      fault = error;
    }
  }
  const { code } = ((fault as NativeAddonError).cause ?? {}) as NodeJS.ErrnoException;
  if (code !== 'EPERM' && code !== 'EACCES') {
    throw new UsherError('REFUSED', (fault as NativeAddonError).message, fault);
  }
  throw new UsherError(
    'NOT_PERMITTED',
    'Only an administrator may do this: open the command prompt by "Run as administrator" and say it again.',
    fault,
  );
};

/** The manager's word for a service that was never started since the computer was. */
const NEVER_STARTED = 1077;

const toStatus = (control: ServiceControl): ServiceStatus => {
  const report = control.report();
  if (report === undefined) {
    const detail = 'Install it with `usher service install`, as administrator.';
    return { state: 'not-installed', pid: null, startsAtBoot: false, detail };
  }
  const { state, pid, startsAtBoot, exitCode, ownCode } = report;
  const hasFailed = state === 'stopped' && exitCode !== 0 && exitCode !== NEVER_STARTED;
  if (!hasFailed) return { state, pid, startsAtBoot, detail: null };
  const detail = `It ended with ${ownCode || exitCode}; \`usher service logs\` says why.`;
  return { state: 'failed', pid, startsAtBoot, detail };
};
