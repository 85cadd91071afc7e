import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { EndpointView } from '../../../../agent/core/site/site-view.ts';
import { EtcdRegister } from '../../../../agent/edges/site/etcd-register.ts';
import { DONE, Gateway, tell, tellError } from './gateway.ts';

const NEVER = new AbortController().signal;
const LOGIN = '/v3/auth/authenticate';
const STATUS = '/v3/maintenance/status';
const SAID = {
  header: { member_id: '7' },
  version: '3.6.1',
  dbSize: '4096',
  leader: '7',
  raftIndex: '12',
  raftAppliedIndex: '10',
};

const look = async (etcd: Gateway): Promise<EndpointView | undefined> => {
  const register = new EtcdRegister({
    endpoints: [etcd.url],
    prefix: '/p/',
    trust: { authority: undefined, certificate: undefined },
    login: { user: 'ann', password: 'secret' },
  });
  try {
    return (await register.look(NEVER))[0];
  } finally {
    register.close();
  }
};

test('an etcd that tells its status to nobody unknown tells it to a member', async () => {
  using etcd = await Gateway.open(({ path, token }, response) => {
    if (path === LOGIN) return tell(response, { token: 't' });
    if (token === 't') return tell(response, SAID);
    return tellError(response, 400, 3, 'etcdserver: user name is empty');
  });
  const { standing, version, behind, trouble } = (await look(etcd)) ?? {};
  assert.equal([standing, version, behind, trouble], ['leader', '3.6.1', 2, null]);
  assert.equal(etcd.paths, [STATUS, LOGIN, STATUS]);
});

test('one that tells it to administrators alone serves, if it answers what members ask', async () => {
  using etcd = await Gateway.open(({ path, token }, response) => {
    if (path === LOGIN) return tell(response, { token: 't' });
    if (path === STATUS) return tellError(response, 403, 7, 'etcdserver: permission denied');
    if (token === 't') return tell(response, DONE);
    return tellError(response, 400, 3, 'etcdserver: user name is empty');
  });
  const { standing, version, behind, trouble } = (await look(etcd)) ?? {};
  assert.equal([standing, version, behind, trouble], ['serves', null, null, null]);
});

test('etcd says itself who decides in it, where it tells', async () => {
  const members = [{ ID: '1' }, { ID: '2', isLearner: true }, { ID: '3' }, {}, null];
  using etcd = await Gateway.open((_, response) => tell(response, { ...DONE, members }));
  using mute = await Gateway.open((_, response) =>
    tellError(response, 403, 7, 'etcdserver: permission denied'),
  );
  const ask = async (...endpoints: readonly URL[]) => {
    const trust = { authority: undefined, certificate: undefined };
    const register = new EtcdRegister({ endpoints, prefix: '/p/', trust, login: null });
    const voters = await register.voters(NEVER);
    register.close();
    return voters;
  };
  assert.equal(await ask(mute.url, etcd.url), ['1', '3']);
  assert.is(await ask(mute.url), null);
});

test('one that answers nothing of that says why', async () => {
  using etcd = await Gateway.open((_, response) =>
    tellError(response, 403, 7, 'etcdserver: permission denied'),
  );
  const { standing, trouble } = (await look(etcd)) ?? {};
  assert.is(standing, 'unreachable');
  assert.is(trouble, `${etcd.url.origin} answers: etcdserver: permission denied.`);
});

test.run();
