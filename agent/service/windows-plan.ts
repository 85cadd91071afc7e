/** What installing and removing the service on Windows comes to, as data. */

import { win32 } from 'node:path';
import type { RegistryValue } from '../edges/windows/registry-writer.ts';
import { type ServiceDefinition, toCommandLine } from '../edges/windows/service-definition.ts';

/** The service's name, and its source's in the event log. */
export const SERVICE_NAME = 'Usher';

/** Where things are on this Windows. */
export interface WindowsPlaces {
  /** The program that runs now. */
  readonly program: string;
  readonly programFiles: string;
  readonly systemRoot: string;
  readonly data: string;
}

export type Step =
  | {
      readonly kind: 'secure-folder';
      readonly path: string;
      /** A folder that only administrators can have made: its owner is believed. */
      readonly likeOwnerOf: string;
    }
  | { readonly kind: 'copy-program'; readonly from: string; readonly to: string }
  /** Written when it is not there yet. */
  | { readonly kind: 'write-settings'; readonly path: string }
  | { readonly kind: 'stop-service' | 'start-service' | 'delete-service' }
  | { readonly kind: 'define-service'; readonly definition: ServiceDefinition }
  | {
      readonly kind: 'set-registry';
      readonly key: string;
      readonly values: readonly RegistryValue[];
    }
  | { readonly kind: 'remove-registry'; readonly key: string }
  | {
      readonly kind: 'run';
      readonly program: string;
      readonly words: readonly string[];
      /** That it fails is no failure; this is said of it, and why. `null` to say nothing. */
      readonly complaint: string | null;
    }
  | { readonly kind: 'remove'; readonly path: string };

export interface InstallWishes {
  readonly openFirewall: boolean;
  readonly isLeftStopped: boolean;
}

export interface UninstallWishes {
  readonly purge: boolean;
  readonly keepProgram: boolean;
}

const EVENT_SOURCE = `SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\${SERVICE_NAME}`;
const ALL_SEVERITIES = 7;

/** The program's own folder, which only administrators may write to. */
export const programFolder = ({ programFiles }: WindowsPlaces): string =>
  win32.join(programFiles, 'Usher');

/** Where the service's program is, wherever the one is that installs it. */
export const installedProgram = (places: WindowsPlaces): string =>
  win32.join(programFolder(places), 'usher.exe');

/** From whatever is there to the service as it should be; twice does no more than once. */
export const planInstall = (places: WindowsPlaces, wishes: InstallWishes): readonly Step[] => {
  const program = installedProgram(places);
  const isOwn = sameFile(places.program, program);
  return [
    { kind: 'secure-folder', path: places.data, likeOwnerOf: programFolder(places) },
    { kind: 'write-settings', path: win32.join(places.data, 'usher.conf') },
    { kind: 'stop-service' },
    ...(isOwn ? [] : [{ kind: 'copy-program', from: places.program, to: program } as const]),
    { kind: 'define-service', definition: defineService(program, places.data) },
    { kind: 'set-registry', key: EVENT_SOURCE, values: eventSource(places) },
    ...(wishes.openFirewall ? [firewall('open', program, places.data)] : []),
    ...(wishes.isLeftStopped ? [] : [{ kind: 'start-service' } as const]),
  ];
};

/** From whatever is there to nothing, but for the data unless they are to go. */
export const planUninstall = (places: WindowsPlaces, wishes: UninstallWishes): readonly Step[] => [
  { kind: 'stop-service' },
  { kind: 'delete-service' },
  { kind: 'remove-registry', key: EVENT_SOURCE },
  firewall('close', places.program, places.data),
  ...(wishes.purge ? [{ kind: 'remove', path: places.data } as const] : []),
  ...(wishes.keepProgram ? [] : [{ kind: 'remove', path: programFolder(places) } as const]),
];

export const defineService = (program: string, data: string): ServiceDefinition => ({
  name: SERVICE_NAME,
  displayName: 'Usher license agent',
  description: 'Lends the seats of signed licenses to the computers of the local network.',
  commandLine: toCommandLine(program, ['serve', '--service', '--data', data]),
  account: 'NT AUTHORITY\\LocalService',
  // Passing through folders is all that it needs.
  privileges: ['SeChangeNotifyPrivilege'],
  restartAfterMs: [5_000, 30_000, 60_000],
  failuresForgottenAfterS: 86_400,
  preshutdownMs: 20_000,
});

// EventCreate.exe is on every Windows, and its messages 1 to 1000 are the bare text.
const eventSource = ({ systemRoot }: WindowsPlaces): readonly RegistryValue[] => [
  {
    name: 'EventMessageFile',
    type: 'path',
    value: win32.join(systemRoot, 'System32', 'EventCreate.exe'),
  },
  { name: 'TypesSupported', type: 'number', value: ALL_SEVERITIES },
];

/** By the command that administrators have for it, which judges the networks there are. */
const firewall = (verb: 'open' | 'close', program: string, data: string): Step => ({
  kind: 'run',
  program,
  words: ['firewall', verb, ...(verb === 'open' ? ['--data', data] : [])],
  complaint: verb === 'open' ? 'The firewall is not open' : null,
});

const sameFile = (one: string, other: string): boolean =>
  win32.normalize(one).toLowerCase() === win32.normalize(other).toLowerCase();

/** A step in words, for an administrator who wants to know before. */
export const describeStep = (step: Step): string => {
  switch (step.kind) {
    case 'secure-folder':
      return `Folder ${step.path}: all rights for SYSTEM and Administrators, change for NT SERVICE\\${SERVICE_NAME}, none for others.`;
    case 'copy-program':
      return `Copy ${step.from} to ${step.to}.`;
    case 'write-settings':
      return `Write a commented ${step.path}, unless there is one.`;
    case 'stop-service':
      return `Stop the service ${SERVICE_NAME}, if it runs.`;
    case 'start-service':
      return `Start the service ${SERVICE_NAME}.`;
    case 'delete-service':
      return `Remove the service ${SERVICE_NAME}, if it is there.`;
    case 'define-service':
      return describeService(step.definition);
    case 'set-registry':
      return `Registry HKLM\\${step.key}: ${step.values.map(({ name, value }) => `${name} = ${value}`).join(', ')}.`;
    case 'remove-registry':
      return `Remove the registry key HKLM\\${step.key}.`;
    case 'run':
      return `Run ${[step.program, ...step.words.map((word) => (word.includes(' ') ? `"${word}"` : word))].join(' ')}`;
    case 'remove':
      return `Remove ${step.path}.`;
  }
};

const describeService = (definition: ServiceDefinition): string => {
  const { name, account, commandLine, privileges, restartAfterMs, preshutdownMs } = definition;
  return [
    `Service ${name}: ${commandLine}`,
    `as ${account} with an identity of its own and no privilege but ${privileges.join(', ')}`,
    'started with the computer (delayed)',
    `restarted ${restartAfterMs.map((ms) => `${ms / 1000} s`).join(', ')} after a failure`,
    `waited for at shutdown up to ${preshutdownMs / 1000} s.`,
  ].join('; ');
};
