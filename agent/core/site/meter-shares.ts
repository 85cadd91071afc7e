/**
 * Allowances that a site draws down together. Each member has a share of an allowance in the register,
 * like a block of seats, and draws from it alone. What is drawn never comes back: a share is given back
 * down to what was drawn, by its member, in a change of its own. So what a dead member has left stays
 * its own: the register cannot tell what it has drawn before it died.
 */

import { bytesToHex } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { after, type Instant, millis } from '../../../protocol/units.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { MeterLedger, MeterSource } from '../meters/meter-ledger.ts';
import { type DrawPart, drawKey } from '../meters/meter-record.ts';
import { Block } from './block.ts';
import type { RegisterAsk, RegisterEntry, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { type Need, planShares } from './share-plan.ts';
import { decodeShares, encodeShares, type Share } from './share-record.ts';
import { joinedKey, METER_PREFIX, type MemberId, meterShareKey } from './site-keys.ts';
import type { AllowancePart } from './site-operations.ts';

/** More of an allowance comes within two beats of the members, if it does. */
const PATIENCE = millis(1500);
/** Where nothing was drawn for so many beats what is left of a share is given back. */
const QUIET_BEATS = 20;
/** The part of an allowance that all members together like to have at hand while they draw. */
const SPARE_PART = 8;
/** Draws that wait at a time; who comes then is told that there is not enough. */
const WAITING_MAX = 1000;

export interface MeterSharesParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  readonly shelf: LicenseShelf;
  readonly meters: Pick<MeterLedger, 'taken'>;
  readonly commits: CommitQueue;
}

/** A draw for which there is too little here. */
interface Waiting {
  /** By the key of an allowance: what there has to be left of it here, should no other give more. */
  readonly needs: ReadonlyMap<string, number>;
  readonly until: Instant;
}

/** A draw that could not be written, and may be on the disk all the same. */
interface Failed {
  readonly meter: string;
  readonly parts: readonly DrawPart[];
}

/** One allowance, as this member knows it. */
interface Meter {
  readonly block: Block;
  /** What was drawn when it was looked at last, and the beats since that changed. */
  taken: number;
  beats: number;
}

const NOBODY: Need['gone'] = { has: () => false };

export class MeterShares {
  readonly #parts: MeterSharesParts;
  readonly #meters = new Map<string, Meter>();
  /** By the ids of draws. */
  readonly #waiting = new Map<string, Waiting>();
  /** By where they would be stored. */
  readonly #failed = new Map<string, Failed>();
  #isKnown = false;
  /** Somebody has come to wait. */
  #isEager = false;

  constructor(parts: MeterSharesParts) {
    this.#parts = parts;
  }

  /** What may be drawn here in all of an allowance. */
  allowanceOf(licenseId: LicenseId, meter: string, allowance: number): number {
    if (!this.#isKnown) return 0;
    const { block } = this.#meterOf(meterShareKey(licenseId, meter));
    return block.lendable(this.#parts.me, allowance);
  }

  /** What a member has of allowances: what it has drawn of it, and what it has not. */
  *partsOf(member: MemberId): Iterable<AllowancePart> {
    for (const { license } of this.#parts.shelf.all()) {
      for (const { name } of license.meters) {
        const { block } = this.#meterOf(meterShareKey(license.id, name));
        const part = block.seatsOf(member);
        if (part > 0) yield { license: license.id, meter: name, part };
      }
    }
  }

  /** Whether a draw waits, as more may come from the others: it is asked for again. */
  awaits(
    drawId: Uint8Array,
    missing: number,
    sources: readonly MeterSource[],
    now: Instant,
  ): boolean {
    const id = bytesToHex(drawId);
    for (const [other, { until }] of this.#waiting) {
      if (other !== id && now >= after(until, PATIENCE)) this.#waiting.delete(other);
    }
    const known = this.#waiting.get(id);
    this.#isEager ||= known === undefined;
    if (known === undefined && this.#waiting.size >= WAITING_MAX) return false;
    const until = known?.until ?? after(now, PATIENCE);
    const { meters } = this.#parts;
    const needs = sources.map(({ licenseId, meter, allowance }) => {
      const left = Math.max(0, allowance - meters.taken(licenseId, meter));
      return [meterShareKey(licenseId, meter), left + missing] as const;
    });
    if (now < until) this.#waiting.set(id, { needs: new Map(needs), until });
    else this.#waiting.delete(id);
    return now < until;
  }

  /** It was decided on. */
  decided(drawId: Uint8Array): void {
    if (this.#waiting.size > 0) this.#waiting.delete(bytesToHex(drawId));
  }

  /** It could not be written: what it took is not given back before it is certain that it is not there. */
  failed(drawId: Uint8Array, meter: string, parts: readonly DrawPart[]): void {
    this.#failed.set(drawKey(bytesToHex(drawId)), { meter, parts });
  }

  #mayHaveTaken(licenseId: LicenseId, name: string): number {
    let taken = this.#parts.meters.taken(licenseId, name);
    for (const [key, { meter, parts }] of this.#failed) {
      if (!this.#parts.commits.isDoubtful(key)) this.#failed.delete(key);
      else if (meter === name) {
        for (const part of parts) taken += part.licenseId === licenseId ? part.amount : 0;
      }
    }
    return taken;
  }

  /** Takes in what the register has. `isAll`: it is all that there is. */
  learn(entries: readonly RegisterEntry[], isAll: boolean): void {
    this.#isKnown ||= isAll;
    for (const { key, value, revision } of entries) {
      if (!key.startsWith(METER_PREFIX)) continue;
      this.#meterOf(key).block.learn(revision, decodeShares(value));
    }
  }

  /** The shares may be others' by now. */
  forget(): void {
    this.#isKnown = false;
  }

  /** The register is another one. */
  forgetAll(): void {
    this.forget();
    for (const { block } of this.#meters.values()) block.forget();
  }

  /** Whether to plan at once. */
  get isEager(): boolean {
    return this.#isEager;
  }

  /** To be called once a beat. */
  beat(): void {
    for (const meter of this.#meters.values()) meter.beats++;
  }

  /** Asks for what should be shared otherwise. `fence`: of this member's own key. */
  plan(fence: Revision, alive: ReadonlySet<MemberId>, now: Instant): void {
    this.#isEager = false;
    if (!this.#isKnown) return;
    const { me, shelf } = this.#parts;
    for (const { license } of shelf.all()) {
      for (const { name, allowance } of license.meters) {
        const key = meterShareKey(license.id, name);
        const meter = this.#meterOf(key);
        const { block } = meter;
        const lent = this.#mayHaveTaken(license.id, name);
        if (lent !== meter.taken) Object.assign(meter, { taken: lent, beats: 0 });
        if (block.isAsking || block.shares === undefined) continue;
        const demand = this.#demandFor(key, now);
        const isQuiet = demand === 0 && meter.beats >= QUIET_BEATS;
        const isDrawn = demand > 0 || (lent > 0 && !isQuiet);
        const spare = isDrawn ? Math.ceil(allowance / (SPARE_PART * Math.max(1, alive.size))) : 0;
        const need = { me, total: allowance, lent, demand, spare, isQuiet, alive, gone: NOBODY };
        const planned = planShares(block.shares, need);
        const wish = planned ?? (block.isDoubtful ? block.shares : undefined);
        if (wish !== undefined) this.#ask(block, wish, fence);
      }
    }
  }

  #demandFor(key: string, now: Instant): number {
    let demand = 0;
    for (const { needs, until } of this.#waiting.values()) {
      if (now < until) demand += needs.get(key) ?? 0;
    }
    return demand;
  }

  #ask(block: Block, planned: readonly Share[], fence: Revision): void {
    const { me, calls } = this.#parts;
    block.asks(planned.find(({ member }) => member === me)?.seats ?? 0);
    const ask: RegisterAsk = {
      compares: [
        { key: block.key, revision: block.revision },
        { key: joinedKey(me), revision: fence },
      ],
      writes: [{ key: block.key, value: encodeShares(planned) }],
      reads: [{ prefix: block.key, since: 0 }],
    };
    calls.ask(ask, (answer) => {
      if (answer.kind === 'transacted') this.learn(answer.entries, false);
      block.answered(answer.kind === 'silent');
    });
  }

  #meterOf(key: string): Meter {
    const known = this.#meters.get(key);
    if (known !== undefined) return known;
    const meter = { block: new Block(key), taken: 0, beats: QUIET_BEATS };
    this.#meters.set(key, meter);
    return meter;
  }
}
