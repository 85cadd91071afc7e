/**
 * Why an agent says no. The number goes on the wire and is append-only; the word is what logs,
 * `--json` and counters use; the sentence is for the person in front of the application, and
 * `administrator` says who can change it and how.
 */

import { ACTIVATION_REFUSALS } from './activation-refusals.ts';
import type { RefusalText } from './refusal-text.ts';
import { SITE_REFUSALS } from './site-refusals.ts';

export const REFUSALS = {
  'no-license': {
    number: 1,
    sentence: 'This agent has no license for the product.',
    administrator: 'Add one with `usher license add FILE`.',
  },
  'no-seat': {
    number: 2,
    sentence: 'All seats are in use. Try again when a colleague has closed the application.',
    administrator: 'See who holds them with `usher seat list`.',
  },
  'no-class': {
    number: 3,
    sentence: 'The license has no seats of the class that was asked for.',
    administrator: 'See the classes with `usher license list`; ask the vendor for one that has it.',
  },
  'no-feature': {
    number: 4,
    sentence: 'The license does not cover a feature that was asked for.',
    administrator:
      'See the features with `usher license show ID`; ask the vendor for one that has it.',
  },
  'not-activated': {
    number: 5,
    sentence: 'The license is installed but not activated yet.',
    administrator:
      'Activate it with `usher license activate ID --online`, or `--request FILE` without a network.',
  },
  'license-pending': {
    number: 6,
    sentence: 'The license is not valid yet.',
    administrator: 'See its first day with `usher license list`; check the date of this computer.',
  },
  'license-expired': {
    number: 7,
    sentence: 'The license has expired.',
    administrator: 'Ask the vendor for a renewal and add it with `usher license add FILE`.',
  },
  'virtual-host': {
    number: 8,
    sentence: 'The license does not allow the agent to run on a virtual machine.',
    administrator: 'Move the agent to real hardware; `usher hardware` shows the evidence.',
  },
  'container-host': {
    number: 9,
    sentence: 'The license does not allow the agent to run in a container.',
    administrator: 'Run the agent outside the container; `usher hardware` shows the evidence.',
  },
  'unknown-host': {
    number: 10,
    sentence: 'The agent cannot tell whether it runs on real hardware, as the license demands.',
    administrator:
      'Give the agent read access to /sys and /proc; `usher hardware` shows what it saw.',
  },
  'not-held': {
    number: 11,
    sentence: 'This seat is no longer held: its time ran out before it was renewed.',
    administrator: 'Check the network between here and the agent with `usher doctor`.',
  },
  disconnected: {
    number: 12,
    sentence: 'The administrator has taken this seat back.',
    administrator: 'It was done with `usher seat disconnect`.',
  },
  'license-removed': {
    number: 13,
    sentence: 'The license of this seat has been removed.',
    administrator: 'Add it again with `usher license add FILE`.',
  },
  'store-failing': {
    number: 14,
    sentence: 'The agent cannot write to its disk, so it cannot promise a seat.',
    administrator: 'Free space in the data folder and see `usher status`.',
  },
  busy: {
    number: 15,
    sentence: 'The agent serves as many clients as it can. Try again in a moment.',
    administrator: 'See the limits with `usher status`.',
  },
  'no-document': {
    number: 16,
    sentence: 'The agent no longer has the license that was asked for.',
    administrator: 'See its licenses with `usher license list`.',
  },
  'bad-request': {
    number: 17,
    sentence: 'The agent did not understand the request.',
    administrator: 'Update the agent or the application; `usher --version` tells which is older.',
  },
  'no-match': {
    number: 18,
    sentence: 'No such license or seat.',
    administrator: 'List them with `usher license list` and `usher seat list`.',
  },
  'license-superseded': {
    number: 19,
    sentence: 'A newer license has taken the place of this one.',
    administrator: 'See which with `usher license show ID`.',
  },
  'standalone-only': {
    number: 20,
    sentence: 'The license is for one computer and is not lent by an agent.',
    administrator: 'Install it on that computer with `usher client set --license FILE`.',
  },
  'not-assigned': {
    number: 21,
    sentence: 'No seat of this license is assigned to you.',
    administrator: 'Assign one with `usher user assign USER`; `usher user list` shows who has one.',
  },
  excluded: {
    number: 22,
    sentence: 'The administrator does not allow this product for you or this computer.',
    administrator: 'See which rule with `usher doctor` or `usher rules check`.',
  },
  'limit-reached': {
    number: 23,
    sentence: 'You, your group or this computer hold as many seats as the administrator allows.',
    administrator: 'See which rule with `usher doctor` or `usher rules check`.',
  },
  reserved: {
    number: 24,
    sentence: 'The seats that are left are kept for others. Try again later.',
    administrator: 'See the reservations with `usher rules show`.',
  },
  'no-version': {
    number: 25,
    sentence: 'The license does not cover this version of the application.',
    administrator:
      'See the versions with `usher license show ID`; ask the vendor for one that covers it.',
  },
  'no-maintenance': {
    number: 26,
    sentence:
      'This version of the application was released after the maintenance of the license ended.',
    administrator: 'Use an earlier version, or ask the vendor; see `usher license show ID`.',
  },
  'version-needed': {
    number: 27,
    sentence:
      'The license covers certain versions only, and the application does not say which it is.',
    administrator: 'Ask the vendor for an application that tells it; see `usher license show ID`.',
  },
  'no-resource': {
    number: 28,
    sentence: 'There is no license for this database or project.',
    administrator:
      'Add one with `usher resource add` and `usher resource activate`; see `usher resource list`.',
  },
  'resource-needed': {
    number: 29,
    sentence:
      'Every license of the product is tied to a database or project, and the application names none.',
    administrator: 'See which with `usher resource list`.',
  },
  'too-heavy': {
    number: 30,
    sentence: 'More seats were asked for at once than the license has.',
    administrator: 'See the seats with `usher license list`.',
  },
  'seats-reduced': {
    number: 31,
    sentence: 'The license has fewer seats now, and this one is not renewed: save your work.',
    administrator: 'See the stages with `usher license show ID`.',
  },
  idle: {
    number: 32,
    sentence:
      'The application was not used for long: the seat goes to others unless it is used now.',
    administrator: 'See the idle rules with `usher rules show`.',
  },
  recalled: {
    number: 33,
    sentence: 'The administrator has taken back the seat that was assigned to you.',
    administrator: 'Assign it again with `usher user assign USER`.',
  },
  'trial-ended': {
    number: 34,
    sentence: 'The trial has ended.',
    administrator: 'Ask the vendor for a license and add it with `usher license add FILE`.',
  },
  'borrow-forbidden': {
    number: 35,
    sentence: 'Seats of this product may not be borrowed, or not by you.',
    administrator:
      'See the license with `usher license show ID` and the rules with `usher rules show`.',
  },
  'borrow-too-long': {
    number: 36,
    sentence: 'The seat may not be borrowed for so long.',
    administrator:
      'See the license with `usher license show ID` and the rules with `usher rules show`.',
  },
  'borrow-limit': {
    number: 37,
    sentence: 'As many seats as may be borrowed are borrowed already.',
    administrator: 'See who has them with `usher seat list`.',
  },
  'queue-full': {
    number: 38,
    sentence: 'So many wait for a seat that there is no place in the queue. Try again later.',
    administrator: 'See who holds the seats with `usher seat list`.',
  },
  'no-meter': {
    number: 39,
    sentence: 'No license has an allowance of this name for the product.',
    administrator: 'See the allowances with `usher license show ID`.',
  },
  'meter-empty': {
    number: 40,
    sentence: 'The allowance is used up.',
    administrator: 'See what is left with `usher license show ID`; ask the vendor for more.',
  },
  'draw-conflict': {
    number: 41,
    sentence: 'This draw was asked for before with another amount.',
    administrator: 'Ask the vendor: the application uses an id of a draw twice; see `usher log`.',
  },
  'roster-full': {
    number: 42,
    sentence: 'More users than the license has seats cannot be assigned.',
    administrator:
      'Recall somebody with `usher user recall USER`, or ask the vendor for more seats.',
  },
  borrowed: {
    number: 43,
    sentence: 'The seat is borrowed and out of reach: it comes back when its time ends.',
    administrator: 'It is not extended any more; `usher seat list` shows when it comes back.',
  },
  'faulty-rules': {
    number: 44,
    sentence: "The agent's rules have an error, and it lends no seat until that is mended.",
    administrator:
      'See the error with `usher status`, correct the line, then `usher rules reload`.',
  },
  'clock-refused': {
    number: 45,
    sentence: 'The clock cannot be set back further.',
    administrator: 'Add a new license with `usher license add FILE`: its date proves the time.',
  },
  'holding-off': {
    number: 46,
    sentence:
      'The agent was restored or repaired and may have forgotten seats: it lends none until those have ended.',
    administrator: 'See how long with `usher status`.',
  },
  'store-damaged': {
    number: 47,
    sentence: "The agent's records are damaged, and it lends no seat until they are repaired.",
    administrator:
      'Stop the agent and run `usher store repair`; `usher status` says what is wrong.',
  },
  ...ACTIVATION_REFUSALS,
  ...SITE_REFUSALS,
} as const satisfies Record<string, RefusalText>;

export type RefusalCode = keyof typeof REFUSALS;

const codeByNumber = new Map<number, RefusalCode>(
  (Object.keys(REFUSALS) as RefusalCode[]).map((code) => [REFUSALS[code].number, code]),
);

/** The refusal of a number on the wire; one from a newer agent is understood as `bad-request`. */
export const refusalByNumber = (number: number): RefusalCode =>
  codeByNumber.get(number) ?? 'bad-request';
