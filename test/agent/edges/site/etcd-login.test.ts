import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RegisterAsk } from '../../../../agent/core/site/register.ts';
import { EtcdRegister } from '../../../../agent/edges/site/etcd-register.ts';
import { DONE, Gateway, tell, tellError } from './gateway.ts';

const NEVER = new AbortController().signal;
const ASK: RegisterAsk = { compares: [], writes: [], reads: [] };
const LOGIN = '/v3/auth/authenticate';
const ASKED = '/v3/kv/txn';

const open = (...endpoints: readonly URL[]): EtcdRegister =>
  new EtcdRegister({
    endpoints,
    prefix: '/p/',
    trust: { authority: undefined, certificate: undefined },
    login: { user: 'ann', password: 'sécret' },
  });

test('one login serves until it ends; then one is made anew for all who ask', async () => {
  let token = 't1';
  using etcd = await Gateway.open(({ path, token: told }, response) => {
    if (path === LOGIN) return tell(response, { token });
    if (told === token) return tell(response, DONE);
    return tellError(response, 401, 16, 'etcdserver: invalid auth token');
  });
  const register = open(etcd.url);
  const kinds = async (): Promise<readonly string[]> =>
    (await Promise.all([1, 2, 3].map(() => register.ask(ASK, NEVER)))).map(({ kind }) => kind);
  assert.equal(await kinds(), ['transacted', 'transacted', 'transacted']);
  assert.equal(etcd.heard[0]?.body, { name: 'ann', password: 'sécret' });
  assert.equal(etcd.paths, [LOGIN, ASKED, ASKED, ASKED]);
  token = 't2';
  assert.equal(await kinds(), ['transacted', 'transacted', 'transacted']);
  assert.is(etcd.paths.filter((path) => path === LOGIN).length, 2);
  register.close();
});

test('a wrong password is refused, without an end of tries', async () => {
  using etcd = await Gateway.open((_, response) =>
    tellError(response, 400, 3, 'etcdserver: authentication failed, invalid user ID or password'),
  );
  const register = open(etcd.url);
  const answer = await register.ask(ASK, NEVER);
  assert.is(answer.kind, 'refused');
  assert.equal(etcd.paths, [LOGIN]);
  register.close();
});

test('a token that never holds ends in a refusal', async () => {
  using etcd = await Gateway.open(({ path }, response) => {
    if (path === LOGIN) return tell(response, { token: 't' });
    return tellError(response, 401, 16, 'etcdserver: invalid auth token');
  });
  const register = open(etcd.url);
  assert.is((await register.ask(ASK, NEVER)).kind, 'refused');
  assert.equal(etcd.paths, [LOGIN, ASKED, LOGIN, ASKED]);
  register.close();
});

test('an etcd that asks nobody who they are is asked without; a token of no use is none', async () => {
  using etcd = await Gateway.open(({ path }, response) => {
    if (path !== LOGIN) return tell(response, DONE);
    return tellError(response, 412, 9, 'etcdserver: authentication is not enabled');
  });
  const register = open(etcd.url);
  assert.is((await register.ask(ASK, NEVER)).kind, 'transacted');
  assert.is(etcd.heard[1]?.token, undefined);
  register.close();
  etcd.say = (_, response) => tell(response, { token: 'a\nb' });
  const other = open(etcd.url);
  assert.is((await other.ask(ASK, NEVER)).kind, 'silent');
  other.close();
});

test('a login unheard is made at the next', async () => {
  using mute = await Gateway.open((_, response) => response.destroy());
  using etcd = await Gateway.open(({ path }, response) =>
    tell(response, path === LOGIN ? { token: 't' } : DONE),
  );
  const register = open(mute.url, etcd.url);
  assert.is((await register.ask(ASK, NEVER)).kind, 'transacted');
  register.close();
});

test.run();
