/**
 * Why an agent says no. The number goes on the wire and is append-only; the word is what logs,
 * `--json` and counters use; the sentence is for the person in front of the application, and
 * `administrator` says who can change it and how.
 */

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
    administrator: 'Ask the vendor for its activation.',
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
    administrator: 'Check the network between this computer and the agent.',
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
    administrator: 'Update the agent or the application, whichever is older.',
  },
  'no-match': {
    number: 18,
    sentence: 'No such license or seat.',
    administrator: 'List them with `usher license list` and `usher seat list`.',
  },
} as const satisfies Record<string, { number: number; sentence: string; administrator: string }>;

export type RefusalCode = keyof typeof REFUSALS;

const codeByNumber = new Map<number, RefusalCode>(
  (Object.keys(REFUSALS) as RefusalCode[]).map((code) => [REFUSALS[code].number, code]),
);

/** The refusal of a number on the wire; one from a newer agent is understood as `bad-request`. */
export const refusalByNumber = (number: number): RefusalCode =>
  codeByNumber.get(number) ?? 'bad-request';
