/** What to type after an error: no error leaves anybody without the next command. */

import { REFUSALS } from '../../protocol/refusal.ts';
import type { OperationRefusal } from '../core/operations.ts';
import type { ErrorCode } from '../usher-error.ts';

/** The sentence, with the next command where it names none itself. */
export const withNextStep = (sentence: string, code: ErrorCode, command: string): string =>
  namesCommand(sentence) ? sentence : `${asSentence(sentence)} ${nextStep(code, command)}`;

/** The same for what the agent refuses. */
export const withRemedy = (detail: string, code: OperationRefusal): string => {
  const remedy =
    code in REFUSALS ? REFUSALS[code as keyof typeof REFUSALS].administrator : REMEDIES[code];
  return namesCommand(detail) || remedy === undefined ? detail : `${asSentence(detail)} ${remedy}`;
};

/** Commands stand in backticks in every sentence. */
const namesCommand = (sentence: string): boolean => /`[^`]+`/.test(sentence);

const asSentence = (sentence: string): string =>
  /[.:!?]$/.test(sentence) ? sentence : `${sentence}.`;

const nextStep = (code: ErrorCode, command: string): string => {
  switch (code) {
    case 'PORT_TAKEN':
      return 'See more with `usher doctor`.';
    case 'ADDRESS_UNUSABLE':
      return 'See what is set with `usher config show`.';
    case 'STORE_LOCKED':
      return 'See who has it with `usher status`.';
    case 'STORE_DAMAGED':
      return 'See what is left of it with `usher store check`.';
    case 'STORE_UNWRITABLE':
      return 'Make room, and see `usher status`.';
    case 'NO_AGENT':
      return 'Find out why with `usher doctor`.';
    case 'NOT_PERMITTED':
      return `Do it as administrator: \`sudo usher ${command}\`, on Windows in an administrator's terminal.`;
    case 'WRONG_USAGE':
    case 'FOLDER_UNUSABLE':
    case 'FILE_UNREADABLE':
    case 'FILE_EXISTS':
    case 'COMMAND_UNUSABLE':
    case 'KEY_UNUSABLE':
    case 'BROKEN_DATA':
    case 'REFUSED':
      return `See \`usher ${command} --help\`.`;
  }
};

/** What the agent refuses and no client is ever told of. */
const REMEDIES: Readonly<Partial<Record<OperationRefusal, string>>> = {
  'no-register': 'See `usher site status`.',
  exists: 'See what there is with `usher resource list` or `usher child list`.',
  'too-many': 'See what there is with `usher resource list` or `usher child list`.',
  'other-resource': 'See which with `usher resource list`.',
  'rules-changed': 'Take it up first with `usher rules reload`.',
  'rules-unwritten': 'See where it is with `usher rules show`.',
  'faulty-settings': 'See each fault with `usher config check`.',
  'children-forbidden': 'See what it allows with `usher license show ID`.',
  'child-terms': 'See what can be said with `usher child create --help`.',
  'too-few-seats': 'See who has them with `usher seat list` and `usher child list`.',
  'parent-inactive': 'See why with `usher license list`.',
  'child-removed': 'Create another one with `usher child create`.',
  'bad-call':
    'Make one with `usher license activate --request FILE` (on the computer of the client).',
  'needs-no-activation': 'See whether it lends with `usher license list`.',
  'already-active': 'See the state of each with `usher license list`.',
  'no-master': 'Carry a file with `usher license activate --request FILE`.',
  'too-many-licenses': 'Name some of them: `usher license activate ID … --request FILE`.',
  'no-response': 'Then again: `usher license activate --response FILE`.',
  'forged-response': 'Ask anew with `usher license activate --request FILE`.',
  'other-vendor': 'Ask its own vendor with `usher license activate --request FILE`.',
  'other-agent': 'Ask from here with `usher license activate --request FILE`.',
  'older-request': 'Ask anew with `usher license activate --request FILE`.',
  'shelf-full': 'Remove old ones with `usher license remove ID`.',
};
