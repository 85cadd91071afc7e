/** Whether an agent gets a license activated: the vendor's policy, and what the license says. */

import type { ActivationRefusal } from '../../../protocol/activation-response.ts';
import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import { unreachable } from '../../../protocol/result.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { IssuedLicense, Policy } from './issued-license.ts';
import { takenPlaces } from './license-lineage.ts';
import type { MasterBook } from './master-book.ts';
import type { Petition } from './petition.ts';
import { placeKey } from './place.ts';

export interface Refusal {
  readonly code: ActivationRefusal;
  readonly sentence: string;
}

/** `ask`: nobody has been asked yet, and there is room. */
export type Ruling =
  | { readonly kind: 'grant' }
  | { readonly kind: 'ask' }
  | ({ readonly kind: 'refuse' } & Refusal);

export interface Asking {
  /** Its terms are not `null`. */
  readonly issued: IssuedLicense;
  /** The agent's Ed25519 key. */
  readonly agent: Uint8Array;
  readonly now: EpochSeconds;
  /** Whether a host is that of the agent. */
  readonly isHere: (host: Uint8Array) => boolean;
}

const refuse = (code: ActivationRefusal, sentence: string): Ruling => ({
  kind: 'refuse',
  code,
  sentence,
});

/** Why a license is worth nothing now, whoever asks; `undefined` where it is. */
export const standingRefusal = (issued: IssuedLicense, now: EpochSeconds): Refusal | undefined => {
  const { signed, state, reason } = issued;
  const why = reason === '' ? '' : ` (${reason})`;
  switch (state) {
    case 'suspended':
      return { code: 'suspended', sentence: `The vendor has suspended this license${why}.` };
    case 'revoked':
      return { code: 'revoked', sentence: `The vendor has revoked this license${why}.` };
    case 'active':
      return signed.license.expires !== null && now >= signed.license.expires
        ? { code: 'expired', sentence: 'This license has expired: ask the vendor for another.' }
        : undefined;
    default:
      return unreachable(state);
  }
};

/** Whether this agent, which does not have it yet, gets a license that is worth something. */
export const ruleOn = (book: MasterBook, asking: Asking): Ruling => {
  const { issued, agent, now, isHere } = asking;
  const petition = book.petitions.get(placeKey(issued.signed.license.id, agent));
  if (petition?.decision === 'denied') return ruleByPetition(petition);
  const most = placesOf(issued);
  const others = takenPlaces(book, issued, now, (place) => !equalBytes(place.agent, agent));
  const agents = new Map(others.map((place) => [bytesToHex(place.agent), place]));
  if (agents.size >= most) {
    const isEarlier = [...agents.values()].some(({ host }) => isHere(host));
    return refuse('agents-taken', isEarlier ? EARLIER : takenSentence(most));
  }
  if (issued.policy !== 'ask') return { kind: 'grant' };
  return ruleByPetition(petition);
};

const EARLIER =
  'It is active on this very computer under the key of an earlier installation: ask the vendor to free it from that one.';

const takenSentence = (most: number): string =>
  most === 1
    ? 'It is active on another computer: return it there first, or ask the vendor to free it.'
    : `It is active on ${most} computers, as many as it may be: return it on one of them, or ask the vendor to free it.`;

const ruleByPetition = (petition: Petition | undefined): Ruling => {
  if (petition === undefined) return { kind: 'ask' };
  switch (petition.decision) {
    case 'open':
      return refuse('undecided', UNDECIDED);
    case 'approved':
      return { kind: 'grant' };
    case 'denied': {
      const why = petition.reason === '' ? '.' : `: ${petition.reason}`;
      return refuse('other', `The vendor has not granted this activation${why}`);
    }
    default:
      return unreachable(petition.decision);
  }
};

export const UNDECIDED =
  'The vendor decides on this by hand: ask again later, or wait for the next refresh.';

/** On how many computers it may be active at a time. */
export const placesOf = ({ policy, signed }: IssuedLicense): number => {
  const agents = signed.license.activation?.agents ?? 0;
  return PLACES_BY[policy](agents);
};

const PLACES_BY: Readonly<Record<Policy, (agents: number) => number>> = {
  first: () => 1,
  agents: (agents) => agents,
  ask: (agents) => agents,
};
