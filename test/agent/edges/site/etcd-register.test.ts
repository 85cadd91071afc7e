import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RegisterAnswer, RegisterAsk } from '../../../../agent/core/site/register.ts';
import { EtcdRegister } from '../../../../agent/edges/site/etcd-register.ts';
import { DONE, Gateway, nobody, tell, tellError } from './gateway.ts';

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

test('it is told which member has answered, and since which election', async () => {
  const told = async (header: object): Promise<string | undefined> => {
    const said = { ...DONE, header: { revision: '7', ...header } };
    using etcd = await Gateway.open((_, response) => tell(response, said));
    const answer = await askOnce(WRITE, etcd.url);
    return answer.kind === 'transacted' ? answer.by : answer.sentence;
  };
  const member_id = '10501334649042878790';
  assert.is(await told({ member_id, raft_term: '2' }), `${member_id}/2`);
  assert.is(await told({ member_id, raft_term: '3' }), `${member_id}/3`);
  for (const odd of [{}, { member_id }, { member_id, raft_term: 'x'.repeat(1000) }]) {
    assert.is(await told(odd), undefined);
  }
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
  assert.is(etcd.heard.length, 3);
  const none = await askOnce(WRITE, gone, gone);
  assert.is(none.kind, 'silent');
  assert.match('sentence' in none ? none.sentence : '', 'nobody answers there');
});

test('what may have been heard and writes is not said again; what reads is', async () => {
  using mute = await Gateway.open((_, response) => response.destroy());
  using etcd = await Gateway.open((_, response) => tell(response, DONE));
  assert.is((await askOnce(WRITE, mute.url, etcd.url)).kind, 'silent');
  assert.is(etcd.heard.length, 0);
  const read = { ...READ, reads: [] };
  assert.is((await askOnce(read, mute.url, etcd.url)).kind, 'transacted');
  using sleepy = await Gateway.open(() => {});
  assert.is((await askOnce(read, sleepy.url, etcd.url)).kind, 'transacted');
  const register = open(sleepy.url, etcd.url);
  assert.is((await register.ask(WRITE, NEVER)).kind, 'silent');
  assert.is((await register.ask(WRITE, NEVER)).kind, 'transacted', 'another is asked first now');
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
