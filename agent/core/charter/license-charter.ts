/**
 * The licenses of a site: every member has them all. What was added or removed here since they were
 * the same is added to, or removed from, those that the register has, and the other way round; so two
 * changes at once never collide. Each member judges for itself what a license is worth on it.
 */

import { equalBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { after, type Instant, instant } from '../../../protocol/units.ts';
import { type Change, type ChangeQueue, OWN_CHANGE } from '../change-queue.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { HeldLicense } from '../licenses/any-license.ts';
import { LICENSES_MAX, type LicenseShelf } from '../licenses/license-shelf.ts';
import type { RemovedLicenses } from '../licenses/removed-licenses.ts';
import type { Note } from '../notes.ts';
import type { CoreOperation, Outcome } from '../operations.ts';
import type { Preferences } from '../preferences.ts';
import type { Allowance } from '../seats/allowance.ts';
import { licenseStoreKey } from '../seats/lease-record.ts';
import { BEAT } from '../site/site-times.ts';
import type { Situation } from '../situation.ts';
import { COMMON_KEY } from '../store-key.ts';
import type { Charter } from './charter.ts';
import { refuseUnheard, sharedToSentence } from './charter-refusals.ts';
import { decodeIds, decodeLicenses, encodeIds, encodeLicenses } from './license-list.ts';

export interface LicenseCharterParts {
  readonly charter: Charter;
  readonly shelf: LicenseShelf;
  readonly removed: RemovedLicenses;
  readonly allowance: Allowance;
  readonly preferences: Preferences;
  readonly primitives: Primitives;
  readonly changes: ChangeQueue;
  readonly commits: CommitQueue;
}

/** What there is to do. */
interface Differences {
  readonly addHere: readonly HeldLicense[];
  readonly removeHere: readonly HeldLicense[];
  /** What the register should have, where that is not what it has. */
  readonly register: Uint8Array | undefined;
  readonly common: Uint8Array;
}

const NOTHING = new Uint8Array(0);

export class LicenseCharter {
  readonly #parts: LicenseCharterParts;
  #common: Uint8Array = NOTHING;
  /** The store has it, and so that this agent is a member. */
  #isKept = false;
  /** What was here when the register was last asked to have it: what it has of that it has from here. */
  #offered: Uint8Array = NOTHING;
  /** What was looked at last, and led to nothing more: the register's text, and what is here. */
  #settled: readonly [Uint8Array | null, Uint8Array] | undefined;
  #isBusy = false;
  /** The register has not answered: it is not asked again before this. */
  #askAt: Instant = instant(Number.MIN_SAFE_INTEGER);
  /** From now on what is here is this agent's own. */
  #isLeaving = false;
  #toldTrouble = '';

  constructor(parts: LicenseCharterParts) {
    this.#parts = parts;
    parts.charter.keepers.push((situation) => this.#keep(situation));
    parts.charter.strangers.push(() => {
      this.#common = NOTHING;
      this.#isKept = false;
    });
  }

  restore(value: Uint8Array): boolean {
    const isRead = decodeIds(value) !== undefined;
    if (isRead) this.#common = value.slice();
    this.#isKept ||= isRead;
    this.#parts.charter.wasMember ||= isRead;
    return isRead;
  }

  /**
   * Until the agent is started again: as a member, or by itself. It has nothing in common with the site
   * any more: what is removed here from now on is back when it joins again, and not gone from there.
   */
  leave({ effects }: Situation): void {
    this.#isLeaving = true;
    this.#common = NOTHING;
    effects.push(this.#parts.commits.commit([{ key: COMMON_KEY, value: null }]));
  }

  /** Why an administrator's change of licenses cannot be made now. */
  refuses({ kind }: CoreOperation, { at }: Situation): Outcome | undefined {
    const isChange =
      kind === 'license-add' || kind === 'license-remove' || kind === 'license-restore';
    return isChange && !this.#isLeaving && this.#parts.charter.isCutOff(at.mono)
      ? refuseUnheard('licenses')
      : undefined;
  }

  #keep(situation: Situation): void {
    const { charter, shelf } = this.#parts;
    const { mono } = situation.at;
    if (this.#isBusy || this.#isLeaving || situation.storeTrouble !== null) return;
    if (!charter.isHeard(mono)) return;
    if (!this.#isKept) this.#store(this.#common, situation);
    const text = charter.textOf('licenses');
    if (text === undefined || mono < this.#askAt) return;
    const here = encodeIds([...shelf.all()].map(({ license }) => license.id));
    const [seen, were] = this.#settled ?? [undefined, NOTHING];
    if (this.#settled !== undefined && seen === text && equalBytes(were, here)) return;
    const differences = this.#compare(text, situation);
    const { addHere, removeHere, register, common } = differences;
    if (addHere.length > 0 || removeHere.length > 0) return this.#change(differences, situation);
    if (register !== undefined) {
      this.#offered = here;
      return this.#publish(register, text ?? NOTHING, situation);
    }
    this.#settled = [text, here];
    this.#offered = NOTHING;
    if (!equalBytes(common, this.#common)) this.#store(common, situation);
  }

  #store(common: Uint8Array, { effects }: Situation): void {
    this.#common = common;
    this.#isKept = true;
    effects.push(this.#parts.commits.commit([{ key: COMMON_KEY, value: common }]));
  }

  #compare(text: Uint8Array | null, situation: Situation): Differences {
    const { shelf, primitives } = this.#parts;
    const theirs = decodeLicenses(text ?? NOTHING, primitives);
    const offered = decodeIds(this.#offered)?.filter((id) => theirs.has(id)) ?? [];
    // A register that was made anew has nothing in common with anybody.
    const before = text === null ? [] : (decodeIds(this.#common) ?? []);
    const common = new Set([...before, ...offered]);
    // Those of a parent are this agent's alone.
    const mine = new Map<LicenseId, HeldLicense>(
      [...shelf.all()].filter(({ line }) => line === null).map((one) => [one.license.id, one]),
    );
    const added = [...theirs].filter(([id]) => !mine.has(id) && !common.has(id));
    const addHere = added.flatMap(([, one]) => (this.#accepts(one, situation) ? [one] : []));
    const removeHere = [...mine].flatMap(([id, one]) =>
      common.has(id) && !theirs.has(id) ? [one] : [],
    );
    const wanted = new Map(theirs);
    for (const id of common) if (!mine.has(id)) wanted.delete(id);
    for (const [id, one] of mine) if (!common.has(id)) wanted.set(id, one);
    const register = encodeLicenses(wanted.values());
    const isSame = equalBytes(register, encodeLicenses(theirs.values()));
    const alike = [...theirs.keys()].filter((id) => mine.has(id));
    return {
      addHere,
      removeHere,
      register: isSame ? undefined : register,
      common: encodeIds(alike),
    };
  }

  #accepts({ license, vendor }: HeldLicense, { effects }: Situation): boolean {
    const { preferences, shelf } = this.#parts;
    const { vendorKeys } = preferences.now;
    const isTrusted = vendorKeys?.some((key) => equalBytes(key, vendor)) ?? true;
    if (isTrusted && shelf.size < LICENSES_MAX) return true;
    const why = isTrusted ? 'it has as many as it can' : "it takes none of this license's vendor";
    this.#tellTrouble(
      `License ${license.id} of the site is not taken by this agent: ${why}.`,
      effects,
    );
    return false;
  }

  /** Once, until something else is to be told. */
  #tellTrouble(sentence: string, effects: Situation['effects']): void {
    if (sentence === this.#toldTrouble) return;
    this.#toldTrouble = sentence;
    effects.push({ kind: 'note', note: { kind: 'site-licenses', sentence } });
  }

  #publish(register: Uint8Array, was: Uint8Array, situation: Situation): void {
    const offer = {
      kind: 'shared-offer',
      what: 'licenses',
      bytes: register,
      was,
      who: '',
    } as const;
    this.#isBusy = true;
    const done = (outcome: Outcome, { at, effects }: Situation): void => {
      this.#isBusy = false;
      if (outcome.kind !== 'refused' || outcome.code === 'site-changed') return;
      this.#askAt = after(at.mono, BEAT);
      if (outcome.code === 'site-too-much') this.#tellTrouble(outcome.detail, effects);
    };
    const outcome = this.#parts.charter.offer(offer, situation, done);
    if (outcome !== undefined) done(outcome, situation);
  }

  #change(differences: Differences, situation: Situation): void {
    this.#isBusy = true;
    const decide = (later: Situation): Change => this.#decide(differences, later);
    const outcome = this.#parts.changes.make(OWN_CHANGE, decide, situation);
    if (outcome !== undefined) this.#isBusy = false;
  }

  #decide({ addHere, removeHere }: Differences, { at }: Situation): Change {
    const { removed, shelf } = this.#parts;
    // An administrator may have been faster.
    const adding = addHere.filter(({ license }) => shelf.get(license.id) === undefined);
    const going = removeHere.flatMap(({ license }) => shelf.get(license.id) ?? []);
    const kept = going.map((one) => removed.keep(one, at.wall));
    const keyOf = ({ license }: HeldLicense): string => licenseStoreKey(license.id);
    // Together with what it says: an administrator may remove at once what has just come.
    const common = this.#commonAfter(addHere, removeHere);
    return {
      kind: 'change',
      writes: [
        ...adding.map((one) => ({ key: keyOf(one), value: one.bytes })),
        ...going.map((one) => ({ key: keyOf(one), value: null })),
        ...kept.flatMap(({ writes }) => writes),
        { key: COMMON_KEY, value: common },
      ],
      onFailure: [
        ...adding.map((one) => ({ key: keyOf(one), value: null })),
        ...going.map((one) => ({ key: keyOf(one), value: one.bytes })),
        ...kept.flatMap(({ onFailure }) => onFailure),
        { key: COMMON_KEY, value: this.#common },
      ],
      apply: (later) => {
        for (const one of kept) one.apply();
        for (const one of adding) shelf.add(one);
        for (const one of going) shelf.remove(one);
        this.#common = common;
        this.#applied([...adding.map(added), ...going.map(gone)], later);
        return { kind: 'license-list', licenses: [] };
      },
      drop: () => {
        this.#isBusy = false;
      },
    };
  }

  #commonAfter(adding: readonly HeldLicense[], going: readonly HeldLicense[]): Uint8Array {
    const common = new Set(decodeIds(this.#common));
    for (const { license } of adding) common.add(license.id);
    for (const { license } of going) common.delete(license.id);
    return encodeIds(common);
  }

  #applied(notes: readonly Note[], { at, effects }: Situation): void {
    const { allowance, charter } = this.#parts;
    this.#isBusy = false;
    allowance.changed();
    allowance.keep(at, effects);
    effects.push(...notes.map((note) => ({ kind: 'note', note }) as const));
    const by = charter.authorOf('licenses');
    if (by === undefined) return;
    const note = { kind: 'shared-taken', sentence: sharedToSentence('licenses', by) } as const;
    effects.push({ kind: 'note', note });
  }
}

const noteOf =
  (kind: 'license-added' | 'license-removed') =>
  ({ license }: HeldLicense): Note => ({ kind, license: license.id, product: license.product });

const added = noteOf('license-added');
const gone = noteOf('license-removed');
