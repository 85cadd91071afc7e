/** Drills: what is done when a password or the secret of cookies may be known to somebody else. */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import * as assert from 'uvu/assert';
import { NONCE_SIZE } from '../../protocol/limits.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { type Offer, SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover, parseFrame } from '../../protocol/packet.ts';
import { seconds } from '../../protocol/units.ts';
import { BenchSession } from '../../scripts/bench/bench-session.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';
import { VendorHouse } from './vendor-house.ts';

story(
  'a staff password is replaced: who signed in with it is out, what was done is told',
  async () => {
    await using house = await VendorHouse.open();
    const { id } = await house.order();
    const first = (await house.master('account', 'set', 'vera')).split('\n')[0] ?? '';
    const post = (path: string, value: unknown, token = '') =>
      fetch(`${house.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(value),
      });
    const signIn = (password: string) => post('/api/sign-in', { name: 'vera', password });
    const { token } = (await (await signIn(first)).json()) as { token: string };
    const suspend = {
      kind: 'license-standing',
      license: id,
      state: 'suspended',
      reason: 'by a thief',
    };
    assert.is((await post('/api/operation', suspend, token)).status, 200);

    const second = (await house.master('account', 'set', 'vera')).split('\n')[0] ?? '';
    assert.is.not(second, first);
    assert.is((await post('/api/operation', { kind: 'license-list' }, token)).status, 401);
    assert.is((await signIn(first)).status, 401);
    assert.is((await signIn(second)).status, 200);
    assert.match(await house.master('audit'), /vera, from 127\.0\.0\.1 .*suspended: by a thief/);
    await house.master('license', 'resume', id);
    assert.match(await house.master('audit'), /standing .* active *$/m);
  },
);

/** Asks and takes the first datagram that comes; nothing where none does. */
const ask = async (socket: Socket, port: number, bytes: Uint8Array, patience: number) => {
  const heard = once(socket, 'message', { signal: AbortSignal.timeout(patience) });
  socket.send(bytes, port, '127.0.0.1');
  return heard.then(
    ([said]) => new Uint8Array(said as Buffer),
    () => undefined,
  );
};

const askOffer = (socket: Socket, port: number): Promise<Offer> =>
  until('an offer', async () => {
    const nonce = systemEntropy(NONCE_SIZE);
    const discover = buildDiscover({ nonce, versions: SPOKEN, product: null });
    const said = await ask(socket, port, discover, 1000);
    const frame = said && parseFrame(said);
    return typeof frame === 'object' && frame.kind === 'offer' ? frame.offer : undefined;
  });

story('the secret of cookies goes with the agent that had it, and seats do not', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense({ term: seconds(10) });
  const worker = await site.work();
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const before = await askOffer(socket, site.port);
  agent.kill('SIGTERM');
  await agent.ending();
  await site.serve();

  const after = await askOffer(socket, site.port);
  assert.not.equal([...after.cookie], [...before.cookie]);
  const hello = (offer: Offer): Uint8Array =>
    new BenchSession(offer, { address: '127.0.0.1', port: site.port }, 1).acquire('acme-cad');
  const drops = async () => (await site.status()).counters['dropped no-cookie'] ?? 0;
  const dropped = await drops();
  socket.send(hello({ ...after, cookie: before.cookie }), site.port, '127.0.0.1');
  await until('it was dropped', async () => (await drops()) === dropped + 1 || undefined);
  assert.ok(await ask(socket, site.port, hello(after), 5000), 'a cookie of now is answered');
  socket.close();
  assert.is(await goHome(worker), 0);
  assert.not.match(worker.said, /lost|taken/);
});

tellStories();
