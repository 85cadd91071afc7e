/** Why what a site has in common is not changed, in one sentence each. */

import { type Outcome, refuseOperation } from '../operations.ts';
import { type Author, CHARTER_TEXT_MAX, type CharterKind } from './charter-record.ts';
import { SEALED_MAX } from './site-seal.ts';

const NOUNS = {
  rules: 'rules',
  licenses: 'licenses',
  'sign-in': 'passwords of the console',
  users: 'named users',
  resources: 'resources',
} as const;
const LOOK = {
  rules: ' (`usher rules show`)',
  licenses: ' (`usher license list`)',
  'sign-in': '',
  users: ' (`usher user list`)',
  resources: ' (`usher resource list`)',
} as const;

export const refuseUnheard = (what: CharterKind): Outcome =>
  refuseOperation(
    'no-register',
    `This agent is not heard by its site's register, which takes a majority of etcd: the ${NOUNS[what]} are as they were. See \`usher site status\`.`,
  );

/** It was started a moment ago, or joins anew to tell the others something, or is kept from joining. */
export const refuseJoining = (what: CharterKind): Outcome =>
  refuseOperation(
    'no-register',
    `This agent is not a member of its site yet: the ${NOUNS[what]} are as they were. Try again in a moment; should that be of no use \`usher site status\` says what it waits for.`,
  );

/** Written by a later version, or by nobody who knows the site's secret. */
export const refuseUnread = (what: CharterKind): Outcome =>
  refuseOperation(
    'no-register',
    `The site's ${NOUNS[what]} cannot be read by this version of Usher: they are as they were. Change them on a member that can, and update this one.`,
  );

export const refuseChanged = (what: CharterKind, by: Author | undefined): Outcome =>
  refuseOperation(
    'site-changed',
    `${by === undefined ? 'Another member' : authorToText(by)} changed the ${NOUNS[what]} meanwhile: nothing was changed by this. Look at them${LOOK[what]} and try again.`,
  );

/** It may have been done, or be done yet. */
export const refuseUnknown = (what: CharterKind): Outcome =>
  refuseOperation(
    'no-register',
    `The site's register has not answered: whether the ${NOUNS[what]} are changed shows when it does. Look at them then${LOOK[what]}, before you try again.`,
  );

export const refuseMute = (what: CharterKind, sentence: string): Outcome =>
  refuseOperation('no-register', `The ${NOUNS[what]} are as they were: ${sentence}`);

export const refuseLong = (what: CharterKind): Outcome =>
  refuseOperation(
    'site-too-much',
    `A site keeps ${what === 'sign-in' ? SEALED_MAX : CHARTER_TEXT_MAX} bytes of ${NOUNS[what]} at most: nothing was changed.`,
  );

/** `isShared`: the others have it by now. */
export const refuseStore = (
  what: CharterKind,
  trouble: string | null,
  isShared = false,
): Outcome => {
  const how = isShared
    ? `the other members have the ${NOUNS[what]} as you wanted them, and this one takes them up when it can write again`
    : `the ${NOUNS[what]} are as they were`;
  return refuseOperation('store-failing', `${trouble ?? 'The store cannot be written.'} (${how}.)`);
};

/** `anna on box-2`, or `box-2` alone. */
export const authorToText = ({ name, who }: Omit<Author, 'member'>): string =>
  who === '' ? name : `${who} on ${name}`;

/** The same of a table, with how much of it is another here. */
export const tableToSentence = (
  what: CharterKind,
  by: Omit<Author, 'member'>,
  { came, went }: { readonly came: number; readonly went: number },
): string => `${sharedToSentence(what, by).slice(0, -1)}: ${came} new or changed, ${went} gone.`;

/** What the log says of a text that was taken up from another member. */
export const sharedToSentence = (what: CharterKind, by: Omit<Author, 'member'>): string =>
  `The site's ${NOUNS[what]} were taken up here, as changed by ${authorToText(by)}.`;
