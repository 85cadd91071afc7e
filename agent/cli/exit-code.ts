/** The exit codes: documented and stable. */

import type { ErrorCode } from '../usher-error.ts';

export const EXIT = {
  done: 0,
  refused: 1,
  'wrong usage': 2,
  'no agent': 3,
  'not permitted': 4,
  'broken data': 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const exitCodeOf = (code: ErrorCode): ExitCode => {
  switch (code) {
    case 'WRONG_USAGE':
    case 'COMMAND_UNUSABLE':
      return EXIT['wrong usage'];
    case 'NO_AGENT':
      return EXIT['no agent'];
    case 'NOT_PERMITTED':
      return EXIT['not permitted'];
    case 'STORE_DAMAGED':
    case 'KEY_UNUSABLE':
    case 'BROKEN_DATA':
      return EXIT['broken data'];
    case 'PORT_TAKEN':
    case 'ADDRESS_UNUSABLE':
    case 'STORE_LOCKED':
    case 'STORE_UNWRITABLE':
    case 'FOLDER_UNUSABLE':
    case 'FILE_UNREADABLE':
    case 'FILE_EXISTS':
    case 'REFUSED':
      return EXIT.refused;
  }
};
