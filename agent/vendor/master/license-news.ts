/** What a request brings back for each license: its activation, and whatever is new of it. */

import type { SignedRequest, WantedLicense } from '../../../protocol/activation-request.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import {
  placesOf,
  type Refusal,
  type Ruling,
  ruleOn,
  standingRefusal,
  UNDECIDED,
} from './activation-ruling.ts';
import type { AnswerSheet } from './answer-sheet.ts';
import { type Bearer, whoAsks } from './bearer.ts';
import type { Granting } from './granting.ts';
import type { IssuedLicense } from './issued-license.ts';
import type { Issuer } from './issuer.ts';
import { isTaken, lineOf, newestOf } from './license-lineage.ts';
import type { MasterBook } from './master-book.ts';
import { type Place, placeKey } from './place.ts';
import { isSameHost } from './same-host.ts';

/** Petitions that are open for one license: the key of an agent costs nothing to make. */
const PETITIONS_MAX = 32;

interface NewsParts {
  readonly book: MasterBook;
  readonly issuer: Issuer;
  readonly primitives: Primitives;
}

interface Visit {
  readonly sheet: AnswerSheet;
  readonly asking: SignedRequest;
  readonly bearer: Bearer;
  readonly now: EpochSeconds;
}

export class LicenseNews {
  readonly #parts: NewsParts;
  readonly #granting: Granting;

  constructor(parts: NewsParts, granting: Granting) {
    this.#parts = parts;
    this.#granting = granting;
  }

  /** Somebody wants these licenses to be activated. */
  activate(sheet: AnswerSheet, asking: SignedRequest, bearer: Bearer, now: EpochSeconds): void {
    const visit = { sheet, asking, bearer, now };
    for (const wanted of asking.request.wanted) {
      const issued = this.#find(wanted, bearer);
      if (issued === undefined) this.#refuse(visit, wanted, UNKNOWN);
      else this.#activateOne(visit, wanted, issued);
    }
  }

  /** The agent asks what is new of what it has. */
  refresh(sheet: AnswerSheet, asking: SignedRequest, bearer: Bearer, now: EpochSeconds): void {
    const visit = { sheet, asking, bearer, now };
    for (const wanted of asking.request.wanted) {
      const issued = this.#find(wanted, bearer);
      if (issued === undefined) this.#refuse(visit, wanted, UNKNOWN);
      else this.#refreshOne(visit, wanted, issued);
    }
  }

  /**
   * The agent is taken for a copy: it gets nothing, but what has ended has ended for the copy, too, and
   * for the agent itself on a computer that has changed too much.
   */
  tellEnds(sheet: AnswerSheet, asking: SignedRequest, bearer: Bearer): void {
    const { book } = this.#parts;
    const { revocations } = book;
    if (revocations !== undefined) sheet.add([revocations.bytes]);
    for (const wanted of asking.request.wanted) {
      const issued = this.#find(wanted, bearer);
      if (issued === undefined) continue;
      const ends = [issued, newestOf(book, issued)].flatMap((one) => [
        one.standing,
        // Also where the agent has begun anew on another computer since.
        this.#placeOf(one, asking.agent.signingKey)?.standing ?? null,
      ]);
      sheet.add(ends.filter((one) => one !== null));
    }
  }

  #find({ license, licenseHash }: WantedLicense, bearer: Bearer): IssuedLicense | undefined {
    const issued = this.#parts.book.licenses.get(license);
    if (issued === undefined || !equalBytes(issued.hash, licenseHash)) return undefined;
    return bearer.customer === null || bearer.customer === issued.customer ? issued : undefined;
  }

  #activateOne(visit: Visit, wanted: WantedLicense, issued: IssuedLicense): void {
    const newest = newestOf(this.#parts.book, issued);
    const isSuperseded = newest !== issued;
    if (newest.signed.license.activation === null) {
      this.#deliver(visit, wanted, newest, isSuperseded);
      return this.#refuse(visit, wanted, isSuperseded ? SUPERSEDED : NEEDS_NONE);
    }
    const fault = standingRefusal(newest, visit.now);
    if (fault !== undefined) {
      this.#deliver(visit, wanted, newest, isSuperseded);
      return this.#refuse(visit, wanted, fault);
    }
    const ruling = this.#rule(visit, newest);
    if (ruling.kind === 'grant') this.#give(visit, newest, 'activated');
    this.#deliver(visit, wanted, newest, isSuperseded);
    if (ruling.kind === 'ask') return this.#ask(visit, wanted, newest);
    if (ruling.kind === 'refuse') return this.#refuse(visit, wanted, ruling);
    if (isSuperseded) this.#refuse(visit, wanted, SUPERSEDED);
  }

  #refreshOne(visit: Visit, wanted: WantedLicense, issued: IssuedLicense): void {
    const { book } = this.#parts;
    const newest = newestOf(book, issued);
    const needs = newest.signed.license.activation !== null;
    const isWorth = standingRefusal(newest, visit.now) === undefined;
    const agent = visit.asking.agent.signingKey;
    if (needs && isWorth) {
      if (!this.#granting.holds(newest, agent, visit.now)) this.#late(visit, wanted, newest);
      else {
        const ruling = this.#rule(visit, newest);
        if (ruling.kind === 'grant') this.#renew(visit, newest);
        else this.#crowdOut(visit, wanted, newest);
      }
    }
    this.#deliver(visit, wanted, newest, newest !== issued);
    for (const id of lineOf(book, newest)) {
      for (const more of book.expansionsOf(id)) this.#expand(visit, wanted, newestOf(book, more));
    }
  }

  /** A place that has no end and has not moved needs no newer activation: the last one is repeated. */
  #renew(visit: Visit, issued: IssuedLicense): void {
    const { request, agent } = visit.asking;
    const place = this.#placeOf(issued, agent.signingKey);
    const isSettled =
      place?.state === 'active' && place.ends === null && equalBytes(place.host, request.host);
    if (isSettled) this.#parts.book.putPlace({ ...place, seen: visit.now });
    else this.#give(visit, issued, 'refreshed');
  }

  /** The newer license is for fewer computers, and others came first: what it had ends. */
  #crowdOut(visit: Visit, wanted: WantedLicense, issued: IssuedLicense): void {
    const freed = this.#granting.freeEarlier(issued, visit.asking.agent.signingKey, visit.now);
    visit.sheet.add(freed);
    this.#refuse(visit, wanted, FEWER);
  }

  /** It does not hold the license: what was decided since it asked, or lost with a backup. */
  #late(visit: Visit, wanted: WantedLicense, issued: IssuedLicense): void {
    const { book } = this.#parts;
    const { license } = issued.signed;
    const place = this.#placeOf(issued, visit.asking.agent.signingKey);
    const petition = book.petitions.get(placeKey(license.id, visit.asking.agent.signingKey));
    const isAdopted =
      place === undefined ? visit.now < book.dates.adopting : place.state === 'active';
    // Nobody has asked to activate it here.
    if (petition === undefined && !isAdopted) return;
    const ruling = this.#rule(visit, issued);
    if (ruling.kind === 'grant') this.#give(visit, issued, 'activated');
    if (ruling.kind === 'ask') this.#ask(visit, wanted, issued);
    if (ruling.kind === 'refuse') this.#refuse(visit, wanted, ruling);
  }

  /** A license that adds to the one that is asked for, where the agent has that. */
  #expand(visit: Visit, wanted: WantedLicense, more: IssuedLicense): void {
    const { signed } = more;
    const isAsked = visit.asking.request.wanted.some(
      ({ license }) => license === signed.license.id,
    );
    const base = this.#parts.book.licenses.get(wanted.license);
    const agent = visit.asking.agent.signingKey;
    if (isAsked || base === undefined) return;
    if (!this.#granting.holds(newestOf(this.#parts.book, base), agent, visit.now)) return;
    const isWorth = standingRefusal(more, visit.now) === undefined;
    if (isWorth && signed.license.activation !== null) {
      if (this.#granting.holds(more, agent, visit.now)) this.#renew(visit, more);
      else if (this.#rule(visit, more).kind === 'grant') this.#give(visit, more, 'activated');
      else return;
    }
    if (isWorth) this.#deliver(visit, wanted, more, true);
  }

  #rule(visit: Visit, issued: IssuedLicense): Ruling {
    const { book, issuer, primitives } = this.#parts;
    const { request, agent } = visit.asking;
    const { id } = issued.signed.license;
    if (this.#granting.holds(issued, agent.signingKey, visit.now)) {
      // It has moved on already, or does so now as long as there is room.
      const taken = book.placesOf(id).filter((place) => isTaken(place, visit.now));
      const isIn = taken.some((place) => equalBytes(place.agent, agent.signingKey));
      if (isIn || taken.length < placesOf(issued)) return { kind: 'grant' };
      return { kind: 'refuse', ...FEWER };
    }
    const ruling = ruleOn(book, {
      issued,
      agent: agent.signingKey,
      now: visit.now,
      isHere: (host) => isSameHost(host, request.host, issuer.root, primitives),
    });
    const isOpen =
      ruling.kind === 'ask' || (ruling.kind === 'refuse' && ruling.code === 'undecided');
    return isOpen && visit.bearer.approves ? { kind: 'grant' } : ruling;
  }

  #give(visit: Visit, issued: IssuedLicense, kind: 'activated' | 'refreshed'): void {
    const { asking, bearer, now } = visit;
    const { license } = this.#granting.grant(issued, asking, now);
    const line = { at: now, kind, who: whoAsks(asking, bearer), license, detail: kind } as const;
    if (kind === 'activated') this.#parts.book.tell(line);
    else this.#parts.book.tellSeldom(asking.agent.signingKey, line);
  }

  /** Puts into the answer what the agent is to know of a license. */
  #deliver(visit: Visit, wanted: WantedLicense, newest: IssuedLicense, isNews: boolean): void {
    const { book } = this.#parts;
    const agent = visit.asking.agent.signingKey;
    const place = this.#placeOf(newest, agent);
    const isHeld = place?.state === 'active' && newest.state === 'active';
    const earlier = isHeld ? this.#granting.freeEarlier(newest, agent, visit.now) : [];
    const old =
      wanted.license === newest.signed.license.id ? undefined : book.licenses.get(wanted.license);
    const left = isHeld || old === undefined ? undefined : this.#placeOf(old, agent);
    const documents = [
      isNews ? newest.signed.bytes : null,
      old?.standing ?? null,
      newest.standing,
      endOf(place),
      // Freed from the license that it still has, it hears of that, though a newer one took its place.
      endOf(left),
      isHeld ? place.activation : null,
      ...earlier,
    ].filter((one) => one !== null);
    if (!visit.sheet.add(documents)) this.#refuse(visit, wanted, TOO_MUCH);
  }

  #ask(visit: Visit, wanted: WantedLicense, issued: IssuedLicense): void {
    const { book } = this.#parts;
    const { request, agent } = visit.asking;
    const { id } = issued.signed.license;
    const open = [...book.petitions.values()].filter(
      ({ license, decision }) => license === id && decision === 'open',
    );
    if (open.length >= PETITIONS_MAX) return this.#refuse(visit, wanted, CROWDED);
    book.petitions.put({
      license: id,
      agent: agent.signingKey,
      decision: 'open',
      reason: '',
      hostName: request.hostName,
      version: request.version,
      asked: visit.now,
    });
    const who = whoAsks(visit.asking, visit.bearer);
    const detail = 'asks to be activated: somebody has to decide';
    book.tell({ at: visit.now, kind: 'petition', who, license: id, detail });
    this.#refuse(visit, wanted, { code: 'undecided', sentence: UNDECIDED });
  }

  #refuse({ sheet }: Visit, { license }: WantedLicense, { code, sentence }: Refusal): void {
    sheet.refuse(license, code, sentence);
  }

  #placeOf(issued: IssuedLicense, agent: Uint8Array): Place | undefined {
    return this.#parts.book.places.get(placeKey(issued.signed.license.id, agent));
  }
}

/** What tells an agent that it holds a place no longer; `null` where it does. */
const endOf = (place: Place | undefined): Uint8Array | null =>
  place === undefined || place.state === 'active' ? null : place.standing;

const UNKNOWN: Refusal = {
  code: 'unknown-license',
  sentence: 'The vendor knows of no such license: it was issued elsewhere, or to another account.',
};
const NEEDS_NONE: Refusal = {
  code: 'other',
  sentence: 'This license needs no activation: it lends without.',
};
const SUPERSEDED: Refusal = {
  code: 'superseded',
  sentence: 'A newer license has taken its place: it comes with this answer.',
};
const FEWER: Refusal = {
  code: 'agents-taken',
  sentence: 'The newer license is for fewer computers, and it is active on others already.',
};
const TOO_MUCH: Refusal = {
  code: 'other',
  sentence: 'What is new of this license does not fit into one answer any more: ask for it alone.',
};
const CROWDED: Refusal = {
  code: 'undecided',
  sentence: 'Too many computers ask for this license: the vendor has to decide on them first.',
};
