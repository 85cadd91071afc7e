import { readFile, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { HERE, TERMS, VendorHouse } from './vendor-house.ts';

interface Row {
  readonly id: string;
  readonly state: string;
}

/** A customer's computer with an agent that has this license. */
const customer = async (text: string): Promise<Site> => {
  const site = await Site.open();
  await site.serve();
  const added = await site.usherWith(text, 'license', 'add', '-');
  assert.is(added.code, 0, added.stderr);
  return site;
};

const statesOf = async (site: Site): Promise<readonly string[]> =>
  (await site.json<Row[]>('license', 'list')).map(({ state }) => state).sort();

/** Types a command that must be done. */
const type = async (site: Site, ...words: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await site.usher(...words);
  assert.is(code, 0, `${words.join(' ')}: ${stderr}`);
  return stdout + stderr;
};

story(
  'I5: an agent is activated by one call, lends, and hears what the vendor changes',
  async () => {
    await using house = await VendorHouse.open();
    const { id, text } = await house.order(...HERE, '--refresh', '30:5', '--master', house.url);
    await using site = await customer(text);
    assert.equal(await statesOf(site), ['installed']);
    await type(site, 'license', 'activate', '--online');
    assert.equal(await statesOf(site), ['active']);
    const work = await site.tryToWork();
    assert.is(work.code, 0, work.stderr);

    await house.master('license', 'suspend', id, '--reason', 'unpaid');
    await type(site, 'license', 'refresh');
    assert.equal(await statesOf(site), ['suspended']);
    assert.is((await site.tryToWork()).code, 1);
    await house.master('license', 'resume', id);
    await type(site, 'license', 'refresh');
    assert.equal(await statesOf(site), ['active']);

    await house.master('license', 'seats', id, '--seats', '9');
    await type(site, 'license', 'refresh');
    assert.equal(await statesOf(site), ['active', 'superseded']);
    const again = await site.tryToWork();
    assert.is(again.code, 0, again.stderr);
  },
);

story('S7: an administrator sees when the master was heard last, and why it is not', async () => {
  await using house = await VendorHouse.open();
  const { text } = await house.order(...HERE, '--master', house.url);
  await using site = await Site.open();
  const agent = await site.serve('--console', '0');
  const [, origin = ''] = await agent.saying(/Console on (http:\/\/localhost:\d+)\//);
  const healthy = origin.replace('localhost', '127.0.0.1');
  await site.usherWith(text, 'license', 'add', '-');
  assert.match(await type(site, 'status'), /^Master .*not asked since the start/m);
  await type(site, 'log', 'record');
  await type(site, 'license', 'activate', '--online');
  assert.match(await type(site, 'status'), /^Master .*: reachable, heard \d/m);
  assert.match(
    await (await fetch(`${healthy}/metrics`)).text(),
    /^usher_master_reachable\{.*\} 1$/m,
  );

  await house.end('SIGTERM');
  await site.usher('license', 'refresh');
  assert.match(
    await type(site, 'status'),
    /^Master .*: not reachable since .*nobody answers there/m,
  );
  assert.match(
    await (await fetch(`${healthy}/metrics`)).text(),
    /^usher_master_reachable\{.*\} 0$/m,
  );
  const health = await fetch(`${healthy}/healthz`);
  assert.is(health.status, 200, 'it lends all the same');
  assert.match(await health.text(), /^The master http\S+ is silent: nobody answers there/m);
  const { stdout } = await site.usher('doctor');
  assert.match(stdout, /TROUBLE {2}master .* has not answered since/);
  const calls = await type(site, 'log', '--calls');
  assert.match(calls, /Asked http:\S+ with \d+ bytes; after \d+ ms: \d+ bytes\./);
  assert.match(calls, /Warning: Asked .*: unreachable\./);
});

story('I5: a license moves from one computer to another, and back by hand', async () => {
  await using house = await VendorHouse.open();
  const { id, text } = await house.order(...HERE, '--master', house.url);
  await using one = await customer(text);
  await using two = await customer(text);
  await type(one, 'license', 'activate', '--online');
  const refused = await two.usher('license', 'activate', '--online');
  assert.is(refused.code, 1, refused.stdout);
  assert.match(refused.stdout + refused.stderr, /active on|earlier installation/);

  await type(one, 'license', 'deactivate', id, '--online');
  assert.is((await one.tryToWork()).code, 1);
  await type(two, 'license', 'activate', '--online');
  assert.is((await two.tryToWork()).code, 0);

  const [place] = (
    await house.json<{ agent: string; state: string }[]>('activation', 'list', id)
  ).filter(({ state }) => state === 'active');
  await house.master('activation', 'free', id, place?.agent ?? '', '--reason', 'It burnt.');
  await type(two, 'license', 'refresh');
  assert.is((await two.tryToWork()).code, 1);
  await type(one, 'license', 'activate', '--online');
  assert.is((await one.tryToWork()).code, 0);
});

story(
  'I5: a request is carried to a vendor without a server, and so is what comes back',
  async () => {
    await using vendor = await Site.open();
    await type(vendor, 'vendor', 'keygen');
    await type(vendor, 'vendor', 'issue', ...TERMS, ...HERE, '--out', 'license.txt');
    const text = await readFile(vendor.file('license.txt'), 'utf8');
    const [license] = await vendor.json<{ id: string }[]>('vendor', 'inspect', 'license.txt');
    await using site = await customer(text);
    const carry = async (name: string, from: Site, to: Site): Promise<void> =>
      writeFile(to.file(name), await readFile(from.file(name), 'utf8'));
    await type(site, 'license', 'activate', '--request', 'request.txt');
    await carry('request.txt', site, vendor);
    const answer = ['vendor', 'activate', 'request.txt', '--license', 'license.txt'];
    await type(vendor, ...answer, '--out', 'response.txt');
    await carry('response.txt', vendor, site);
    await type(site, 'license', 'activate', '--response', 'response.txt');
    assert.equal(await statesOf(site), ['active']);
    assert.is((await site.tryToWork()).code, 0);
    await type(site, 'license', 'deactivate', license?.id ?? '', '--receipt', 'back.txt');
    await carry('back.txt', site, vendor);
    assert.match(await type(vendor, 'vendor', 'activate', 'back.txt'), /brings 1 document/);
  },
);

story('I5: a vendor without a server frees the license of a computer that is gone', async () => {
  await using vendor = await Site.open();
  await type(vendor, 'vendor', 'keygen');
  await type(vendor, 'vendor', 'issue', ...TERMS, ...HERE, '--out', 'license.txt');
  const text = await readFile(vendor.file('license.txt'), 'utf8');
  const [license] = await vendor.json<{ id: string }[]>('vendor', 'inspect', 'license.txt');
  const id = license?.id ?? '';
  await using broken = await customer(text);
  await using next = await customer(text);
  const request = async (site: Site, name: string): Promise<void> => {
    await type(site, 'license', 'activate', '--request', name);
    await writeFile(vendor.file(name), await readFile(site.file(name), 'utf8'));
  };
  await request(broken, 'broken.txt');
  const known = ['--license', 'license.txt'];
  await type(vendor, 'vendor', 'activate', 'broken.txt', ...known, '--out', 'first.txt');
  await request(next, 'next.txt');
  const taken = await vendor.usher('vendor', 'activate', 'next.txt', '--out', 'taken.txt');
  assert.match(taken.stdout + taken.stderr, /agents-taken/);
  const list = ['vendor', 'activation', 'list', id] as const;
  const [place] = await vendor.json<{ agent: string; state: string }[]>(...list);
  assert.is(place?.state, 'active');
  const unknown = await vendor.usher('vendor', 'activation', 'free', id, 'nobody');
  assert.is(unknown.code, 1);
  const free = ['vendor', 'activation', 'free', id, place?.agent ?? ''] as const;
  assert.match(
    await type(vendor, ...free, '--reason', 'It burned.'),
    /may be activated on another/,
  );
  const [freed] = await vendor.json<{ state: string }[]>(...list);
  assert.is(freed?.state, 'freed');
  await request(next, 'again.txt');
  await type(vendor, 'vendor', 'activate', 'again.txt', '--out', 'second.txt');
  await writeFile(next.file('second.txt'), await readFile(vendor.file('second.txt'), 'utf8'));
  await type(next, 'license', 'activate', '--response', 'second.txt');
  assert.equal(await statesOf(next), ['active']);
});

tellStories();
