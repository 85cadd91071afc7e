import { readFile, stat, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { armor } from '../../protocol/armor.ts';
import type { MasterCall } from '../../protocol/master-call.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { AgentDouble } from '../agent/vendor/master/agent-double.ts';
import { activationIn, readLicense, tell } from '../agent/vendor/master/master-rig.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { codeOf, TERMS, VendorHouse } from './vendor-house.ts';

story('I5: a master activates for one computer, moves it, and is told in order', async () => {
  await using house = await VendorHouse.open();
  const license = await house.issue('--refresh', '30:5', '--master', house.url);
  const { id } = license.license;
  const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
  const told = await house.ask(one.request('activate', [license]));
  const { bytes, origin } = activationIn(told);
  assert.is(origin?.certificate?.uses.length, 3);
  assert.equal((await house.ask(two.request('activate', [license]))).refusals, {
    [id]: 'agents-taken',
  });
  const list = await house.json<{ hostName: string; state: string }[]>('activation', 'list', id);
  assert.equal(
    list.map(({ hostName, state }) => [hostName, state]),
    [['one', 'active']],
  );

  const back = await house.ask(one.request('return', [license], [one.receipt(bytes)]));
  assert.equal(back.refusals, {});
  assert.equal((await house.ask(two.request('activate', [license]))).kinds, ['activation']);

  await house.master('activation', 'free', id, 'two', '--reason', 'It burnt.');
  assert.equal((await house.ask(two.request('refresh', [license]))).kinds, ['freed']);
  const lines = await house.json<{ kind: string }[]>('audit');
  assert.equal(
    lines.map(({ kind }) => kind),
    ['customer', 'issued', 'activated', 'returned', 'activated', 'freed'],
  );
});

story('I5: what the vendor changes comes with the next refresh', async () => {
  await using house = await VendorHouse.open();
  const license = await house.issue();
  const { id } = license.license;
  const agent = new AgentDouble('one');
  await house.ask(agent.request('activate', [license]));
  await house.master('license', 'suspend', id, '--reason', 'unpaid');
  assert.equal((await house.ask(agent.request('refresh', [license]))).kinds, ['suspended']);
  await house.master('license', 'resume', id);
  assert.equal((await house.ask(agent.request('refresh', [license]))).kinds, [
    'active',
    'activation',
  ]);
  await house.master('license', 'seats', id, '--seats', '9');
  await house.master('license', 'extend', id, '--expires', '2098-01-31');
  const told = await house.ask(agent.request('refresh', [license]));
  const fresh = told.documents.flatMap((one) =>
    one.kind === 'license' ? [one.signed.license] : [],
  );
  assert.is(fresh.length, 1);
  assert.is(fresh[0]?.pools[0]?.seats, 9);
  assert.equal(fresh[0]?.supersedes.includes(id), true);
  const found = await house.json<{ id: string }[]>('license', 'list', '--state', 'active');
  assert.equal(
    found.map((one) => one.id),
    [fresh[0]?.id],
  );
});

story('I5: after a power cut the master gives the same answer, and no second place', async () => {
  await using house = await VendorHouse.open();
  const license = await house.issue();
  const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
  const older = one.request('activate', [license]);
  const call = one.request('activate', [license]);
  const first = await house.ask(call);
  await house.end('SIGKILL');
  await house.serve();
  assert.equal((await house.ask(call)).bytes, first.bytes);
  assert.is(await codeOf(await house.post(older)), 'older-request');
  assert.equal((await house.ask(two.request('activate', [license]))).kinds, []);
  await house.end('SIGTERM');
  await house.serve('--restored');
  assert.match(await house.master('audit'), /restored from a backup/);
});

story(
  'I5: a vendor without a server answers a file, and the second computer is refused',
  async () => {
    await using site = await Site.open();
    await site.usher('vendor', 'keygen');
    const issued = await site.usher('vendor', 'issue', ...TERMS, '--out', 'license.txt');
    assert.is(issued.code, 0, issued.stderr);
    const license = readLicense(await readFile(site.file('license.txt'), 'utf8'));
    const mistyped = await site.usher('vendor', 'activation', 'list', '--ledger', 'legder');
    assert.is(mistyped.code, 1, mistyped.stdout);
    assert.match(mistyped.stderr, /legder keeps nothing yet: .*`usher vendor activate`\.\n$/);
    assert.is(await stat(site.file('legder')).catch(() => 'not made'), 'not made');
    const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
    const bring = async (file: string, call: MasterCall, ...more: readonly string[]) => {
      const blocks = [
        armor('request', call.request, primitives),
        ...call.receipts.map((receipt) => armor('receipt', receipt, primitives)),
      ];
      await writeFile(site.file(file), blocks.join('\n'));
      return site.usher('vendor', 'activate', file, ...more);
    };
    const first = await bring(
      'one.txt',
      one.request('activate', [license]),
      ...['--license', 'license.txt', '--out', 'response.txt'],
    );
    assert.is(first.code, 0, first.stderr);
    const text = await readFile(site.file('response.txt'), 'utf8');
    assert.match(text, /^-----BEGIN USHER ACTIVATION RESPONSE-----\n/);
    const second = await bring('two.txt', two.request('activate', [license]));
    assert.is(second.code, 1);
    assert.match(
      second.stderr,
      /active on another computer: return it there first.*\(agents-taken\)/,
    );
    const { bytes } = activationIn(tell(readArmored(text)));
    const there = await bring(
      'again.txt',
      one.request('activate', [license]),
      '--out',
      'again.txt',
    );
    assert.is(there.code, 1);
    assert.match(there.stderr, /^again\.txt exists already: choose another name\. See [^\n]+\n$/);
    const back = await bring('back.txt', one.request('return', [license], [one.receipt(bytes)]));
    assert.is(back.code, 0, back.stderr);
    const third = await bring('three.txt', two.request('activate', [license]));
    assert.is(third.code, 0, third.stderr);
    const asks = ['--license', 'asked.txt', '--policy', 'ask'];
    await site.usher('vendor', 'issue', ...TERMS, '--out', 'asked.txt');
    const asked = readLicense(await readFile(site.file('asked.txt'), 'utf8'));
    const open = await bring('four.txt', two.request('activate', [asked]), ...asks);
    assert.is(open.code, 1);
    assert.match(open.stderr, /\(undecided\)/);
    const granted = await site.usher('vendor', 'activate', 'four.txt', '--approve');
    assert.is(granted.code, 0, granted.stderr);
    const nothing = await site.usherWith('nothing', 'vendor', 'activate', '-');
    assert.is(nothing.code, 1);
    assert.match(nothing.stderr, /The text holds no activation request\./);
  },
);

const readArmored = (text: string): Uint8Array => {
  const digits = text.split('\n').filter((line) => !line.startsWith('-'));
  return new Uint8Array(Buffer.from(digits.join(''), 'base64')).slice(0, -4);
};

tellStories();
