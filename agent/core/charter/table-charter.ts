/**
 * Keeps a table alike on all members of a site. What an administrator changes on one of them is put
 * into the register first, upon what all have by then, and is true here afterwards; what others have
 * changed is taken up, and what a member brings along when it joins is put behind what there is.
 */

import { equalBytes } from '../../../protocol/bytes.ts';
import { after, type Instant, instant, millis } from '../../../protocol/units.ts';
import { type Asked, type Change, type ChangeQueue, OWN_CHANGE } from '../change-queue.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { Outcome } from '../operations.ts';
import { BEAT } from '../site/site-times.ts';
import type { Situation } from '../situation.ts';
import { type MakePlan, makeHere, type TablePlan } from '../table-plan.ts';
import type { Charter } from './charter.ts';
import { refuseStore, refuseUnread, tableToSentence } from './charter-refusals.ts';
import type { SharedTable, TableDifference } from './shared-table.ts';

/** A change waits so many milliseconds for this agent to be a member that knows what all have. */
const PATIENCE = millis(3000);
/** Others may be faster so many times: then it is their turn. */
const TRIES_MAX = 8;
/** Changes of administrators that wait at a time. */
const WAITING_MAX = 1024;
/** What one step may change of a table: clients are to be heard in between. */
const STEP_MAX = 1024;

interface Waiting<After> extends Asked {
  readonly plan: MakePlan<After>;
  readonly tries: number;
  readonly until: Instant;
}

export interface TableCharterParts {
  readonly charter: Charter;
  readonly changes: ChangeQueue;
  readonly commits: CommitQueue;
}

const NOTHING = new Uint8Array(0);
const NEVER = instant(Number.MIN_SAFE_INTEGER);

export class TableCharter<After> {
  readonly #parts: TableCharterParts;
  readonly #table: SharedTable<After>;
  readonly #storeKey: string;
  #common: Uint8Array = NOTHING;
  /** The site's text that was compared last, and has nothing that is not here. */
  #settled: Uint8Array | null | undefined;
  /** One that this version cannot read. */
  #unread: Uint8Array | null | undefined;
  #waiting: readonly Waiting<After>[] = [];
  #isBusy = false;
  /** The register has not answered: it is not asked again before this. */
  #askAt: Instant = NEVER;
  /** From now on what is here is this agent's own. */
  #isLeaving = false;
  #toldTrouble = '';
  /** What was changed here since the last time that it was told. */
  #came = 0;
  #went = 0;

  constructor(parts: TableCharterParts, table: SharedTable<After>, storeKey: string) {
    this.#parts = parts;
    this.#table = table;
    this.#storeKey = storeKey;
    parts.charter.keepers.push((situation) => this.#keep(situation));
    parts.charter.strangers.push((situation) => this.#forget(situation));
  }

  restore(value: Uint8Array): boolean {
    this.#common = value.slice();
    return true;
  }

  #forget({ effects }: Situation): void {
    if (this.#common.length === 0) return;
    this.#common = NOTHING;
    effects.push(this.#parts.commits.commit([{ key: this.#storeKey, value: null }]));
  }

  /** Until the agent is started again: as a member, or by itself. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** The outcome, or `undefined` when it is among the effects, now or later. */
  perform(asked: Asked, plan: MakePlan<After>, situation: Situation): Outcome | undefined {
    if (this.#isLeaving) return makeHere(this.#parts.changes, asked, plan, situation);
    const until = after(situation.at.mono, PATIENCE);
    const waiting = { ...asked, plan, tries: 0, until };
    if (this.#waiting.length >= WAITING_MAX) return this.#refuse(situation);
    this.#waiting = [...this.#waiting, waiting];
    this.#keep(situation);
    return undefined;
  }

  #keep(situation: Situation): void {
    const { mono } = situation.at;
    const late = this.#waiting.filter(({ until }) => mono >= until);
    this.#waiting = this.#waiting.filter(({ until }) => mono < until);
    for (const one of late) answer(one, this.#refuse(situation), situation);
    const isHeard = this.#parts.charter.isHeard(mono);
    if (this.#isBusy || !isHeard || situation.storeTrouble !== null || this.#isLeaving) return;
    if (this.#isAlike(situation)) this.#next(situation);
  }

  /** Why nothing can be changed now. */
  #refuse({ at, storeTrouble }: Situation): Outcome {
    const { charter } = this.#parts;
    const { what } = this.#table;
    if (storeTrouble !== null) return refuseStore(what, storeTrouble);
    return charter.isHeard(at.mono) ? refuseUnread(what) : charter.refuseLate(what, at.mono);
  }

  /** Whether here is what the site has; else what is to be done for that is under way. */
  #isAlike(situation: Situation): boolean {
    const { charter, commits } = this.#parts;
    const text = charter.textOf(this.#table.what);
    if (text === undefined || text === this.#unread) return false;
    if (text === this.#settled) return true;
    // A register that was made anew has nothing in common with anybody.
    const common = text === null ? NOTHING : this.#common;
    const found = this.#table.compare(text ?? NOTHING, common, STEP_MAX);
    this.#unread = found === undefined ? text : undefined;
    if (found === undefined) return false;
    if (found.goes + found.comes > 0) {
      this.#takeStep(found, text ?? NOTHING, situation);
      return false;
    }
    if (found.isOwn) {
      if (situation.at.mono >= this.#askAt) this.#bring(text, situation);
      return false;
    }
    this.#settled = text;
    this.#tell(situation);
    if (equalBytes(this.#common, text ?? NOTHING)) return true;
    this.#common = text ?? NOTHING;
    const write = { key: this.#storeKey, value: this.#common };
    situation.effects.push(commits.commit([write]));
    return true;
  }

  #takeStep(found: TableDifference, text: Uint8Array, situation: Situation): void {
    const decide = (): Change => {
      const change = found.step();
      // What has come is the site's from now on, should this agent end now; what has not gone yet was.
      const common = found.goes <= STEP_MAX ? text : this.#common;
      return this.#withCommon(change, common, () => {
        this.#went += Math.min(found.goes, STEP_MAX);
        this.#came += Math.min(found.comes, Math.max(0, STEP_MAX - found.goes));
      });
    };
    this.#isBusy = true;
    this.#parts.changes.make(OWN_CHANGE, decide, situation);
  }

  /** A change of the table and of what it has in common with the site. */
  #withCommon(
    change: Change,
    common: Uint8Array,
    done: (outcome: Outcome, situation: Situation) => void,
    failed: (situation: Situation) => void = () => {},
  ): Change {
    const [key, before] = [this.#storeKey, this.#common];
    return {
      kind: 'change',
      writes: [...change.writes, { key, value: common }],
      onFailure: [...change.onFailure, { key, value: before }],
      apply: (later) => {
        const outcome = change.apply(later);
        this.#common = common;
        this.#isBusy = false;
        done(outcome, later);
        this.#keep(later);
        return outcome;
      },
      drop: (later) => {
        change.drop?.(later);
        this.#isBusy = false;
        failed(later);
      },
    };
  }

  /** Has the site have what is here alone. */
  #bring(text: Uint8Array | null, situation: Situation): void {
    this.#offer(this.#table.text(), '', situation, (outcome, later) => {
      this.#isBusy = false;
      if (outcome.kind !== 'refused') return this.#keep(later);
      if (outcome.code === 'site-changed') return;
      this.#askAt = after(later.at.mono, BEAT);
      if (outcome.code !== 'site-too-much') return;
      // It stays here alone until there is room.
      this.#settled = text;
      this.#tellTrouble(outcome.detail, later);
    });
  }

  /** Once, until something else is to be told. */
  #tellTrouble(sentence: string, { effects }: Situation): void {
    if (sentence === this.#toldTrouble) return;
    this.#toldTrouble = sentence;
    effects.push({ kind: 'note', note: { kind: 'site-table', sentence } });
  }

  #offer(
    bytes: Uint8Array,
    who: string,
    situation: Situation,
    done: (outcome: Outcome, later: Situation) => void,
  ): void {
    const { charter } = this.#parts;
    const { what } = this.#table;
    const was = charter.textOf(what) ?? NOTHING;
    this.#isBusy = true;
    const offer = { kind: 'shared-offer', what, bytes, was, who } as const;
    const outcome = charter.offer(offer, situation, done);
    if (outcome !== undefined) done(outcome, situation);
  }

  /** Does what is to be done next of what administrators wait for. */
  #next(situation: Situation): void {
    for (;;) {
      const [one, ...others] = this.#waiting;
      if (one === undefined) return;
      this.#waiting = others;
      const plan = one.plan(situation);
      const outcome = plan.kind !== 'plan' ? plan : plan.isEmpty && plan.change().apply(situation);
      if (outcome !== false) answer(one, outcome, situation);
      else if (plan.kind === 'plan') return this.#ask(one, plan, situation);
    }
  }

  #ask(one: Waiting<After>, plan: TablePlan<After>, situation: Situation): void {
    const bytes = this.#table.text(plan.after);
    this.#offer(bytes, one.who ?? '', situation, (outcome, later) => {
      if (outcome.kind !== 'refused') return this.#make(one, plan, bytes, later);
      this.#isBusy = false;
      if (outcome.code !== 'site-changed' || one.tries >= TRIES_MAX)
        return answer(one, outcome, later);
      const until = after(later.at.mono, PATIENCE);
      this.#waiting = [{ ...one, tries: one.tries + 1, until }, ...this.#waiting];
      this.#keep(later);
    });
  }

  /** The site has it: now it is made here. */
  #make(
    one: Waiting<After>,
    plan: TablePlan<After>,
    bytes: Uint8Array,
    situation: Situation,
  ): void {
    const { charter, changes } = this.#parts;
    const { what } = this.#table;
    const done = (outcome: Outcome, later: Situation): void => {
      const known = charter.textOf(what);
      if (known && equalBytes(known, bytes)) this.#settled = known;
      answer(one, outcome, later);
    };
    const failed = (later: Situation): void =>
      answer(one, refuseStore(what, later.storeTrouble, true), later);
    const decide = (): Change => this.#withCommon(plan.change(), bytes, done, failed);
    changes.make(OWN_CHANGE, decide, situation);
  }

  #tell({ effects }: Situation): void {
    const { charter } = this.#parts;
    const { what } = this.#table;
    const by = charter.authorOf(what);
    const [came, went] = [this.#came, this.#went];
    [this.#came, this.#went] = [0, 0];
    if (by === undefined || came + went === 0) return;
    const sentence = tableToSentence(what, by, { came, went });
    effects.push({ kind: 'note', note: { kind: 'shared-taken', sentence } });
  }
}

const answer = ({ number }: Asked, outcome: Outcome, { effects }: Situation): void => {
  effects.push({ kind: 'answer', number, outcome });
};
