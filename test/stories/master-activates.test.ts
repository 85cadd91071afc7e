import { readFile, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { armor } from '../../protocol/armor.ts';
import { CALL_TYPE, encodeMasterCall, type MasterCall } from '../../protocol/master-call.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import type { SignedLicense } from '../../protocol/signed-license.ts';
import {
  AgentDouble,
  activationIn,
  readLicense,
  type Told,
  tell,
} from '../agent/vendor/master/master-rig.ts';
import type { Running } from './program.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const TERMS = ['--product', 'acme-cad', '--customer', 'Example Ltd', '--seats', '3'] as const;

/** A vendor's folder with a master that runs in it, by an issuing key: the root key is elsewhere. */
class Vendorhouse implements AsyncDisposable {
  readonly site: Site;
  #serving: Running | undefined;
  #port = 0;

  private constructor(site: Site) {
    this.site = site;
  }

  static async open(...flags: readonly string[]): Promise<Vendorhouse> {
    const house = new Vendorhouse(await Site.open());
    const { site } = house;
    await site.usher('vendor', 'keygen', '--out', 'root.key');
    const issuer = await site.json<{ publicKey: string }>(
      'vendor',
      'keygen',
      '--out',
      'issuing.key',
    );
    const uses = 'licenses,activations,standings';
    await site.usher(
      ...['vendor', 'certify', '--key', 'root.key', '--issuer', issuer.publicKey],
      ...['--until', '2099-12-31', '--uses', uses, '--out', 'issuing.txt'],
    );
    await house.serve(...flags);
    await house.master('customer', 'add', 'Example Ltd', '--mail', 'it@example.com');
    return house;
  }

  /** The port that the system chose. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async serve(...flags: readonly string[]): Promise<void> {
    const keys = ['--key', 'issuing.key', '--certificate', 'issuing.txt'];
    const place = ['--data', 'house', '--port', String(this.#port)];
    this.#serving = this.site.start(['master', 'serve', ...place, ...keys, ...flags]);
    const [, port] = await this.#serving.saying(/Master on https?:\/\/127\.0\.0\.1:(\d+)\//);
    this.#port = Number(port);
  }

  /** Ends it: in good order, or as a power cut does. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#serving?.kill(signal);
    await this.#serving?.ending();
  }

  /** What somebody of the vendor's types; it must not be refused. */
  async master(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.site.usher('master', ...words, '--data', 'house');
    assert.is(code, 0, stderr);
    return stdout;
  }

  async json<T>(...words: readonly string[]): Promise<T> {
    return JSON.parse(await this.master(...words, '--json')) as T;
  }

  async issue(...more: readonly string[]): Promise<SignedLicense> {
    const { text } = await this.json<{ text: string }>('license', 'issue', ...TERMS, ...more);
    return readLicense(text);
  }

  /** What an agent posts. */
  post(call: MasterCall, headers: Record<string, string> = {}): Promise<Response> {
    return this.postBytes(encodeMasterCall(call), headers);
  }

  postBytes(body: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
    const type = { 'content-type': CALL_TYPE, 'usher-version': '1.0.0' };
    return fetch(`${this.url}/v1/requests`, {
      method: 'POST',
      headers: { ...type, ...headers },
      body: new Uint8Array(body),
    });
  }

  /** The answer to it. */
  async ask(call: MasterCall, headers: Record<string, string> = {}): Promise<Told> {
    const response = await this.post(call, headers);
    assert.is(response.status, 200);
    assert.is(response.headers.get('content-type'), CALL_TYPE);
    return tell(new Uint8Array(await response.arrayBuffer()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site.close();
  }
}

const codeOf = async (response: Response): Promise<unknown> => {
  const { code } = (await response.json()) as { code: unknown };
  return code;
};

story('I5: a master activates for one computer, moves it, and is told in order', async () => {
  await using house = await Vendorhouse.open();
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
  await using house = await Vendorhouse.open();
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
  await using house = await Vendorhouse.open();
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

story('I5: strangers at a master are refused, and cost nobody else anything', async () => {
  await using house = await Vendorhouse.open();
  const call = new AgentDouble('one').request('activate', [await house.issue()]);
  const bad = await house.postBytes(Uint8Array.of(1, 2, 3));
  assert.is(bad.status, 400);
  assert.is(await codeOf(bad), 'bad-request');
  const large = await house.postBytes(new Uint8Array(70_000));
  assert.is(large.status, 413);
  assert.is(await codeOf(large), 'too-large');
  const elsewhere = await fetch(`${house.url}/v1/other`, { method: 'POST' });
  assert.is(elsewhere.status, 404);
  const nobody = await fetch(`${house.url}/api/operation`, { method: 'POST', body: '{}' });
  assert.is(nobody.status, 401);
  const guess = { authorization: `Basic ${btoa('vera:wrong')}` };
  const codes: unknown[] = [];
  for (let i = 0; i < 12; i++) codes.push(await codeOf(await house.post(call, guess)));
  assert.is(codes[0], 'unauthorized');
  assert.is(codes.at(-1), 'locked-out');
  assert.equal((await house.ask(call)).kinds, ['activation']);
  // Many agents behind one address are answered; who goes on and on is asked to wait.
  let busy: Response | undefined;
  for (let round = 0; round < 40 && busy === undefined; round++) {
    const calls = await Promise.all(Array.from({ length: 20 }, () => house.post(call)));
    busy = calls.find(({ status }) => status === 503);
  }
  assert.is(busy?.headers.has('retry-after'), true);
});

story('I5: a customer signs in, sees its own, and has a file answered', async () => {
  await using house = await Vendorhouse.open('--require-sign-in');
  const license = await house.issue();
  const { id } = license.license;
  await house.master('customer', 'add', 'Other Ltd');
  await house.issue('--customer', 'Other Ltd', '--product', 'acme-sim');
  const password = 'correct horse battery';
  const set = [
    'master',
    'account',
    'set',
    'it@example.com',
    '--customer',
    'Example Ltd',
    '--stdin',
  ];
  const made = await house.site.usherWith(password, ...set, '--data', 'house');
  assert.is(made.code, 0, made.stderr);

  const agent = new AgentDouble('one');
  const nobody = await house.post(agent.request('activate', [license]));
  assert.is(await codeOf(nobody), 'unauthorized');
  const byLicense = { authorization: `Basic ${btoa(`${id}:IT@example.com`)}` };
  assert.equal((await house.ask(agent.request('activate', [license]), byLicense)).kinds, [
    'activation',
  ]);

  const post = async (path: string, value: unknown, token = ''): Promise<Response> =>
    fetch(`${house.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(value),
    });
  const door = await post('/api/sign-in', { name: 'it@example.com', password });
  const { token } = (await door.json()) as { token: string };
  const ask = async (question: unknown) =>
    (await (await post('/api/operation', question, token)).json()) as {
      kind: string;
      licenses?: { id: string; product: string }[];
      results?: { response: string }[];
    };
  const { licenses } = await ask({ kind: 'license-list' });
  assert.equal(
    licenses?.map((one) => one.id),
    [id],
  );
  assert.is(
    (await ask({ kind: 'license-project', license: id, project: 'Bridge' })).kind,
    'licenses',
  );
  assert.is(
    (await ask({ kind: 'license-standing', license: id, state: 'revoked' })).kind,
    'refused',
  );
  const { request } = agent.request('activate', [license]);
  const { results } = await ask({ kind: 'upload', text: armor('request', request, primitives) });
  assert.match(results?.[0]?.response ?? '', /^-----BEGIN USHER ACTIVATION RESPONSE-----\n/);
  assert.match((await ask({ kind: 'license-export' })).kind, 'text');
  await post('/api/sign-out', {}, token);
  assert.is((await post('/api/operation', { kind: 'license-list' }, token)).status, 401);
});

story('I5: a person decides at the master', async () => {
  await using house = await Vendorhouse.open();
  const license = await house.issue('--policy', 'ask');
  const { id } = license.license;
  const agent = new AgentDouble('one');
  assert.equal((await house.ask(agent.request('activate', [license]))).refusals, {
    [id]: 'undecided',
  });
  assert.match(await house.master('activation', 'requests'), /one .* open/);
  await house.master('activation', 'approve', id, 'one');
  assert.equal((await house.ask(agent.request('refresh', [license]))).kinds, ['activation']);
});

story(
  'I5: a vendor without a server answers a file, and the second computer is refused',
  async () => {
    await using site = await Site.open();
    await site.usher('vendor', 'keygen');
    const issued = await site.usher('vendor', 'issue', ...TERMS, '--out', 'license.txt');
    assert.is(issued.code, 0, issued.stderr);
    const license = readLicense(await readFile(site.file('license.txt'), 'utf8'));
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
    const back = await bring('back.txt', one.request('return', [license], [one.receipt(bytes)]));
    assert.is(back.code, 0, back.stderr);
    const third = await bring('three.txt', two.request('activate', [license]));
    assert.is(third.code, 0, third.stderr);
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
