/** What a command of the command line is: one table drives parser, help and documentation. */

import { unreachable } from '../../protocol/result.ts';
import type { HostVerdict } from '../core/host/host-verdict.ts';
import type { SettingSources, Settings } from '../settings.ts';
import type { SettingName } from '../settings-table.ts';

export interface Flag {
  /** `switch` takes no value, `list` may be given several times. */
  readonly kind: 'text' | 'switch' | 'list';
  /** The value's name in the help. */
  readonly value?: string;
  readonly summary: string;
}

export interface Positional {
  readonly name: string;
  readonly summary: string;
  /** `optional`: once or not at all; for the last one also `some`, one or more, and `any` number. */
  readonly times?: 'optional' | 'some' | 'any';
}

/** What a command was given, checked against its table. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** What stood behind `--`. */
  readonly rest: readonly string[];
  readonly text: (flag: string) => string | undefined;
  readonly list: (flag: string) => readonly string[];
  readonly has: (flag: string) => boolean;
}

/** The world as commands see it, so that tests can be another one. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isColored: boolean;
  /** Characters of a line; without end where nobody sees it. */
  readonly columns: number;
  /** Lines that can be seen at once; without end where nobody sees them. */
  readonly rows: number;
  /** Everything on standard input, up to a bound. */
  readonly readInput: () => Promise<Uint8Array>;
  readonly judgeHost: () => Promise<HostVerdict>;
}

export interface Invocation {
  readonly args: Arguments;
  readonly terminal: Terminal;
  /** Read and checked, each time anew. */
  readonly settings: () => Settings;
  /** Where they are read from. */
  readonly sources: SettingSources;
}

export interface Command {
  /** One or two words: `status`, `license add`. */
  readonly name: string;
  readonly summary: string;
  readonly positionals: readonly Positional[];
  /** What stands behind `--`, where a command takes that. */
  readonly rest?: string;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly settings: readonly SettingName[];
  /** An exit code of ours or, of a command that was run, its own. */
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** A flag with a value, named so in the help. */
export const textFlag = (value: string, summary: string) =>
  ({ kind: 'text', value, summary }) as const;

/** The same, to be given several times. */
export const listFlag = (value: string, summary: string) =>
  ({ kind: 'list', value, summary }) as const;

/** Where a document goes. */
export const OUT_FLAG = { out: textFlag('FILE', 'where it goes [default: standard output]') };

/** A positional as the help and refusals write it. */
export const positionalWord = ({ name, times }: Positional): string => {
  switch (times) {
    case undefined:
      return name;
    case 'optional':
      return `[${name}]`;
    case 'some':
      return `${name}…`;
    case 'any':
      return `[${name}…]`;
    default:
      return unreachable(times);
  }
};

export const JSON_FLAG = { json: { kind: 'switch', summary: 'print JSON for programs' } } as const;

export const DRY_RUN_FLAG = {
  'dry-run': { kind: 'switch', summary: 'only print every file and command' },
} as const;
