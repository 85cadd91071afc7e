import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditLine } from '../../../../agent/core/operations.ts';
import { AuditClerk } from '../../../../agent/edges/history/audit-clerk.ts';
import { HistoryViews } from '../../../../agent/edges/history/history-views.ts';
import { nativePrimitives } from '../../../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { StoreDouble } from './store-double.ts';

const KEYS = nativePrimitives.signingKeys(new Uint8Array(32).fill(7));

/** An agent's audit, bounded to so many bytes, and what is shown of it. */
class Rig {
  readonly store = new StoreDouble();
  readonly #clerk: AuditClerk;
  readonly views = new HistoryViews({
    reader: () => this.store,
    keys: KEYS,
    primitives: nativePrimitives,
  });
  #made = 0;

  constructor(bytesMax = 60_000) {
    this.#clerk = new AuditClerk({
      primitives: nativePrimitives,
      keys: KEYS,
      wall: () => epochSeconds(1_800_000_000),
      now: () => 0,
      bounds: { bytesMax },
    });
  }

  #write(count: number): void {
    // Of bytes that cannot be squeezed.
    const leases = Array.from({ length: count }, () => ({
      key: `lease/${this.#made++}`,
      value: nativePrimitives.sha512(Uint8Array.of(this.#made & 255, this.#made >> 8)),
    }));
    this.store.write(this.#clerk.alongside(leases));
    this.#clerk.settled(true);
  }

  /** Leases, as many batches of them as fill some segments. */
  lend(batches = 1): void {
    for (let n = 0; n < batches; n++) this.#write(20);
  }

  change(what: string): void {
    this.#clerk.add({ who: 'ann', what, detail: 'x' });
    this.#write(0);
  }

  get segments(): readonly string[] {
    const keys = this.store.entries().map(([key]) => key);
    return keys.filter((key) => key.startsWith('audit/segment/'));
  }
}

test('the audit holds, whatever is written while it is read', async () => {
  const rig = new Rig();
  rig.lend(60);
  const [before] = rig.segments;
  assert.ok(before !== undefined);
  // When all segments have been read, more are sealed.
  let isDone = false;
  rig.store.onRead = (count) => {
    if (count === 0 && !isDone) rig.lend(60);
    isDone ||= count === 0;
  };
  const report = await rig.views.checkAudit();
  assert.is(report.fault, null);
  assert.ok(report.leases >= 200);
  assert.not(rig.segments.includes(before), 'it was given up for others meanwhile');
});

test('whoever is shown the audit slowly misses nothing, and sees nothing twice', async () => {
  const rig = new Rig(5_000_000);
  rig.lend(1200);
  assert.ok(rig.segments.length > 40);
  const seen: number[] = [];
  for await (const { sequence } of rig.views.audit(0)) {
    if (seen.at(-1) !== sequence) seen.push(sequence);
    assert.is(rig.store.frozenNow, 0, 'the store is not kept as it was for who looks at it');
    // While it is looked at, more is sealed.
    if (seen.length % 100 === 99 && seen.length < 1500) rig.lend(1);
  }
  assert.ok(seen.length > 1200);
  assert.equal(
    seen,
    seen.map((_, i) => i + 1),
  );
});

const named = (lines: readonly AuditLine[]): readonly string[] => lines.map(({ what }) => what);

test('changes are those that somebody has made, and no seats', async () => {
  const rig = new Rig();
  rig.change('license-add');
  rig.lend();
  rig.change('seat-disconnect');
  assert.equal(named(await rig.views.changes()), ['license-add', 'seat-disconnect']);
});

test('changes that were read once are not read again, be they sealed since', async () => {
  const rig = new Rig();
  rig.change('license-add');
  rig.lend(12);
  rig.change('rules-set');
  assert.equal(rig.segments, []);
  assert.equal(named(await rig.views.changes()), ['license-add', 'rules-set']);
  rig.lend(60);
  rig.change('license-remove');
  assert.ok(rig.segments.length > 0);
  const all = ['license-add', 'rules-set', 'license-remove'];
  assert.equal(named(await rig.views.changes()), all);
  const read = rig.store.bytesRead;
  assert.equal(named(await rig.views.changes()), all);
  assert.ok(rig.store.bytesRead - read < 30_000, 'what is in a segment was not read again');
});

test('of very many changes the newest are told', async () => {
  const rig = new Rig();
  for (let n = 0; n < 300; n++) rig.change(`change-${n}`);
  const lines = await rig.views.changes();
  assert.equal(
    [lines.length, lines[0]?.what, lines.at(-1)?.what],
    [200, 'change-100', 'change-299'],
  );
});

test.run();
