import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditReport } from '../../../../agent/core/operations.ts';
import { AuditClerk } from '../../../../agent/edges/history/audit-clerk.ts';
import { HistoryViews } from '../../../../agent/edges/history/history-views.ts';
import { nativePrimitives } from '../../../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { StoreDouble } from './store-double.ts';

const KEYS = nativePrimitives.signingKeys(new Uint8Array(32).fill(7));

const clerkOn = (store: StoreDouble, bytesMax = 1_000_000): AuditClerk => {
  const clerk = new AuditClerk({
    primitives: nativePrimitives,
    keys: KEYS,
    wall: () => epochSeconds(1_800_000_000),
    now: () => 0,
    bounds: { bytesMax },
  });
  clerk.restored(store.entries());
  return clerk;
};

const check = (store: StoreDouble): Promise<AuditReport> =>
  new HistoryViews({ reader: () => store, keys: KEYS, primitives: nativePrimitives }).checkAudit();

let made = 0;
/** A lease as the store has it, as far as the clerk cares. */
const lease = (size = 200): { key: string; value: Uint8Array } => {
  const value = new Uint8Array(size);
  for (let i = 0; i < size; i++) value[i] = (made * 31 + i * 17) % 251;
  return { key: `lease/${made++}`, value };
};

const write = (
  store: StoreDouble,
  clerk: AuditClerk,
  leases: number,
  { fails = false, size = 200 } = {},
): void => {
  const writes = Array.from({ length: leases }, () => lease(size));
  const more = clerk.alongside(writes);
  if (!fails) store.write([...writes, ...more]);
  clerk.settled(!fails);
};

test('many batches, agents and segments are one chain with every lease in it', async () => {
  const store = new StoreDouble();
  for (let life = 0; life < 3; life++) {
    const clerk = clerkOn(store);
    for (let n = 0; n < 60; n++) {
      if (n % 7 === 0) clerk.add({ who: 'ann', what: 'license-add', detail: 'x' });
      write(store, clerk, n % 13);
    }
  }
  const report = await check(store);
  assert.is(report.fault, null);
  assert.is(
    report.leases,
    3 * Array.from({ length: 60 }, (_, n) => n % 13).reduce((a, b) => a + b),
  );
  assert.is(report.deeds, 27);
  assert.ok(store.entries().some(([key]) => key.startsWith('audit/segment/')));
  for (const [key, value] of store.entries()) assert.ok(value.length <= 60_000, key);
});

test('a batch that failed is in no record, and what was asked meanwhile is in the next', async () => {
  const store = new StoreDouble();
  const clerk = clerkOn(store);
  write(store, clerk, 1);
  clerk.add({ who: 'ann', what: 'seat-disconnect', detail: '' });
  write(store, clerk, 5, { fails: true });
  write(store, clerk, 1);
  const { fault, deeds, leases, records } = await check(store);
  assert.equal({ fault, deeds, leases, records }, { fault: null, deeds: 1, leases: 2, records: 2 });
});

test('a batch with nothing to tell of writes nothing', () => {
  const clerk = clerkOn(new StoreDouble());
  assert.equal(clerk.alongside([{ key: 'lease/1', value: null }]), []);
  assert.equal(clerk.alongside([{ key: 'clock', value: new Uint8Array(1) }]), []);
});

test('where there is no room the oldest segments go, and what is left is proved all the same', async () => {
  const store = new StoreDouble();
  const clerk = clerkOn(store, 40_000);
  for (let n = 0; n < 400; n++) write(store, clerk, 10);
  assert.ok(store.size('audit/segment') <= 40_000);
  const report = await check(store);
  assert.is(report.fault, null);
  assert.ok((report.first?.sequence ?? 0) > 1);
  assert.is(report.last?.sequence, 400);
  const again = clerkOn(store, 40_000);
  write(store, again, 10);
  assert.is((await check(store)).fault, null);
  // Whoever removes one more, and says that this was for want of room, has no key to sign that.
  const [oldest] = store.entries().filter(([key]) => key.startsWith('audit/segment/'));
  store.values.delete(oldest?.[0] ?? '');
  assert.match((await check(store)).fault ?? '', /records \d+ to \d+ are gone/);
});

test('a segment that was altered, or a seal that another key has signed, is found', async () => {
  const store = new StoreDouble();
  const clerk = clerkOn(store);
  for (let n = 0; n < 100; n++) write(store, clerk, 10);
  const [segment] = store.entries().filter(([key]) => key.startsWith('audit/segment/'));
  const [key = '', value = new Uint8Array()] = segment ?? [];
  const changed = value.slice();
  changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
  store.values.set(key, changed);
  assert.ok((await check(store)).fault);
  store.values.set(key, value);
  assert.is((await check(store)).fault, null);
  const other = new StoreDouble();
  const stranger = new AuditClerk({
    primitives: nativePrimitives,
    keys: nativePrimitives.signingKeys(new Uint8Array(32).fill(8)),
    wall: () => epochSeconds(1),
    now: () => 0,
  });
  write(other, stranger, 1);
  store.values.set('audit/head', other.values.get('audit/head') ?? new Uint8Array());
  assert.match((await check(store)).fault ?? '', /head was not signed with the key/);
});

test('the largest batches and the longest texts fit', async () => {
  const store = new StoreDouble();
  const clerk = clerkOn(store);
  for (let n = 0; n < 200; n++) {
    clerk.add({ who: 'w'.repeat(500), what: 'x'.repeat(500), detail: '\u202e'.repeat(5000) });
  }
  for (let n = 0; n < 5; n++) write(store, clerk, 512, { size: 400 });
  const report = await check(store);
  assert.equal([report.fault, report.deeds, report.leases], [null, 200, 5 * 512]);
  for (const [key, value] of store.entries()) assert.ok(value.length <= 60_000, key);
});

test('an adopted agent goes on with the chain of the former one, and its own key stands for all', async () => {
  const store = new StoreDouble();
  const former = clerkOn(store, 40_000);
  for (let n = 0; n < 400; n++) write(store, former, 10);
  const keys = nativePrimitives.signingKeys(new Uint8Array(32).fill(9));
  const views = new HistoryViews({ reader: () => store, keys, primitives: nativePrimitives });
  const start = (isNewAgent: boolean): AuditClerk => {
    const clerk = new AuditClerk({
      primitives: nativePrimitives,
      keys,
      wall: () => epochSeconds(1_800_000_100),
      now: () => 0,
      bounds: { bytesMax: 40_000 },
      isNewAgent,
    });
    clerk.restored(store.entries());
    return clerk;
  };
  assert.match((await views.checkAudit()).fault ?? '', /not signed with the key of this agent/);
  const adopted = start(true);
  write(store, adopted, 1, { fails: true });
  write(store, adopted, 1);
  const report = await views.checkAudit();
  assert.is(report.fault, null);
  assert.is(report.last?.sequence, 401);
  assert.is(report.deeds, 1, 'it says so once');
  write(store, start(false), 1);
  assert.is((await views.checkAudit()).fault, null);
  // Without a new key this is no adoption but a forgery.
  const forged = new StoreDouble();
  const stranger = clerkOn(forged, 40_000);
  for (let n = 0; n < 400; n++) write(forged, stranger, 10);
  const own = new AuditClerk({
    primitives: nativePrimitives,
    keys,
    wall: () => epochSeconds(1),
    now: () => 0,
  });
  own.restored(forged.entries());
  write(forged, own, 1);
  const seen = new HistoryViews({ reader: () => forged, keys, primitives: nativePrimitives });
  assert.match((await seen.checkAudit()).fault ?? '', /begin was not signed/);
});

test.run();
