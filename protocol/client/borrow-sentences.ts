/** What becomes of borrowed seats, in words that a person in front of an application can act on. */

import { HOST_KINDS } from '../host-component.ts';
import { REFUSALS } from '../refusal.ts';
import { unreachable } from '../result.ts';
import type { EpochSeconds } from '../units.ts';
import type { BorrowFault } from './borrowed-seat.ts';
import type { Explanation } from './sentences.ts';

/** Why a borrowed seat is not believed. `date`: a date in the user's own spelling. */
export const explainBorrowFault = (
  fault: BorrowFault,
  product: string,
  date: (seconds: EpochSeconds) => string,
): Explanation => {
  const again = `Return it with \`usher return --product ${product}\`, and borrow one again.`;
  const seat = `The borrowed seat of ${product}`;
  switch (fault.kind) {
    case 'forged':
      return { code: 'borrowed-forged', sentence: `${seat} is forged.`, administrator: again };
    case 'untrusted':
      return {
        code: `borrowed-untrusted-${fault.reason}`,
        sentence: `${seat} is not believed: the license behind it is not one that the application trusts.`,
        administrator: again,
      };
    case 'other-host': {
      const names = fault.different.map((kind) => HOST_KINDS[kind].title).join(', ');
      return {
        code: 'borrowed-other-host',
        sentence: `${seat} was borrowed on another computer${names && ` (what differs: ${names})`}.`,
        administrator: 'Use it there, or borrow one on this computer.',
      };
    }
    case 'clock-back':
      return {
        code: 'borrowed-clock-back',
        sentence: `${seat} was used on ${date(fault.seenAt)} already, and the clock of this computer stands before that.`,
        administrator: `Set the clock right. If it was wrong then: ${again}`,
      };
    case 'clock-apart':
      return {
        code: 'borrowed-clock-apart',
        sentence: `The clocks of this computer and of the license agent are more than a day apart.`,
        administrator: 'Set both clocks right, and borrow again.',
      };
    case 'ended':
      return {
        code: 'borrowed-ended',
        sentence: `${seat} has ended on ${date(fault.until)}.`,
        administrator: 'Borrow one again where the license agent can be reached.',
      };
    case 'not-covered': {
      const { sentence, administrator } = REFUSALS[fault.code];
      return { code: fault.code, sentence: `${seat}: ${sentence}`, administrator };
    }
    default:
      return unreachable(fault);
  }
};

/** Why something cannot be done with a borrowed seat, whatever the seat. */
export const BORROW_TROUBLES = {
  'not-borrowed': {
    sentence: 'No such seat is borrowed by this user on this computer.',
    administrator: 'See those that are with `usher borrow --list`.',
  },
  'borrowed-in-use': {
    sentence: 'The borrowed seat is in use by an application on this computer.',
    administrator: 'End the application first.',
  },
  'borrowed-busy': {
    sentence: 'Another program is extending or returning the borrowed seat at this moment.',
    administrator: 'Try again in a moment.',
  },
  'borrowed-worn-out': {
    sentence:
      'The borrowed seat was extended so often that it cannot be extended or returned again.',
    administrator: 'Borrow one again when it has ended.',
  },
  'host-unknown': {
    sentence: 'Nothing tells this computer from others, so that no seat can be borrowed on it.',
    administrator: 'See what is known of it with `usher hardware --host-code`.',
  },
  'no-home': {
    sentence: 'This user has no home folder in which a borrowed seat could be kept.',
    administrator: 'Name one in the environment variable HOME.',
  },
} as const satisfies Record<string, Omit<Explanation, 'code'>>;

export type BorrowTrouble = keyof typeof BORROW_TROUBLES;

export const explainTrouble = (code: BorrowTrouble): Explanation => ({
  code,
  ...BORROW_TROUBLES[code],
});

/** The system's error when a seat was to be kept. */
export const explainUnkept = (path: string, reason: string): Explanation => ({
  code: 'borrowed-unkept',
  sentence: `A borrowed seat cannot be kept in ${path}: ${reason}.`,
  administrator: 'Make room, or give this user the right to write there.',
});
