/** What the log tells of the activation of licenses. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { ActivationResult } from '../activation/activation-operations.ts';

/** What ends soon. */
export type Ending = 'license' | 'activation' | 'emergency';

export type LicenseNote =
  | {
      readonly kind: 'license-changed';
      readonly license: LicenseId;
      readonly what: Exclude<ActivationResult['what'], 'unchanged' | 'added'>;
      /** The words of who gave it. */
      readonly sentence: string | null;
      /** A parent gave it. */
      readonly isChild: boolean;
    }
  | { readonly kind: 'license-emergency'; readonly license: LicenseId; readonly days: number }
  | { readonly kind: 'license-returning'; readonly license: LicenseId; readonly lent: number }
  | { readonly kind: 'license-returned' | 'license-restored'; readonly license: LicenseId }
  | {
      readonly kind: 'ending-soon';
      readonly license: LicenseId;
      readonly product: string;
      readonly what: Ending;
      /** Begun days until then; zero: it has ended. */
      readonly days: number;
    }
  | { readonly kind: 'master-silent'; readonly master: string; readonly sentence: string }
  | { readonly kind: 'master-answers'; readonly master: string }
  | {
      readonly kind: 'version-differs';
      readonly master: string;
      readonly theirs: string;
      readonly ours: string;
    };

const CHANGED: Readonly<Record<Extract<LicenseNote, { kind: 'license-changed' }>['what'], string>> =
  {
    activated: 'is activated',
    renewed: 'is activated anew',
    suspended: 'is suspended by its vendor',
    resumed: 'is suspended no more',
    revoked: 'is revoked by its vendor',
    freed: 'is taken from this agent by its vendor',
    refused: 'is not activated by its vendor',
  };

/** The same where not the vendor but a parent has given the license. */
const CHANGED_BY_PARENT = {
  suspended: 'is suspended by the parent that gave it',
  revoked: 'is removed by the parent that gave it',
  refused: 'is not given by its parent',
} as const satisfies Partial<typeof CHANGED>;

const ENDINGS: Readonly<Record<Ending, string>> = {
  license: 'License',
  activation: 'The activation of license',
  emergency: 'The emergency of license',
};

/** The note as one plain sentence. */
export const licenseNoteToSentence = (note: LicenseNote): string => {
  switch (note.kind) {
    case 'license-changed':
      return `License ${note.license} ${changeOf(note)}${note.sentence === null ? '.' : `: ${note.sentence}`}`;
    case 'license-emergency':
      return `License ${note.license} is activated for an emergency of ${daysText(note.days)}.`;
    case 'license-returning':
      return `License ${note.license} is to be given back: ${note.lent} held ${note.lent === 1 ? 'seat is' : 'seats are'} not renewed.`;
    case 'license-returned':
      return `License ${note.license} is given back: its receipt is made.`;
    case 'license-restored':
      return `License ${note.license} is restored.`;
    case 'ending-soon':
      return `${ENDINGS[note.what]} ${note.license} for ${note.product} ${note.days === 0 ? 'has ended' : `ends within ${daysText(note.days)}`}.`;
    case 'master-silent':
      return `The master ${note.master} gives no answer, and nothing changes by that: ${note.sentence}`;
    case 'master-answers':
      return `The master ${note.master} answers again.`;
    case 'version-differs':
      return `The master ${note.master} is of version ${note.theirs}, this agent of ${note.ours}: ${isOlder(note.ours, note.theirs) ? 'update this agent with `usher update`' : 'ask the vendor to update the master'}.`;
  }
};

const changeOf = ({ what, isChild }: Extract<LicenseNote, { kind: 'license-changed' }>): string => {
  const words: Partial<typeof CHANGED> = isChild ? CHANGED_BY_PARENT : {};
  return words[what] ?? CHANGED[what];
};

const daysText = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'}`;

const isOlder = (ours: string, theirs: string): boolean =>
  Number.parseInt(ours, 10) < Number.parseInt(theirs, 10);

/** Whether it tells of something that an administrator should look at. */
export const isLicenseWarning = (note: LicenseNote): boolean => {
  if (note.kind === 'license-changed') {
    return note.what !== 'activated' && note.what !== 'renewed' && note.what !== 'resumed';
  }
  return (
    note.kind === 'ending-soon' ||
    note.kind === 'master-silent' ||
    note.kind === 'version-differs' ||
    note.kind === 'license-emergency'
  );
};
