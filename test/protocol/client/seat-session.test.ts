import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualSite, WISH } from './virtual-site.ts';

const sessions = suite('seat session');

sessions('finds an agent, takes a seat, proves its license and holds it', () => {
  const site = new VirtualSite();
  site.addAgent();
  const client = site.hold();
  assert.equal(client.kinds, ['seeking', 'held']);
  const held = client.last('held');
  assert.is(held.class, 'generic');
  assert.is(held.weight, 1);
  assert.is(held.overdraft, false);
  assert.is(held.licenses[0].license.product, WISH.product);
});

sessions(
  'an agent that falls silent is no refusal: the search goes on while there is patience',
  () => {
    const site = new VirtualSite();
    const agent = site.addAgent();
    const client = site.addClient({ patience: 10_000 });
    agent.script = () => (site.now < 4000 ? 'silence' : undefined);
    client.step({ kind: 'start' });
    site.runUntil(() => client.kind === 'held');
    assert.ok(site.now >= 4000 && site.now < 10_000);
  },
);

sessions('an agent that stays silent is told when patience is over', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  agent.script = () => 'silence';
  const client = site.addClient({ patience: 10_000 });
  client.step({ kind: 'start' });
  site.runUntil(() => client.session.isOver);
  assert.is(client.last('failed').failure.kind, 'silent');
  assert.ok(site.now < 14_000, `told at ${site.now}`);
});

sessions('where nobody answers that is said when patience is over', () => {
  const site = new VirtualSite();
  const client = site.addClient();
  client.step({ kind: 'start' });
  site.runUntil(() => client.session.isOver);
  assert.is(client.last('failed').failure.kind, 'no-agent');
  assert.is(site.now, 3000);
});

sessions('an agent that refuses ends the search early', () => {
  const site = new VirtualSite();
  site.addAgent().seats = 0;
  const client = site.addClient();
  client.step({ kind: 'start' });
  site.runUntil(() => client.session.isOver);
  const { failure } = client.last('failed');
  assert.is(failure.kind === 'refused' && failure.code, 'no-seat');
  assert.ok(site.now < 1000);
});

sessions('an agent that does not answer does not keep others from being asked', () => {
  const site = new VirtualSite();
  const [silent, other] = [site.addAgent(), site.addAgent()];
  silent.script = () => 'silence';
  const client = site.hold();
  assert.ok(site.now < 1500, `held at ${site.now}`);
  assert.equal(client.last('held').agent.endpoint, other.endpoint);
  site.run(10_000);
  assert.ok(silent.count('release') > 0, 'it may have counted a seat');
  assert.is(other.count('release'), 0);
});

sessions('a seat is renewed in time even when proving its license took long', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  agent.script = ({ kind }) => (kind === 'document' && site.now < 2000 ? 'silence' : undefined);
  const client = site.hold();
  assert.ok(site.now >= 2000);
  site.runUntil(() => agent.count('renew') > 0);
  assert.ok(site.now <= 0.37 * 60_000 + 10, `renews at ${site.now}`);
  assert.is(client.kind, 'held');
});

sessions('a license that is removed while it is proven is a refusal, not a forgery', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  agent.script = ({ kind, id }) =>
    kind === 'document'
      ? { kind: 'refused', id, code: 'no-document', inUse: 0, seats: 0 }
      : undefined;
  const client = site.addClient();
  client.step({ kind: 'start' });
  site.runUntil(() => client.session.isOver);
  assert.is(client.last('failed').failure.kind, 'refused');
  site.run(100);
  assert.is(agent.leases.size, 0);
});

sessions('stops believing at the end of its term, counted from the first asking', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  let asked = 0;
  agent.script = ({ kind }) => (kind === 'acquire' && ++asked < 3 ? 'silence' : undefined);
  const client = site.hold({ regain: false });
  agent.isSilent = true;
  // The offer came after the way there and back.
  assert.is(client.until, 60_002);
  site.run(60_001 - site.now);
  assert.is(client.kind, 'unreachable');
  site.run(1);
  assert.is(client.until, undefined);
  assert.is(client.last('lost').code, 'not-renewed');
  assert.is(client.last('lost').regaining, false);
  site.runUntil(() => client.session.isOver);
});

sessions('a release is said until the agent has heard it', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  let lost = 0;
  site.loses = () => ++lost <= 2;
  client.step({ kind: 'release' });
  site.runUntil(() => client.session.isOver);
  assert.is(client.kind, 'released');
  assert.is(agent.leases.size, 0);
});

sessions('an agent that does not hear a release does not keep the application from ending', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.isSilent = true;
  const since = site.now;
  client.step({ kind: 'release' });
  site.runUntil(() => client.session.isOver);
  assert.is(client.kind, 'released');
  assert.ok(site.now - since < 2500, `after ${site.now - since} ms`);
});

sessions('a wish that fits into no datagram is said at once', () => {
  const site = new VirtualSite();
  const features = Array.from({ length: 64 }, (_, i) => `${i}`.padEnd(60, 'x'));
  const client = site.addClient({ wish: { ...WISH, features } });
  client.step({ kind: 'start' });
  assert.is(client.last('failed').failure.kind, 'too-long');
  assert.ok(client.session.isOver);
});

sessions('another process goes on with the session without using a number again', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const first = site.hold();
  const secret = new Uint8Array(32).fill(7);
  new DataView(secret.buffer).setUint32(0, 1);
  const { lastNumber } = first.session;
  const second = site.addClient({ secret, firstNumber: lastNumber + 1 });
  second.step({ kind: 'start' });
  site.runUntil(() => second.kind === 'held');
  assert.is(agent.leases.size, 1, 'it is the same session');
  const ids = agent.asked.map(({ request }) => request.id);
  assert.equal(
    ids,
    [...new Set(ids)].sort((a, b) => a - b),
  );
});

sessions.run();
