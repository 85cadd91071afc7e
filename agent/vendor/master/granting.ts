/** Gives places to agents and takes them back: what is signed for it, and what is kept. */

import type { SignedRequest } from '../../../protocol/activation-request.ts';
import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import { epochSeconds } from '../../../protocol/units.ts';
import type { IssuedLicense } from './issued-license.ts';
import type { Issuer } from './issuer.ts';
import { lineOf, takenPlaces } from './license-lineage.ts';
import type { MasterBook } from './master-book.ts';
import { type Place, placeKey } from './place.ts';

const LAST_DATE = 0xffff_ffff;

/**
 * The next number of a license: above every one before, and never below the date. A master that was
 * restored from a backup has forgotten the latest numbers, but not that time has passed: what it
 * signs next is later than what it signed before, and agents believe it.
 */
export const nextNumber = ({ number }: IssuedLicense, now: EpochSeconds): number =>
  Math.max(number + 1, now);

export class Granting {
  readonly #book: MasterBook;
  readonly #issuer: Issuer;

  constructor(book: MasterBook, issuer: Issuer) {
    this.#book = book;
    this.#issuer = issuer;
  }

  /** Signs an activation of a license for the agent that asks, until its next refresh. */
  grant(issued: IssuedLicense, asking: SignedRequest, now: EpochSeconds): Place {
    const { license } = issued.signed;
    const { request, agent } = asking;
    const number = nextNumber(issued, now);
    const refresh = license.activation?.refresh ?? null;
    const until = refresh === null ? null : later(now, refresh.every);
    const activation = this.#issuer.activation({
      license: license.id,
      licenseHash: issued.hash,
      agent,
      host: request.host,
      number,
      issued: now,
      until,
      nonce: request.nonce,
    });
    this.#book.licenses.put({ ...issued, number });
    const before = this.#book.places.get(placeKey(license.id, agent.signingKey));
    return this.#book.putPlace({
      license: license.id,
      agent: agent.signingKey,
      state: 'active',
      activation,
      ends: until === null ? null : later(until, refresh?.grace ?? 0),
      // A copy of its agent may not have heard of it.
      standing: before?.standing ?? null,
      host: request.host,
      hostName: request.hostName,
      version: request.version,
      since: before?.state === 'active' ? before.since : now,
      seen: now,
    });
  }

  /** Ends a place for good, in a document that tells its agent; a later activation may follow. */
  free(place: Place, state: 'returned' | 'freed', now: EpochSeconds, reason: string): Place {
    const issued = this.#book.licenses.get(place.license);
    const number = issued === undefined ? now : nextNumber(issued, now);
    if (issued !== undefined) this.#book.licenses.put({ ...issued, number });
    const { license, agent } = place;
    const standing =
      this.#issuer.fault('standings', now) === undefined
        ? this.#issuer.standing({ license, number, state: 'freed', agent, issued: now, reason })
        : null;
    this.#book.petitions.delete(placeKey(license, agent));
    this.forgetAnswer(agent);
    return this.#book.putPlace({ ...place, state, standing });
  }

  /**
   * The agent has the license that takes the place of these: it holds them no longer. Told in the
   * answer that brings the newer one, which is taken in as a whole or not at all.
   */
  freeEarlier(issued: IssuedLicense, agent: Uint8Array, now: EpochSeconds): readonly Uint8Array[] {
    const [, ...earlier] = lineOf(this.#book, issued);
    return earlier.flatMap((id) => {
      const place = this.#book.places.get(placeKey(id, agent));
      if (place === undefined) return [];
      const freed =
        place.state === 'active'
          ? this.free(place, 'freed', now, 'A newer license took its place.')
          : place;
      return freed.standing ?? [];
    });
  }

  /** What an agent was told is no longer what it would be told: the same request is looked at anew. */
  forgetAnswer(agent: Uint8Array): void {
    const known = this.#book.agents.get(bytesToHex(agent));
    if (known !== undefined && known.answer !== null) {
      this.#book.agents.put({ ...known, answer: null });
    }
  }

  /** Whether an agent has a place on a license, or on one before it, that has not lapsed. */
  holds(issued: IssuedLicense, agent: Uint8Array, now: EpochSeconds): boolean {
    const isIts = (place: Place): boolean => equalBytes(place.agent, agent);
    return takenPlaces(this.#book, issued, now, isIts).length > 0;
  }
}

const later = (date: EpochSeconds, seconds: number): EpochSeconds =>
  epochSeconds(Math.min(LAST_DATE, date + seconds));
