import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostIdentity } from '../../../agent/core/host/host-identity.ts';
import { AgentKey, exportKey, forgetHost } from '../../../agent/edges/agent-key.ts';
import type { KeySeal } from '../../../agent/edges/key-seal.ts';
import { UsherError } from '../../../agent/usher-error.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import { epochSeconds } from '../../../protocol/units.ts';

interface Place {
  base: string;
  file: string;
}

const seven = (size: number): Uint8Array => new Uint8Array(size).fill(7);
const eight = (size: number): Uint8Array => new Uint8Array(size).fill(8);

const IDENTITY: HostIdentity = {
  parts: [{ entry: '000102030405060708', seen: epochSeconds(1_800_000_000) }],
  accepted: ['0123456789abcdefghjkmnpqrs'],
};

/** A seal of one computer: each has a byte of its own. */
const sealOf = (byte: number): KeySeal => {
  const turn = (bytes: Uint8Array): Uint8Array => bytes.map((one) => one ^ byte);
  return {
    name: 'test',
    seal: async (secret) => Uint8Array.of(byte, ...turn(secret)),
    open: async (sealed) => (sealed[0] === byte ? turn(sealed.subarray(1)) : undefined),
  };
};

const refusal = async (promise: Promise<unknown>): Promise<UsherError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UsherError) return error;
  throw new Error(`not refused: ${String(error)}`);
};

const bytesOf = async (file: string): Promise<Uint8Array> => new Uint8Array(await readFile(file));

const keys = suite<Place>('agent key');

keys.before.each(async (place) => {
  place.base = await mkdtemp(join(tmpdir(), 'usher-key-'));
  place.file = join(place.base, 'agent.key');
});
keys.after.each(async ({ base }) => rm(base, { recursive: true, force: true }));

keys('made once, it is the same ever after, and for its user alone', async ({ file }) => {
  const first = await AgentKey.open(file, [], seven);
  assert.equal(first.secret, seven(32));
  assert.is(first.kept, 'new');
  const second = await AgentKey.open(file, [], eight);
  assert.equal(second.secret, seven(32));
  if (platform() !== 'win32') assert.is((await stat(file)).mode & 0o777, 0o600);
});

keys('it is written when its folder is claimed, and not before', async ({ file }) => {
  let claim = (): void => {};
  const claimed = new Promise<void>((resolve) => {
    claim = resolve;
  });
  const opening = AgentKey.open(file, [], seven, claimed);
  await new Promise((resolve) => setImmediate(resolve));
  // Whose the folder was until then has made one.
  await AgentKey.open(file, [], eight);
  claim();
  assert.equal((await opening).secret, eight(32));
});

keys('whose folder is another’s gets no key, and writes none', async ({ file }) => {
  const locked = Promise.reject(new UsherError('STORE_LOCKED', 'It is locked.'));
  assert.is((await refusal(AgentKey.open(file, [], seven, locked))).code, 'STORE_LOCKED');
  assert.is(await stat(file).catch((error: NodeJS.ErrnoException) => error.code), 'ENOENT');
});

keys('it keeps by what its computer is told', async ({ file }) => {
  const first = await AgentKey.open(file, [], seven);
  await first.keep(IDENTITY);
  assert.equal((await AgentKey.open(file, [], eight)).kept, IDENTITY);
  assert.equal((await AgentKey.read(file, []))?.identity, IDENTITY);
});

keys('a key of an earlier version is taken up', async ({ file }) => {
  await writeFile(file, seven(32));
  const key = await AgentKey.open(file, [], eight);
  assert.equal(key.secret, seven(32));
  assert.is(key.kept, 'new');
  assert.ok((await bytesOf(file)).length > 32, 'and kept in the new form');
});

keys('a file that was damaged or changed anywhere is refused, and stays', async ({ file }) => {
  await (await AgentKey.open(file, [], seven)).keep(IDENTITY);
  const whole = await bytesOf(file);
  for (let at = 0; at < whole.length; at++) {
    const changed = whole.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(file, changed);
    const outcome = await AgentKey.open(file, [], eight).then(
      (key) => key.kept,
      (error: unknown) => (error instanceof UsherError ? error.code : String(error)),
    );
    // The name of a seal that this computer does not have.
    assert.ok(outcome === 'KEY_UNUSABLE' || outcome === 'lost', `${at}: ${String(outcome)}`);
    assert.equal(await bytesOf(file), changed);
  }
  for (const bytes of [new Uint8Array(0), whole.subarray(0, 50), Buffer.from('short')]) {
    await writeFile(file, bytes);
    const { code, message } = await refusal(AgentKey.open(file, [], eight));
    assert.is(code, 'KEY_UNUSABLE');
    assert.match(
      message,
      /agent\.key is damaged: bring it back from a backup with `usher restore FILE`\./,
    );
  }
});

keys('sealed by the computer, it is of no use on another, and stays as it is', async ({ file }) => {
  const first = await AgentKey.open(file, [sealOf(1)], seven);
  await first.keep(IDENTITY);
  const sealed = await bytesOf(file);
  const secretAt = sealed.findIndex((_, i) => equalBytes(sealed.subarray(i, i + 32), seven(32)));
  assert.is(secretAt, -1, 'the secret is nowhere in it');
  for (const seals of [[sealOf(2)], []]) {
    const other = await AgentKey.open(file, seals, eight);
    assert.is(other.kept, 'lost');
    assert.equal(other.secret, eight(32), 'another in its place');
    await other.keep(IDENTITY);
    assert.equal(await bytesOf(file), sealed);
    assert.is(await AgentKey.read(file, seals), undefined);
  }
  const again = await AgentKey.open(file, [sealOf(1)], eight);
  assert.equal([again.secret, again.kept], [seven(32), IDENTITY]);
});

keys(
  'an open key is sealed as soon as the computer can, and keeps its computer',
  async ({ file }) => {
    await (await AgentKey.open(file, [], seven)).keep(IDENTITY);
    assert.equal((await AgentKey.open(file, [sealOf(3)], eight)).kept, IDENTITY);
    assert.is((await AgentKey.open(file, [], eight)).kept, 'lost');
  },
);

keys('a computer that cannot seal after all leaves it open', async ({ file }) => {
  const broken: KeySeal = { ...sealOf(1), seal: async () => undefined };
  await (await AgentKey.open(file, [broken], seven)).keep(IDENTITY);
  assert.equal((await AgentKey.open(file, [], eight)).kept, IDENTITY);
});

keys('a backup has it open, and another computer may take it over', async ({ file }) => {
  await (await AgentKey.open(file, [sealOf(1)], seven)).keep(IDENTITY);
  const open = await exportKey(await bytesOf(file), [sealOf(1)], file);
  await writeFile(file, open);
  assert.equal((await AgentKey.read(file, []))?.identity, IDENTITY);
  await writeFile(file, await forgetHost(open, file));
  const elsewhere = await AgentKey.open(file, [sealOf(2)], eight);
  assert.equal([elsewhere.secret, elsewhere.kept], [seven(32), 'new']);
});

keys.run();
