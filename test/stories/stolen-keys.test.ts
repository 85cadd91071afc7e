/** Drills: what is done when a key may be known to somebody else, and what comes of it. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { HERE, VendorHouse } from './vendor-house.ts';

story(
  'an agent’s key is replaced: nobody is lent a seat twice, and who held one goes on',
  async () => {
    await using site = await Site.open();
    const first = await site.serve();
    await site.addLicense({ term: seconds(10) });
    const worker = await site.work();
    const [before] = await site.seats();
    const stolen = await readFile(join(site.data, 'agent.key'));
    first.kill('SIGTERM');
    await first.ending();

    const refused = await site.usher('host', 'adopt');
    assert.is(refused.code, 1);
    const replaced = await site.usher('host', 'adopt', '--force');
    assert.is(replaced.code, 0, replaced.stderr);
    await site.serve();
    const fresh = await readFile(join(site.data, 'agent.key'));
    assert.not.equal([...fresh], [...stolen]);

    // The one seat may still be believed in by who holds it.
    const early = await site.tryToWork('--patience', '0.3');
    assert.is(early.code, 1, early.stderr);
    // Then its application finds the new key by itself.
    const [seat] = await site.seatsBecome(1);
    assert.is(seat?.process, before?.process);
    assert.is(await goHome(worker), 0);
  },
);

story('an issuing key is revoked: what it signed lends no more, its successor’s does', async () => {
  await using house = await VendorHouse.open();
  const terms = [...HERE, '--refresh', '30:5', '--master', house.url] as const;
  await using site = await Site.open();
  await site.serve();
  const install = async (): Promise<void> => {
    const { text } = await house.order(...terms);
    const added = await site.usherWith(text, 'license', 'add', '-');
    assert.is(added.code, 0, added.stderr);
    const activated = await site.usher('license', 'activate', '--online');
    assert.is(activated.code, 0, activated.stderr);
  };
  await install();
  const work = await site.tryToWork();
  assert.is(work.code, 0, work.stderr);

  // Somebody else may have the issuing key: the root key revokes it, and certifies another.
  const revoke = ['vendor', 'revoke', '--key', 'root.key', '--issuer', house.issuer] as const;
  const revoked = await house.site.usher(...revoke, '--out', 'revoked.txt');
  assert.is(revoked.code, 0, revoked.stderr);
  assert.match(revoked.stderr, /^Revocations of 1 key written to revoked\.txt\./);
  await house.end('SIGTERM');
  await house.certify('second');
  await house.serve();
  await house.master('revocations', house.site.file('revoked.txt'));

  // The agent hears of it when it asks next, and lends by the former key's licenses no more.
  await site.usher('license', 'refresh');
  const refused = await site.tryToWork();
  assert.is(refused.code, 1, refused.stdout);
  const [license] = await site.licenses();
  assert.is.not(license?.state, 'active');
  await install();
  const again = await site.tryToWork();
  assert.is(again.code, 0, again.stderr);
});

story(
  'what is revoked stays revoked, and nonsense is named before anything is signed',
  async () => {
    await using site = await Site.open();
    const keygen = async (name: string): Promise<string> =>
      (await site.json<{ publicKey: string }>('vendor', 'keygen', '--out', name)).publicKey;
    const [root, one, two] = [await keygen('root.key'), await keygen('1'), await keygen('2')];
    const revoke = (...words: readonly string[]) =>
      site.usher('vendor', 'revoke', '--key', 'root.key', ...words);
    assert.is((await revoke('--issuer', one, '--out', 'first.txt')).code, 0);
    const more = await revoke('--issuer', two, '--earlier', 'first.txt', '--out', 'second.txt');
    assert.match(more.stderr, /^Revocations of 2 keys /);
    for (const [sentence, words] of [
      [/--issuer is the public key/, []],
      [/the root key itself/, ['--issuer', root]],
      [/--earlier 1: It holds no revocations/, ['--issuer', one, '--earlier', '1']],
    ] as const) {
      const wrong = await revoke(...words);
      assert.is(wrong.code, 2, wrong.stdout);
      assert.is(wrong.stdout, '');
      assert.match(wrong.stderr, sentence);
    }
  },
);

tellStories();
