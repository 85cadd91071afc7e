import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type BackupRecord, readBackup, writeBackup } from '../../../agent/edges/backup-format.ts';
import { UsherError } from '../../../agent/usher-error.ts';
import { epochSeconds } from '../../../protocol/units.ts';

const format = suite('backup format');

const HEAD = {
  version: '1.0.0',
  made: epochSeconds(1_800_000_000),
  hostName: 'box',
  hostCode: new Uint8Array([1]),
  commits: 7,
};

async function* entries() {
  yield [['lease/1', new Uint8Array([1, 2, 3])] as const, ['lease/2', new Uint8Array(0)] as const];
}

const whole = async (): Promise<Buffer> => {
  const files = new Map([['agent.key', new Uint8Array(32).fill(9)]]);
  const parts: Uint8Array[] = [];
  for await (const part of writeBackup(HEAD, files, entries())) parts.push(part);
  return Buffer.concat(parts);
};

const readAll = async (bytes: Uint8Array, chunk = 5): Promise<readonly BackupRecord[]> => {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const records: BackupRecord[] = [];
  for await (const record of readBackup(chunks())) records.push(record);
  return records;
};

format('what was written is read, in chunks of any size', async () => {
  const bytes = await whole();
  for (const chunk of [1, 5, 1000]) {
    const records = await readAll(bytes, chunk);
    assert.equal(
      records.map(({ kind }) => kind),
      ['head', 'file', 'entry', 'entry'],
    );
    assert.equal(records[0], { kind: 'head', head: HEAD });
    assert.equal(records[2], { kind: 'entry', entry: ['lease/1', new Uint8Array([1, 2, 3])] });
  }
});

const refusal = async (bytes: Uint8Array): Promise<unknown> =>
  readAll(bytes).then(
    () => 'taken',
    (error: unknown) => (error instanceof UsherError ? error.code : error),
  );

format(
  'cut off anywhere, changed in any bit or with something behind it, it is refused',
  async () => {
    const bytes = await whole();
    for (let length = 0; length < bytes.length; length++) {
      assert.is(await refusal(bytes.subarray(0, length)), 'BROKEN_DATA', `${length}`);
    }
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      assert.is(await refusal(changed), 'BROKEN_DATA', `byte ${at}`);
    }
    assert.is(await refusal(Buffer.concat([bytes, Buffer.from([0])])), 'BROKEN_DATA');
  },
);

format.run();
