import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommitQueue } from '../../../../agent/core/commit-queue.ts';
import { MeterLedger } from '../../../../agent/core/meters/meter-ledger.ts';
import { drawKey } from '../../../../agent/core/meters/meter-record.ts';
import type { Write } from '../../../../agent/core/write.ts';
import { bytesToHex } from '../../../../protocol/bytes.ts';
import type { LicenseId } from '../../../../protocol/ids.ts';
import { StoreModel } from '../store-model.ts';
import {
  drawId,
  drawsIn,
  LICENSES,
  type PlannedDraw,
  planned,
  restart,
  sourcesOf,
} from './meter-rig.ts';

/** Against a model: draws planned, written, failed and cut off by restarts, in any order. */
const ledger = suite('life of a meter ledger');

type Step =
  | { readonly kind: 'draw'; readonly amount: number; readonly allowances: readonly number[] }
  | { readonly kind: 'repeat'; readonly back: number }
  | { readonly kind: 'settle' }
  | { readonly kind: 'fail'; readonly lands: boolean }
  | { readonly kind: 'restart'; readonly landed: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('draw'),
      amount: fc.nat(5),
      allowances: fc.array(fc.nat(60), { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('repeat'), back: fc.nat(4) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('settle') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail'), lands: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart'), landed: fc.nat(3) }) },
);

const REMEMBERED = 8;
const UNDER_WAY_MAX = 3;

interface ModelDraw {
  readonly number: number;
  readonly amount: number;
  readonly parts: PlannedDraw['parts'];
  /** `doubtful`: it failed, and yet its record may be on the disk. */
  state: 'under-way' | 'drawn' | 'doubtful';
}

/** An agent's life with a ledger: what it was told to be done, and what is on its disk. */
class Life {
  real = new MeterLedger(REMEMBERED);
  readonly store = new StoreModel();
  commits = new CommitQueue();
  /** Commits that are not settled yet, in order. */
  waiting: {
    readonly ticket: number;
    readonly number: number;
    readonly writes: readonly Write[];
  }[] = [];
  draws: ModelDraw[] = [];
  #lastNumber = 0;

  step(step: Step): void {
    switch (step.kind) {
      case 'draw':
        if (this.waiting.length < UNDER_WAY_MAX) this.#draw(step.amount, step.allowances);
        return;
      case 'repeat':
        return this.#repeat(step.back);
      case 'settle':
      case 'fail':
        return this.#end(step);
      case 'restart':
        this.#restart(step.landed);
    }
  }

  check(): void {
    for (const id of LICENSES) assert.is(this.real.used(id, 'pages'), this.#taken(id, ['drawn']));
    const remembered = drawsIn(this.store).length;
    const doubtful = this.draws.filter(({ state }) => state === 'doubtful').length;
    assert.ok(remembered <= REMEMBERED + UNDER_WAY_MAX + doubtful, `${remembered} in the store`);
  }

  #taken(id: LicenseId, states: readonly string[]): number {
    const parts = this.draws.flatMap((one) => (states.includes(one.state) ? one.parts : []));
    return parts.reduce((sum, part) => sum + (part.licenseId === id ? part.amount : 0), 0);
  }

  #draw(amount: number, allowances: readonly number[]): void {
    const number = ++this.#lastNumber;
    const sources = sourcesOf(...allowances);
    const lefts = sources.map(({ licenseId, allowance }) =>
      Math.max(0, allowance - this.#taken(licenseId, ['drawn', 'under-way'])),
    );
    const left = lefts.reduce((sum, one) => sum + one, 0);
    const plan = this.real.plan(drawId(number), amount, sources);
    if (amount > left) return assert.equal(plan, { kind: 'empty', left });
    const { parts, writes, onFailure, left: leftThen } = planned(plan);
    assert.is(leftThen, left - amount);
    for (const [i, one] of lefts.entries()) {
      const part = parts.find(({ licenseId }) => licenseId === LICENSES[i]);
      assert.ok((part?.amount ?? 0) <= one, 'never overdrawn');
    }
    assert.is(
      parts.reduce((sum, part) => sum + part.amount, 0),
      amount,
    );
    this.draws.push({ number, amount, parts, state: 'under-way' });
    const effect = this.commits.commit(writes, undefined, onFailure);
    this.waiting.push({ ticket: effect.ticket, number, writes: effect.writes });
  }

  #repeat(back: number): void {
    const known = this.draws.filter(({ state }) => state !== 'doubtful').at(-1 - back);
    if (known === undefined) return;
    const plan = this.real.plan(drawId(known.number), known.amount, sourcesOf(0));
    assert.is(plan.kind, known.state === 'drawn' ? 'drawn-before' : 'under-way');
    if (plan.kind === 'drawn-before') assert.equal(plan.parts, known.parts);
  }

  #end(
    step: { readonly kind: 'settle' } | { readonly kind: 'fail'; readonly lands: boolean },
  ): void {
    const commit = this.waiting.shift();
    const known = this.draws.find(({ number }) => number === commit?.number);
    if (commit === undefined || known === undefined) return;
    if (step.kind === 'settle' || step.lands) this.store.write(commit.writes);
    if (step.kind === 'settle') {
      this.commits.settle(commit.ticket);
      this.real.apply(drawId(known.number));
      known.state = 'drawn';
    } else {
      this.commits.fail(commit.ticket);
      this.real.abandon(drawId(known.number));
      known.state = 'doubtful';
    }
  }

  /** Cut off when the first `landed` of the commits under way were on the disk. */
  #restart(landed: number): void {
    for (const { writes } of this.waiting.slice(0, landed)) this.store.write(writes);
    const stored = new Set(drawsIn(this.store));
    this.draws = this.draws.flatMap((one) => {
      const onDisk = stored.has(drawKey(bytesToHex(drawId(one.number))));
      return one.state === 'drawn' || onDisk ? [{ ...one, state: 'drawn' as const }] : [];
    });
    this.commits = new CommitQueue();
    this.waiting = [];
    this.real = restart(this.store, REMEMBERED);
  }
}

ledger(
  'is never overdrawn and counts every draw once, whatever fails and whenever it restarts',
  () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 150, size: 'max' }), (steps) => {
        const life = new Life();
        for (const step of steps) {
          life.step(step);
          life.check();
        }
      }),
      { numRuns: 300 },
    );
  },
);

ledger.run();
