/** What the C client does with a real agent: the same tests for every way in which it is made. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToBase64 } from '../../protocol/bytes.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { CClient, type CStory } from './c-client.ts';
import { addHostileTests } from './c-hostile.ts';
import { addPatientTests } from './c-patient.ts';
import { addTakeoverTests } from './c-takeover.ts';
import { InteropSite, renewed, seatsInUse } from './interop-site.ts';

const disconnect = async (site: InteropSite): Promise<void> => {
  const seats = await site.driver.operate({ kind: 'seat-list' });
  const id = seats.kind === 'seat-list' ? (seats.seats[0]?.id ?? '') : '';
  await site.driver.operate({ kind: 'seat-disconnect', id, force: false });
};

/**
 * `command` starts the program, perhaps by a checker of memory: its word fails a test. `patient`: also
 * those that last as long as terms do.
 */
export const addClientTests = (
  name: string,
  command: readonly string[],
  { patient }: { readonly patient: boolean },
): void => {
  const story = suite<CStory>(`${name}: a real agent`);
  let clients: CClient[] = [];

  story.before.each(async (context) => {
    context.site = new InteropSite();
    await context.site.open();
    clients = [];
    context.start = (...words) => {
      const client = new CClient(command, context.site, ...words);
      clients.push(client);
      return client;
    };
  });
  story.after.each(async ({ site }) => {
    for (const client of clients) {
      client.release();
      await client.code;
      assert.is(client.errors, '');
    }
    await site.close();
  });

  story('it acquires, renews and releases', async ({ site, start }) => {
    await site.addLicense({ term: seconds(10) });
    const client = start('--hold', '--feature', 'export', '--user', 'ann');
    const acquired = await client.told('acquired');
    assert.is(acquired?.term, 10);
    assert.is(acquired?.agent, 'interop');
    const seats = await site.driver.operate({ kind: 'seat-list' });
    const [seat] = seats.kind === 'seat-list' ? seats.seats : [];
    assert.is(seat?.id, acquired?.lease);
    assert.is(seat?.user, 'ann');
    assert.is(seat?.application, 'driver.c');
    await renewed(site);
    client.release();
    assert.is(await client.code, 0);
    assert.equal(client.names, ['held', 'acquired', 'released']);
    assert.is(await seatsInUse(site), 0);
  });

  story(
    'a license of many pieces, and seats of three pools, are proven',
    async ({ site, start }) => {
      const features = Array.from({ length: 64 }, (_, i) => `feature-${i}-`.padEnd(64, 'ü'));
      await site.addLicense({ features, pools: [poolOf(2, 'cad'), poolOf(1)] });
      await site.addLicense({ features, pools: [poolOf(2)] });
      const client = start('--weight', '5', '--class', 'cad', '--feature', features[63] ?? '');
      assert.is(await client.code, 0, JSON.stringify(client.last));
    },
  );

  story('a refusal comes with its code, sentence and numbers', async ({ site, start }) => {
    await site.addLicense();
    const first = start('--hold');
    await first.told('held');
    const second = start();
    assert.is(await second.code, 1);
    const { code, text, inUse, seats } = second.last ?? {};
    assert.equal([code, inUse, seats], ['no-seat', 1, 1]);
    assert.match(text ?? '', /^All seats are in use/);
    const unknown = start('--feature', 'flight');
    assert.is(await unknown.code, 1);
    assert.is(unknown.last?.code, 'no-feature');
    first.release();
    assert.is(await first.code, 0);
  });

  story('it waits in line until a seat comes back', async ({ site, start }) => {
    await site.addLicense();
    const first = start('--hold');
    await first.told('held');
    const second = start('--wait');
    assert.is((await second.told('waiting'))?.number, 0);
    first.release();
    assert.is(await second.code, 0);
    assert.equal(second.names, ['waiting', 'held', 'acquired', 'released']);
  });

  story(
    'a seat that is taken back is told of, used no longer, released',
    async ({ site, start }) => {
      await site.addLicense();
      const client = start('--hold');
      await client.told('held');
      await disconnect(site);
      assert.is((await client.told('lost'))?.code, 'disconnected');
      assert.is(await client.code, 1);
      assert.is(await seatsInUse(site), 0);
    },
  );

  story(
    'a license of another vendor is not believed, its seat goes back',
    async ({ site, start }) => {
      await site.addLicense();
      const stranger = bytesToBase64(nativePrimitives.signingKeys(systemEntropy(32)).publicKey);
      const client = start('--vendor-key', stranger);
      assert.is(await client.code, 1);
      assert.is(client.last?.code, 'untrusted-other-vendor');
      assert.is(await seatsInUse(site), 0);
      const both = start('--vendor-key', stranger, '--vendor-key', site.vendorKey);
      assert.is(await both.code, 0);
    },
  );

  story('nobody there, and words that do not fit, are said', async ({ start }) => {
    const lonely = start('--product', 'other');
    assert.is(await lonely.code, 1);
    assert.is(lonely.last?.code, 'no-license');
    const odd = start('--agent', 'host:port', '--patience', '200');
    await odd.code;
    const nobody = start('--interfaces', '', '--patience', '200');
    await nobody.code;
    assert.is(nobody.last?.code, 'no-agent');
    assert.is(odd.last?.code, 'bad-option');
    const long = start(
      ...Array.from({ length: 64 }, (_, i) => ['--feature', `${i}`.padEnd(64, 'x')]).flat(),
    );
    await long.code;
    assert.is(long.last?.code, 'too-long');
  });

  addHostileTests(story);
  addTakeoverTests(story);
  if (patient) addPatientTests(story);
  story.run();
};
