import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RegisterAnswer, RegisterAsk } from '../../../../agent/core/site/register.ts';
import { EtcdRegister } from '../../../../agent/edges/site/etcd-register.ts';
import { DONE, doneBy, Gateway, nobody, tell, tellError } from './gateway.ts';

const NEVER = new AbortController().signal;
const WRITE: RegisterAsk = {
  compares: [{ key: 'a', revision: 5 }],
  writes: [
    { key: 'a', value: Uint8Array.of(1, 255) },
    { key: 'b', value: null },
  ],
  reads: [],
};
const READ: RegisterAsk = {
  compares: [],
  writes: [],
  reads: [{ prefix: 'é', since: 3 }],
};

const open = (...endpoints: readonly URL[]): EtcdRegister =>
  new EtcdRegister({
    endpoints,
    prefix: '/p/',
    trust: { authority: undefined, certificate: undefined },
    login: null,
  });

const askOnce = async (ask: RegisterAsk, ...endpoints: readonly URL[]): Promise<RegisterAnswer> => {
  const register = open(...endpoints);
  try {
    return await register.ask(ask, NEVER);
  } finally {
    register.close();
  }
};

const STATUS = '/v3/maintenance/status';
const ASKED = '/v3/kv/txn';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('asks are said in etcd’s words, below the site’s prefix', async () => {
  using etcd = await Gateway.open((_, response) => tell(response, DONE));
  await askOnce(WRITE, etcd.url);
  assert.equal(etcd.heard[0], {
    path: '/v3/kv/txn',
    token: undefined,
    body: {
      compare: [{ key: base64('/p/a'), target: 'MOD', result: 'EQUAL', mod_revision: '5' }],
      success: [
        { request_put: { key: base64('/p/a'), value: 'Af8=' } },
        { request_delete_range: { key: base64('/p/b') } },
      ],
      failure: [],
    },
  });
  const struck = [{ key: 'c/', value: null, isPrefix: true }] as const;
  const compares = [{ key: 'a', revision: 5, orLater: true }] as const;
  await askOnce({ compares, writes: struck, reads: [] }, etcd.url);
  assert.equal(etcd.heard[1]?.body, {
    compare: [{ key: base64('/p/a'), target: 'MOD', result: 'GREATER', mod_revision: '4' }],
    success: [{ request_delete_range: { key: base64('/p/c/'), range_end: base64('/p/c0') } }],
    failure: [],
  });
  await askOnce(READ, etcd.url);
  const range = {
    key: base64('/p/é'),
    range_end: Buffer.concat([Buffer.from('/p/'), Buffer.of(0xc3, 0xaa)]).toString('base64'),
    min_mod_revision: '3',
    limit: '8193',
  };
  assert.equal(etcd.heard[2]?.body['failure'], [{ request_range: range }]);
});

test('entries come without the prefix, each once', async () => {
  const kv = { key: base64('/p/é1'), value: 'Af8=', mod_revision: '4' };
  const ranges = [{ response_range: { kvs: [kv, { ...kv, key: base64('/p/é2') }] } }];
  using etcd = await Gateway.open((_, response) =>
    tell(response, { ...DONE, responses: [{ response_put: {} }, ...ranges] }),
  );
  const answer = await askOnce(READ, etcd.url);
  const value = Uint8Array.of(1, 255);
  assert.equal(answer, {
    kind: 'transacted',
    isDone: true,
    revision: 7,
    entries: [
      { key: 'é1', value, revision: 4 },
      { key: 'é2', value, revision: 4 },
    ],
  });
});

test('what is no answer of etcd’s is silence; what is refused is said', async () => {
  using etcd = await Gateway.open(() => {});
  const kindOf = async (say: Gateway['say'], ask = READ): Promise<string> => {
    etcd.say = say;
    const answer = await askOnce(ask, etcd.url);
    return 'sentence' in answer ? `${answer.kind}: ${answer.sentence}` : answer.kind;
  };
  const entry = (fields: unknown): Gateway['say'] => {
    const responses = [{ response_range: { kvs: [fields] } }];
    return (_, response) => tell(response, { ...DONE, responses });
  };
  const silent: readonly Gateway['say'][] = [
    (_, response) => response.writeHead(200).end('<html>'),
    (_, response) => response.writeHead(200).end('[]'),
    (_, response) => response.writeHead(200).end('{"header":{}}'),
    (_, response) => tell(response, { ...DONE, header: { revision: '99999999999999999' } }),
    (_, response) => tell(response, DONE),
    entry({ key: base64('/other'), mod_revision: '1' }),
    entry({ key: 'é', mod_revision: '1' }),
    entry({ key: base64('/p/é'), value: 'AAA', mod_revision: '1' }),
    entry({ key: base64('/p/é'), value: '!!!!', mod_revision: '1' }),
    entry({ key: base64('/p/é'), mod_revision: 1.5 }),
    (_, response) => response.writeHead(404).end('404 page not found'),
    (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1' }).end(),
    (_, response) => tellError(response, 503, 14, 'etcdserver: request timed out'),
    // Cut in the middle of a character.
    (_, response) => response.writeHead(200).end(Buffer.from('{"a":"é"}').subarray(0, 7)),
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"header"');
      setImmediate(() => response.destroy());
    },
    (_, response) => response.destroy(),
  ];
  for (const say of silent) assert.match(await kindOf(say), /^silent: /, String(say));
  const refusing: Gateway['say'] = (_, response) =>
    tellError(response, 403, 7, 'etcdserver: permission \ndenied');
  assert.is(
    await kindOf(refusing),
    `refused: ${etcd.url.origin} answers: etcdserver: permission ?denied.`,
  );
});

test('an answer without end, and one with too many entries, are not taken', async () => {
  using etcd = await Gateway.open((_, response) => {
    response.writeHead(200);
    const more = (): void => void (response.destroyed || response.write(' '.repeat(65_536), more));
    more();
  });
  const endless = await askOnce(READ, etcd.url);
  assert.is(endless.kind, 'silent');
  const kvs = Array.from({ length: 8193 }, (_, i) => ({
    key: base64(`/p/é${i}`),
    mod_revision: '1',
  }));
  etcd.say = (_, response) => tell(response, { ...DONE, responses: [{ response_range: { kvs } }] });
  const many = await askOnce(READ, etcd.url);
  assert.equal(many, { kind: 'refused', sentence: 'The site has more than 8192 records.' });
});

test('where nobody answers the next is asked, and kept to', async () => {
  using etcd = await Gateway.open((_, response) => tell(response, DONE));
  const gone = await nobody();
  const register = open(gone, etcd.url);
  for (let i = 0; i < 3; i++) assert.is((await register.ask(WRITE, NEVER)).kind, 'transacted');
  register.close();
  assert.equal(etcd.paths, [STATUS, ASKED, ASKED, ASKED]);
  const none = await askOnce(WRITE, gone, gone);
  assert.is(none.kind, 'silent');
  assert.match('sentence' in none ? none.sentence : '', 'nobody answers there');
});

test('what may have been heard and writes is not said again; what reads is', async () => {
  using mute = await Gateway.open(({ path }, response) =>
    path === STATUS ? tell(response, doneBy('1')) : response.destroy(),
  );
  using etcd = await Gateway.open((_, response) => tell(response, doneBy('2')));
  assert.is((await askOnce(WRITE, mute.url, etcd.url)).kind, 'silent');
  assert.equal(etcd.paths, [STATUS]);
  const read = { ...READ, reads: [] };
  assert.is((await askOnce(read, mute.url, etcd.url)).kind, 'transacted');
  using sleepy = await Gateway.open(({ path }, response) => {
    if (path === STATUS) tell(response, doneBy('3'));
  });
  assert.is((await askOnce(read, sleepy.url, etcd.url)).kind, 'transacted');
  const register = open(sleepy.url, etcd.url);
  assert.is((await register.ask(WRITE, NEVER)).kind, 'silent');
  assert.is((await register.ask(WRITE, NEVER)).kind, 'transacted', 'another is asked first now');
  register.close();
});

/** Each says that it is another member of the cluster `id`. */
let members = 0;
const ofCluster = (id: string): Gateway['say'] => {
  const said = doneBy(String(++members), id);
  return (_, response) => tell(response, said);
};

const sentenceOf = (answer: RegisterAnswer): string =>
  'sentence' in answer ? `${answer.kind}: ${answer.sentence}` : answer.kind;

test('etcds of different clusters are asked nothing, whichever is named first', async () => {
  using one = await Gateway.open(ofCluster('1'));
  using two = await Gateway.open(ofCluster('2'));
  using three = await Gateway.open(ofCluster('3'));
  for (const urls of [
    [one.url, two.url],
    [two.url, one.url],
    [three.url, two.url, one.url],
    [await nobody(), one.url, two.url],
  ]) {
    const told = sentenceOf(await askOnce(WRITE, ...urls));
    assert.match(told, /^refused: http:\S+ and http:\S+ are of different clusters of etcd/);
  }
  for (const { paths } of [one, two, three]) assert.not(paths.includes(ASKED));
});

test('more than half of one cluster are believed, and those of another never asked', async () => {
  using one = await Gateway.open(ofCluster('1'));
  using two = await Gateway.open(ofCluster('1'));
  using other = await Gateway.open(ofCluster('2'));
  const register = open(other.url, one.url, two.url);
  assert.is((await register.ask(WRITE, NEVER)).kind, 'transacted');
  const seen = await register.look(NEVER);
  assert.equal(
    seen.map(({ trouble }) => trouble),
    [`It is of another cluster of etcd than ${one.url.origin}.`, null, null],
  );
  for (const etcd of [one, two]) etcd.say = (_, response) => response.destroy();
  assert.is((await register.ask({ ...READ, reads: [] }, NEVER)).kind, 'silent');
  assert.not(other.paths.includes(ASKED));
  register.close();
});

test('too few endpoints prove no cluster; one that was away is seen to be of it', async () => {
  using one = await Gateway.open(ofCluster('1'));
  using late = await Gateway.open((_, response) => response.destroy());
  const gone = await nobody();
  const few = sentenceOf(await askOnce(WRITE, one.url, gone, gone));
  assert.match(few, /^silent: 1 of 3 endpoints of etcd answers, and 2 have to at first\. http:/);
  const register = open(late.url, one.url);
  assert.is((await register.ask(WRITE, NEVER)).kind, 'transacted', 'half of them are enough');
  one.say = (_, response) => response.destroy();
  late.say = ofCluster('2');
  assert.match(
    sentenceOf(await register.ask({ ...READ, reads: [] }, NEVER)),
    `${late.url.origin} is of another cluster`,
  );
  assert.not(late.paths.includes(ASKED));
  late.say = ofCluster('1');
  assert.is((await register.ask({ ...READ, reads: [] }, NEVER)).kind, 'transacted');
  register.close();
});

test('who calls itself the same member has to prove it', async () => {
  const first = new Set<unknown>();
  const second = new Set<unknown>();
  const say =
    (keys: Set<unknown>): Gateway['say'] =>
    ({ body }, response) => {
      const [said] = (body['success'] ?? []) as readonly Readonly<
        Record<string, { key?: string }>
      >[];
      const { request_put: put, request_delete_range: strike, request_range: range } = said ?? {};
      if (put !== undefined) keys.add(put.key);
      if (strike !== undefined) keys.delete(strike.key);
      const key = range?.key;
      const kvs = keys.has(key) ? [{ key, value: 'AA==', mod_revision: '7' }] : [];
      const responses = range === undefined ? [] : [{ response_range: { kvs } }];
      tell(response, { ...doneBy('6'), responses });
    };
  using one = await Gateway.open(say(first));
  using two = await Gateway.open(say(second));
  const told = sentenceOf(await askOnce(WRITE, one.url, two.url));
  assert.match(told, /^refused: .* call themselves the same member of etcd, and are not/);
  assert.is(first.size + second.size, 0, 'the trial is taken away');
  two.say = say(first);
  assert.is((await askOnce(WRITE, one.url, two.url)).kind, 'transacted', 'two ways to one');
});

test('a cluster that was begun anew is taken when enough of its endpoints say so', async () => {
  using one = await Gateway.open(ofCluster('1'));
  using two = await Gateway.open(ofCluster('1'));
  const register = open(one.url, two.url);
  assert.is((await register.ask(WRITE, NEVER)).kind, 'transacted');
  one.say = ofCluster('9');
  assert.match(sentenceOf(await register.ask(WRITE, NEVER)), /is of another cluster/);
  assert.match(sentenceOf(await register.ask(WRITE, NEVER)), /^refused: .* different clusters/);
  two.say = ofCluster('9');
  assert.is((await register.ask(WRITE, NEVER)).kind, 'transacted');
  register.close();
});

test('who stops waits for nobody', async () => {
  using sleepy = await Gateway.open(() => {});
  const stop = new AbortController();
  const register = open(sleepy.url, sleepy.url);
  const asked = register.ask(READ, stop.signal);
  stop.abort();
  assert.is((await asked).kind, 'silent');
  register.close();
});

test.run();
