/**
 * The second client, written from protocol/README.md alone, against the real agent over real UDP
 * sockets on loopback. What it needs and the page does not say is a bug of the page.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToBase64 } from '../../protocol/bytes.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { InteropSite, seatsInUse } from './interop-site.ts';
import { SecondClient } from './second-client.ts';

const interop = suite<{ site: InteropSite }>('interop: a second client from the page alone');

interop.before.each(async (context) => {
  context.site = new InteropSite();
  await context.site.open();
});
interop.after.each(({ site }) => site.close());

interop('it discovers, acquires, verifies, renews and releases', async ({ site }) => {
  await site.addLicense();
  const client = new SecondClient(site, '--renewals', '3', '--feature', 'export');
  assert.is(await client.code, 0);
  const steps = ['discovered', 'acquired', 'verified', 'renewed', 'renewed', 'renewed', 'released'];
  assert.equal(client.names, steps);
  assert.is(client.steps[1]?.['term'], 60);
  assert.is(client.steps[2]?.['customer'], 'Example & Söhne');
  assert.is(await seatsInUse(site), 0);
});

interop('either loopback address alone finds the agent', async ({ site }) => {
  await site.addLicense({ pools: [poolOf(2)] });
  for (const address of ['127.255.255.255', '127.0.0.1']) {
    const client = new SecondClient(site, '--address', address);
    assert.is(await client.code, 0, address);
  }
});

interop('a license of many pieces is fetched whole', async ({ site }) => {
  const features = Array.from({ length: 64 }, (_, i) => `feature-${i}-`.padEnd(64, 'ü'));
  await site.addLicense({ features });
  const client = new SecondClient(site);
  assert.is(await client.code, 0);
  assert.ok(client.names.includes('verified'));
});

interop('a refusal comes with its code and numbers', async ({ site }) => {
  await site.addLicense();
  const first = new SecondClient(site, '--hold');
  await first.told('renewed');
  const second = new SecondClient(site);
  assert.is(await second.code, 1);
  assert.equal(second.steps.at(-1), {
    step: 'refused',
    code: 'no-seat',
    number: 2,
    inUse: 1,
    seats: 1,
  });
  const unknown = new SecondClient(site, '--feature', 'flight');
  assert.is(await unknown.code, 1);
  assert.is(unknown.steps.at(-1)?.['code'], 'no-feature');
  first.release();
  assert.is(await first.code, 0);
});

/** The parts of the seat that a client has told of. */
const partsOf = (client: SecondClient) =>
  (client.steps.find(({ step }) => step === 'acquired')?.['parts'] ?? []) as readonly {
    readonly document: string;
    readonly pool: number | null;
  }[];

interop('five seats at once are made of three pools of two licenses', async ({ site }) => {
  await site.addLicense({ pools: [poolOf(2, 'cad'), poolOf(1)] });
  await site.addLicense({ pools: [poolOf(2)] });
  const client = new SecondClient(site, '--weight', '5', '--class', 'cad');
  assert.is(await client.code, 0);
  const parts = partsOf(client);
  assert.is(parts.length, 3);
  assert.is(new Set(parts.map(({ document }) => document)).size, 2);
  assert.is(client.steps[2]?.['seats'], 5);
  const heavy = new SecondClient(site, '--weight', '6', '--class', 'cad');
  assert.is(await heavy.code, 1);
  assert.is(heavy.steps.at(-1)?.['code'], 'too-heavy');
});

interop('a server license without seats is lent to everyone', async ({ site }) => {
  await site.addLicense({ type: 'server', pools: [] });
  const client = new SecondClient(site, '--feature', 'export');
  assert.is(await client.code, 0);
  assert.equal(
    partsOf(client).map(({ pool }) => pool),
    [null],
  );
});

interop('a version and its date are covered, or not', async ({ site }) => {
  await site.addLicense({
    versions: { oldest: '10', newest: '12' },
    maintenance: epochSeconds(1_750_000_000),
  });
  const released = ['--released', '1749999999'];
  const covered = new SecondClient(site, '--app-version', 'v12.9-beta', ...released);
  assert.is(await covered.code, 0);
  for (const [code, ...words] of [
    ['version-needed', ...released],
    ['no-version', '--app-version', '13', ...released],
    ['no-maintenance', '--app-version', '12', '--released', '1750000000'],
  ]) {
    const refused = new SecondClient(site, ...words);
    assert.is(await refused.code, 1);
    assert.is(refused.steps.at(-1)?.['code'], code);
  }
});

interop('it waits in the queue until a seat comes back', async ({ site }) => {
  await site.addLicense();
  const first = new SecondClient(site, '--hold');
  await first.told('renewed');
  const second = new SecondClient(site, '--wait');
  await second.told('queued');
  first.release();
  assert.is(await first.code, 0);
  assert.is(await second.code, 0);
  assert.equal(second.names.filter((name) => name !== 'queued').slice(1, 3), [
    'acquired',
    'verified',
  ]);
});

interop(
  'a seat that an administrator takes back is used no longer, and released',
  async ({ site }) => {
    await site.addLicense();
    const client = new SecondClient(site, '--hold');
    await client.told('renewed');
    const seats = await site.driver.operate({ kind: 'seat-list' });
    const id = seats.kind === 'seat-list' ? (seats.seats[0]?.id ?? '') : '';
    await site.driver.operate({ kind: 'seat-disconnect', id, force: false });
    assert.is(await seatsInUse(site), 1);
    client.release();
    assert.is(await client.code, 1);
    assert.is(client.steps.at(-1)?.['code'], 'disconnected');
    assert.is(await seatsInUse(site), 0);
  },
);

interop('a license of another vendor is not believed, and its seat goes back', async ({ site }) => {
  await site.addLicense();
  const stranger = bytesToBase64(nativePrimitives.signingKeys(systemEntropy(32)).publicKey);
  const client = new SecondClient(site, '--vendor-key', stranger);
  assert.is(await client.code, 1);
  assert.equal(client.steps.at(-1), { step: 'distrusted', reason: 'other-vendor' });
  assert.is(await seatsInUse(site), 0);
});

interop('a held seat outlives a restart of the agent', async ({ site }) => {
  await site.addLicense();
  const client = new SecondClient(site, '--hold');
  await client.told('renewed');
  await site.restart();
  assert.is(await seatsInUse(site), 1);
  client.release();
  assert.is(await client.code, 0);
  assert.is(client.names.at(-1), 'released');
  assert.is(await seatsInUse(site), 0);
});

interop('it reads and writes every vector as the page says', () => {
  const checks = join(process.cwd(), 'test', 'interop', 'check_vectors.py');
  const done = spawnSync('python3', ['-B', checks], { encoding: 'utf8' });
  assert.is(done.status, 0, `${done.stdout}${done.stderr}`);
});

if (spawnSync('python3', ['--version']).status === 0) interop.run();
else console.log('Skipped: the second client needs python3, which this computer does not have.');
