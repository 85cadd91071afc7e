import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { leaseId } from '../../../protocol/ids.ts';
import { BorrowStore, type StoredSeat } from '../../../protocol/node/borrow-store.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { recordOf, SESSION_SECRET } from '../client/borrowings.ts';

const ID = leaseId(nativePrimitives.agreementKeys(SESSION_SECRET).publicKey);

const freshStore = (): BorrowStore =>
  new BorrowStore(join(mkdtempSync(join(tmpdir(), 'usher-borrowed-')), 'borrowed'));

const addTo = (store: BorrowStore, record = recordOf()): StoredSeat => {
  const { seat, unlock } = store.add(record);
  unlock();
  return seat;
};

const stores = suite('borrow store');

stores('what is added is found by the next who looks, readable by its owner alone', () => {
  const store = freshStore();
  assert.equal(store.list(), { seats: [], troubles: [] });
  const added = addTo(store);
  const [found, ...others] = new BorrowStore(store.folder).list().seats;
  assert.equal(found?.record, recordOf());
  assert.is(found?.id, ID);
  assert.is(others.length, 0);
  assert.ok(added.path.endsWith(`acme-cad-${ID}.seat`), added.path);
  if (platform() !== 'win32') {
    assert.is(statSync(added.path).mode & 0o777, 0o600);
    assert.is(statSync(store.folder).mode & 0o777, 0o700);
  }
  assert.is(readdirSync(store.folder).length, 1, 'no draft is left');
});

stores('a product whose name no file may have is kept, too', () => {
  const store = freshStore();
  const record = recordOf({ product: '../Acme: CAD/2 株' });
  addTo(store, record);
  assert.equal(readdirSync(store.folder), [`_Acme_CAD_2_-${ID}.seat`]);
  assert.is(store.list().seats[0]?.record.product, record.product);
});

stores('a change is seen by others when they look again', () => {
  const store = freshStore();
  const seat = addTo(store);
  const [other] = store.list().seats;
  seat.change({ state: 'returning' });
  assert.is(other?.record.state, 'borrowed');
  assert.ok(other?.refresh());
  assert.is(other?.record.state, 'returning');
  seat.remove();
  assert.not(other?.refresh());
  assert.equal(store.list(), { seats: [], troubles: [] });
});

stores('each time the session is taken up its numbers and ids begin anew, higher', () => {
  const store = freshStore();
  const seat = addTo(store, recordOf({ resumes: 4093 }));
  assert.equal(seat.resume(), { sent: 4094 * 2 ** 40, lastId: 4094 * 2 ** 20 });
  assert.is(store.list().seats[0]?.record.resumes, 4094, 'on disk before it is used');
  const last = seat.resume();
  assert.ok(last !== undefined && Number.isSafeInteger(last.sent + 2 ** 40 - 1));
  assert.ok(last !== undefined && last.lastId + 2 ** 20 <= 2 ** 32);
  assert.is(seat.resume(), undefined);
});

stores('a damaged file is said in one sentence and left alone', () => {
  const store = freshStore();
  const seat = addTo(store);
  const broken = join(store.folder, 'broken.seat');
  const bytes = readFileSync(seat.path);
  writeFileSync(broken, bytes.subarray(0, 100));
  writeFileSync(join(store.folder, 'huge.seat'), new Uint8Array(200_000));
  const { seats, troubles } = store.list();
  assert.is(seats.length, 1);
  assert.is(troubles.length, 2);
  assert.match(troubles[0] ?? '', /broken\.seat is damaged/);
  assert.is(readFileSync(broken).length, 100);
});

stores('one process uses a seat alone, several where it is shared', () => {
  const store = freshStore();
  const seat = addTo(store);
  const done = seat.use({ alone: true });
  assert.ok(done);
  assert.ok(seat.isUsed);
  assert.is(seat.use({ alone: true }), undefined);
  const shared = seat.use({ alone: false });
  assert.ok(shared);
  done();
  assert.ok(seat.isUsed);
  shared();
  assert.not(seat.isUsed);
  writeFileSync(`${seat.path}.use-99-00`, '4194305 -');
  assert.not(seat.isUsed, 'its process has ended');
  assert.is(readdirSync(store.folder).length, 1);
});

stores('who changes a seat has its lock', () => {
  const { seat, unlock } = freshStore().add(recordOf());
  assert.is(seat.lock(), undefined, 'a new one is locked from the start');
  unlock();
  const again = seat.lock();
  assert.ok(again);
  again();
});

stores.run();
