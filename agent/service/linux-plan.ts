/** What makes the agent a service under systemd, and what takes it away again: plans, nothing done. */

import { dirname } from 'node:path/posix';
import { MACHINE_DATA, MACHINE_SETTINGS } from '../settings-file.ts';
import { settingsTemplate } from '../settings-template.ts';
import { linuxUnit, SERVICE, UNIT } from './linux-unit.ts';
import { command, commandIfAny, commandOnChange, commandTold, type Step } from './plan.ts';

/** Where the program goes that was installed by itself; packages have /usr/bin. */
export const INSTALLED_PROGRAM = '/usr/local/bin/usher';
/** Where its unit goes; packages have /usr/lib/systemd/system. */
export const INSTALLED_UNIT = `/etc/systemd/system/${UNIT}`;

export interface LinuxInstall {
  /** The program that runs now. */
  readonly program: string;
  /** A package has brought program, user and unit: they are only to be switched on. */
  readonly isPackaged: boolean;
  readonly isLeftStopped: boolean;
  readonly openFirewall: boolean;
}

/** Done again, it changes nothing; with another program, it is an upgrade in place. */
export const planInstall = ({
  program,
  isPackaged,
  isLeftStopped,
  openFirewall,
}: LinuxInstall): readonly Step[] => [
  ...(isPackaged ? [] : installFiles(program)),
  command('systemctl', 'enable', '--quiet', UNIT),
  // Either waits until the agent has said that it serves; clients keep their seats meanwhile.
  ...(isLeftStopped
    ? []
    : [commandOnChange('systemctl', 'restart', UNIT), command('systemctl', 'start', UNIT)]),
  // By the command that administrators have for it, which judges the firewall there is.
  ...(openFirewall
    ? [
        commandTold(
          'The firewall is not open',
          ...[isPackaged ? program : INSTALLED_PROGRAM, 'firewall', 'open', '--data', MACHINE_DATA],
        ),
      ]
    : []),
];

const installFiles = (program: string): readonly Step[] => [
  command('systemd-sysusers', '--inline', `u ${SERVICE} - "Usher license agent" ${MACHINE_DATA}`),
  { kind: 'program', from: program, to: INSTALLED_PROGRAM },
  { kind: 'folder', path: dirname(MACHINE_SETTINGS), mode: 0o755 },
  {
    kind: 'file',
    path: MACHINE_SETTINGS,
    mode: 0o644,
    content: settingsTemplate(),
    isKept: true,
  },
  {
    kind: 'file',
    path: INSTALLED_UNIT,
    mode: 0o644,
    content: linuxUnit(INSTALLED_PROGRAM),
    isKept: false,
  },
  command('systemctl', 'daemon-reload'),
];

export interface LinuxUninstall {
  /** Remove licenses, leases, the agent's key, the settings and the user as well. */
  readonly purge: boolean;
  readonly keepProgram: boolean;
  /** The program that runs now. */
  readonly program: string;
}

export const planUninstall = ({ purge, keepProgram, program }: LinuxUninstall): readonly Step[] => [
  commandIfAny('systemctl', 'disable', '--quiet', '--now', UNIT),
  commandIfAny(program, 'firewall', 'close'),
  { kind: 'remove', path: INSTALLED_UNIT },
  command('systemctl', 'daemon-reload'),
  // A unit that has failed would be listed on.
  commandIfAny('systemctl', 'reset-failed', '--quiet', UNIT),
  ...(keepProgram ? [] : [{ kind: 'remove', path: INSTALLED_PROGRAM } as const]),
  ...(purge ? PURGE : []),
];

/** The user goes with the data only: nobody else may get the owner's number of files that stay. */
const PURGE: readonly Step[] = [
  { kind: 'remove', path: MACHINE_DATA },
  // Marks in it stay: an emergency that was spent is not to be had again by purging.
  { kind: 'remove-empty', path: `${MACHINE_DATA}-marks` },
  { kind: 'remove', path: MACHINE_SETTINGS },
  { kind: 'remove-empty', path: dirname(MACHINE_SETTINGS) },
  commandIfAny('userdel', SERVICE),
];
