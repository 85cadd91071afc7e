import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Borrowing,
  encodeLeaseRecord,
  leaseStoreKey,
} from '../../../agent/core/seats/lease-record.ts';
import { type BackupHead, writeBackup } from '../../../agent/edges/backup-format.ts';
import { DataFolder } from '../../../agent/edges/data-folder.ts';
import { LevelStore } from '../../../agent/edges/level-store.ts';
import { planRestore } from '../../../agent/edges/restore-plan.ts';
import type { StoreEntry } from '../../../agent/edges/store-reading.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { KEY_SIZE } from '../../../protocol/limits.ts';
import { epochSeconds, seconds } from '../../../protocol/units.ts';
import { withFolder } from './store-rig.ts';

const plans = suite('restore: what a backup does not know');

/** All happens in this second. */
const NOW = epochSeconds(1_800_000_000);

const leaseEntry = (number: number, borrowing?: Borrowing): StoreEntry => {
  const clientKey = new Uint8Array(KEY_SIZE).fill(number);
  const record = encodeLeaseRecord({
    clientKey,
    requestId: 1,
    product: 'acme-cad',
    parts: [{ licenseId: 'one' as LicenseId, class: 'generic', seats: 1 }],
    overdraft: false,
    asked: 'generic',
    share: undefined,
    term: seconds(60),
    granted: NOW,
    holder: { user: 'ann', host: 'desk', process: 1, application: 'cad' },
    ending: undefined,
    borrowing,
  });
  return [leaseStoreKey(clientKey), record];
};

const borrowing = { from: NOW, until: epochSeconds(NOW + 86_400), hostCode: new Uint8Array(1) };

plans('seats lent since are told from those in it, within one second, too', async () => {
  await withFolder(async (path) => {
    const folder = new DataFolder(path);
    await using store = await LevelStore.open(folder.store);
    const kept = [leaseEntry(1), leaseEntry(2)];
    const since = [leaseEntry(2, borrowing), leaseEntry(3), leaseEntry(4, borrowing)];
    await store.write([...kept, ...since].map(([key, value]) => ({ key, value })));
    await store.close();
    const head: BackupHead = {
      version: '1.0.0',
      made: NOW,
      hostName: 'desk',
      hostCode: new Uint8Array([1]),
      commits: 1,
    };
    const entries = (async function* () {
      yield await Promise.resolve(kept);
    })();
    const file = join(path, 'all.backup');
    await writeFile(file, writeBackup(head, new Map([['agent.key', new Uint8Array(1)]]), entries));
    const plan = await planRestore(folder, file);
    assert.is(plan.leases, 2);
    assert.is(plan.lentSince, 2);
    assert.is(plan.borrowedSince, 2);
  });
});

plans.run();
