import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import { seconds } from '../../../protocol/units.ts';
import type { Script } from './scripted-agent.ts';
import { VirtualSite } from './virtual-site.ts';

const ending = suite('a seat that is ending');

/** Renewals are answered with this end. */
const endAs =
  (code: RefusalCode, left: (id: number) => number): Script =>
  ({ kind, id }) =>
    kind === 'renew' ? { kind: 'ending', id, term: seconds(left(id)), code } : undefined;

ending('an end in answer to a renewal is told, and the seat held until it comes', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.script = endAs('seats-reduced', () => 60);
  site.runUntil(() => client.kind === 'ending');
  assert.is(client.last('ending').code, 'seats-reduced');
  assert.is(client.last('ending').until, 60_002, 'a term never gets longer by an end');
  site.runUntil(() => client.kind === 'lost');
  assert.is(site.now, 60_002);
  assert.is(client.last('lost').code, 'seats-reduced');
  assert.is(client.last('lost').regaining, false);
  assert.is(client.kinds.filter((kind) => kind === 'ending').length, 1);
  site.run(3000);
  assert.ok(client.session.isOver);
  assert.is(agent.leases.size, 0);
});

ending('an end that comes sooner than the term counts from when the renewal was sent', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.script = endAs('disconnected', () => 10);
  site.runUntil(() => agent.count('renew') === 1);
  const sentAt = site.now - 1;
  site.runUntil(() => client.kind === 'ending');
  assert.is(client.until, sentAt + 10_000);
});

ending('goes on asking, but not busily, and is held again when renewed', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  agent.term = 600;
  const client = site.hold();
  let left = 400;
  const times: number[] = [];
  agent.script = (request, self) => {
    if (request.kind === 'renew') times.push(site.now);
    return endAs('seats-reduced', () => left)(request, self);
  };
  site.runUntil(() => client.kind === 'ending');
  left = 200;
  site.run(120_000);
  assert.ok(times.length >= 2 && times.length < 6, `${times.length} renewals`);
  agent.script = undefined;
  site.runUntil(() => client.kind === 'held');
  assert.ok((client.until ?? 0) > site.now + 590_000);
  site.run(600_000);
  assert.is(client.kind, 'held');
});

ending('is announced unasked and counts from then', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  const { clientKey } = client.session;
  const said = { kind: 'ending', id: 0, term: seconds(20), code: 'idle' } as const;
  site.deliver(agent, client, agent.say(clientKey, said));
  site.run(1);
  assert.is(client.kind, 'ending');
  assert.is(client.until, site.now + 20_000);
});

ending('a recording of what was announced takes no seat', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  const { clientKey } = client.session;
  const gone = { kind: 'refused', id: 0, code: 'not-held', inUse: 0, seats: 0 } as const;
  const recorded = agent.say(clientKey, gone);
  site.deliver(agent, client, recorded);
  site.runUntil(() => client.kind === 'lost');
  site.runUntil(() => client.kind === 'held');
  site.deliver(agent, client, recorded);
  site.run(100);
  assert.is(client.kind, 'held');
  const early = agent.say(clientKey, { ...gone, code: 'disconnected' });
  site.runUntil(() => agent.count('renew') > 0);
  site.run(100);
  site.deliver(agent, client, early);
  site.run(100);
  assert.is(client.kind, 'held', 'what is older than an answer heard is old');
  site.deliver(agent, client, agent.say(clientKey, { ...gone, code: 'disconnected' }));
  site.run(100);
  assert.is(client.last('lost').code, 'disconnected');
});

ending('an answer that an earlier renewal got does not undo it', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  const { clientKey } = client.session;
  let first = 0;
  agent.script = ({ kind, id }) => {
    if (kind !== 'renew') return undefined;
    if (first === 0) {
      first = id;
      return 'silence';
    }
    return { kind: 'ending', id, term: seconds(30), code: 'seats-reduced' };
  };
  site.runUntil(() => client.kind === 'ending');
  const late = { kind: 'renewed', id: first, term: seconds(60) } as const;
  site.deliver(agent, client, agent.say(clientKey, late));
  site.run(100);
  assert.is(client.kind, 'ending');
});

ending('idle time goes along with every renewal, counted up by the session', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  site.runUntil(() => agent.count('renew') === 1);
  assert.is(agent.last('renew').idle, 0, 'who never says is used all the time');
  client.step({ kind: 'idle', seconds: seconds(100) });
  const saidAt = site.now;
  site.runUntil(() => agent.count('renew') === 3);
  const counted = 100 + Math.floor((site.now - 1 - saidAt) / 1000);
  assert.is(agent.last('renew').idle, counted);
});

ending('an application that is used again says so at once when its seat ends for that', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  client.step({ kind: 'idle', seconds: seconds(1000) });
  agent.script = ({ kind, id }) =>
    kind === 'renew' && agent.last('renew').idle > 0
      ? { kind: 'ending', id, term: seconds(30), code: 'idle' }
      : undefined;
  site.runUntil(() => client.kind === 'ending');
  const before = agent.count('renew');
  client.step({ kind: 'idle', seconds: seconds(0) });
  site.run(3);
  assert.is(agent.count('renew'), before + 1);
  assert.is(client.kind, 'held');
  // However often it says so.
  for (let i = 0; i < 100; i++) client.step({ kind: 'idle', seconds: seconds(0) });
  site.run(10);
  assert.is(agent.count('renew'), before + 1);
});

ending('an application in use does not renew faster while its seat ends for want of use', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.script = endAs('idle', () => 30);
  site.runUntil(() => client.kind === 'ending');
  const before = agent.count('renew');
  for (let i = 0; i < 100; i++) client.step({ kind: 'idle', seconds: seconds(0) });
  site.run(100);
  assert.is(agent.count('renew'), before, 'the agent was told that it is used');
});

ending.run();
