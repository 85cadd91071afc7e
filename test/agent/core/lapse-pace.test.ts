import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../agent/core/effects.ts';
import { encodeLeaseRecord, leaseStoreKey } from '../../../agent/core/seats/lease-record.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { KEY_SIZE } from '../../../protocol/limits.ts';
import { epochSeconds, seconds } from '../../../protocol/units.ts';
import { AgentRig, only } from './agent-rig.ts';

const pace = suite('agent: pace of lapses');

const LEASES = 1200;
const holder = { user: 'ann', host: 'desk', process: 1, application: 'cad' };

const makeEntry = (number: number): readonly [string, Uint8Array] => {
  const clientKey = new Uint8Array(KEY_SIZE);
  new DataView(clientKey.buffer).setUint32(0, number);
  const record = {
    clientKey,
    requestId: 1,
    product: 'acme-cad',
    parts: [{ licenseId: 'gone' as LicenseId, class: 'generic', seats: 1 }],
    overdraft: false,
    asked: 'generic',
    share: undefined,
    term: seconds(60),
    granted: epochSeconds(1_800_000_000),
    holder,
    ending: undefined,
    borrowing: undefined,
  };
  return [leaseStoreKey(clientKey), encodeLeaseRecord(record)];
};

/** An agent whose leases are all due. */
const makeOverdue = (): AgentRig => {
  const rig = new AgentRig();
  const entries = Array.from({ length: LEASES }, (_, i) => makeEntry(i));
  rig.step({ kind: 'restored', entries });
  rig.now += 120_000;
  return rig;
};

const asksToWake = (effects: readonly Effect[]): boolean =>
  effects.some(({ kind }) => kind === 'wake-at');

pace('no more leases lapse before the lapses of the last step are on the disk', () => {
  const rig = makeOverdue();
  const first = rig.step({ kind: 'wake' });
  const left = rig.agent.leaseCount;
  assert.ok(left > 0);
  assert.is(only(first, 'commit').writes.length, LEASES - left);
  assert.not(asksToWake(first));
  assert.ok(asksToWake(rig.settle(first)));
});

pace('all of them lapse in the end, and their sessions with them', () => {
  const rig = makeOverdue();
  while (rig.agent.leaseCount > 0) rig.settle(rig.step({ kind: 'wake' }));
  rig.now += 600_000;
  for (let step = 0; step < LEASES && rig.agent.tableSizes.sessions > 0; step++) {
    rig.step({ kind: 'wake' });
  }
  assert.equal(rig.agent.tableSizes, { deadlines: 0, sessions: 0, waiters: 0 });
});

pace('a store that fails does not hold them up for ever', () => {
  const rig = makeOverdue();
  assert.ok(asksToWake(rig.fail(rig.step({ kind: 'wake' }))));
});

pace.run();
