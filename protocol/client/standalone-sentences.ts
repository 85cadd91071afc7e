/** Why a standalone license does not serve, in words. */

import { describeDifference } from '../host-difference.ts';
import { REFUSALS } from '../refusal.ts';
import { unreachable } from '../result.ts';
import type { EpochSeconds } from '../units.ts';
import type { Explanation } from './sentences.ts';
import type { StandaloneFault } from './standalone.ts';

/** The license that is meant. */
export interface StandalonePlace {
  readonly product: string;
  /** Where it is, if anywhere is named. */
  readonly file: string | null;
  /** Where the clock's latest time is remembered. */
  readonly memory: string | null;
  /** A date in the reader's own spelling. */
  readonly date: (seconds: EpochSeconds) => string;
}

/** No file is named, or `why` the named one cannot be read. */
export const explainNoLicense = ({ product, file }: StandalonePlace, why: string): Explanation => ({
  code: 'no-license-file',
  sentence:
    file === null
      ? `${product} is set to run on a license of its own, but none is named.`
      : `The license of ${product} in ${file} cannot be read: ${why}.`,
  administrator: `Name its file with \`usher client set --product ${product} --license FILE\`, or use an agent: \`--mode network\`.`,
});

const NEW_LICENSE =
  'Send the vendor what `usher hardware --host-code` prints, and ask for a license for this computer.';

/** `fault`: `undefined` where the file holds no license at all. */
export const explainStandalone = (
  fault: StandaloneFault | undefined,
  place: StandalonePlace,
): Explanation => {
  const { product, date } = place;
  const file = place.file ?? 'its file';
  switch (fault?.kind) {
    case undefined:
      return explainNoLicense(place, 'it holds no license');
    case 'unreadable':
      return explainUnreadable(fault.fault, place);
    case 'other-vendor':
      return {
        code: 'untrusted-other-vendor',
        sentence: `The license of ${product} in ${file} is signed by another vendor than the application trusts.`,
        administrator: 'Ask the vendor of the application for a license.',
      };
    case 'other-product':
      return {
        code: 'other-product',
        sentence: `The license in ${file} is for ${fault.product}, not for ${product}.`,
        administrator: `Name the right file with \`usher client set --product ${product} --license FILE\`.`,
      };
    case 'other-type':
      return {
        code: 'other-type',
        sentence: `The license of ${product} in ${file} is ${fault.type}: it is for an agent, not for one computer.`,
        administrator: `Add it to an agent with \`usher license add\`, and use that: \`usher client set --product ${product} --mode network\`.`,
      };
    case 'other-host':
      return {
        code: 'wrong-host',
        sentence: `The license of ${product} is for another computer: ${describeDifference(fault.components)}.`,
        administrator: NEW_LICENSE,
      };
    case 'pending':
      return {
        code: 'license-pending',
        sentence: `The license of ${product} is not valid before ${date(fault.starts)}.`,
        administrator: 'Check the date of this computer.',
      };
    case 'expired':
      return explainExpiry(fault.ended, place);
    case 'clock-back':
      return {
        code: 'clock-turned-back',
        sentence: `The license of ${product} has expired: the clock of this computer was turned back from ${date(fault.seen)}.`,
        administrator: `Set the clock right; if it was wrong before, and is right now, remove ${place.memory ?? 'what is remembered of it'}.`,
      };
    case 'refused': {
      const { sentence, administrator } = REFUSALS[fault.code];
      return { code: fault.code, sentence: `${product}: ${sentence}`, administrator };
    }
    default:
      return unreachable(fault);
  }
};

/** Also for one that expires while the application runs. */
export const explainExpiry = (ended: EpochSeconds, place: StandalonePlace): Explanation => ({
  code: 'license-expired',
  sentence: `The license of ${place.product} has expired on ${place.date(ended)}.`,
  administrator: `Ask the vendor for a new one, and set it with \`usher client set --product ${place.product} --license FILE\`.`,
});

const UNREADABLE: Readonly<
  Record<Extract<StandaloneFault, { kind: 'unreadable' }>['fault'], string>
> = {
  truncated: 'it has no end',
  damaged: 'it was changed on the way',
  'too-long': 'it is too long',
  malformed: 'it is damaged',
  'other-kind': 'it is another kind of document',
  'newer-format': 'it is of a newer format than this application reads',
  'bad-signature': 'it was changed since it was signed',
};

const explainUnreadable = (
  fault: keyof typeof UNREADABLE,
  place: StandalonePlace,
): Explanation => ({
  ...explainNoLicense(place, UNREADABLE[fault]),
  code: fault === 'bad-signature' ? 'untrusted-forged' : 'broken-license-file',
});
