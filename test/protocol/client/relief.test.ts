import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeProof } from '../../../protocol/proof.ts';
import { makeLicense, type ScriptedAgent } from './scripted-agent.ts';
import { type VirtualClient, VirtualSite } from './virtual-site.ts';

const relief = suite('a spare takes over');

/** A seat held at the first of two agents. */
const twoAgents = (
  site: VirtualSite,
): {
  readonly first: ScriptedAgent;
  readonly spare: ScriptedAgent;
  readonly client: VirtualClient;
} => {
  const [first, spare] = [site.addAgent(), site.addAgent()];
  spare.document = makeProof(makeLicense(2));
  spare.isSilent = true;
  const client = site.hold();
  spare.isSilent = false;
  return { first, spare, client };
};

relief('when an agent dies, and without a gap', () => {
  const site = new VirtualSite();
  const { first, spare, client } = twoAgents(site);
  first.isSilent = true;
  site.runUntil(() => client.kind === 'unreachable');
  const unreachableAt = site.now;
  const until = client.until ?? 0;
  site.runUntil(() => client.kind === 'held');
  assert.equal(client.last('held').agent.endpoint, spare.endpoint);
  assert.ok(site.now >= (unreachableAt + until) / 2, 'not before half of the rest is over');
  assert.ok(site.now < until, 'in time');
  assert.equal(client.kinds, ['seeking', 'held', 'unreachable', 'held']);
  site.run(600_000);
  assert.is(client.kind, 'held');
});

relief('the old agent hears that its seat is free when it comes back soon', () => {
  const site = new VirtualSite();
  const { first, spare, client } = twoAgents(site);
  first.isSilent = true;
  site.runUntil(() => spare.leases.size > 0);
  site.runUntil(() => client.kind === 'held');
  assert.is(first.leases.size, 1);
  site.run(60_000);
  first.isSilent = false;
  site.run(60_000);
  assert.is(first.leases.size, 0, 'no seat is counted twice');
  assert.is(spare.leases.size, 1);
  assert.equal(client.last('held').agent.endpoint, spare.endpoint);
});

relief('an old agent that answers first keeps the seat, and the new one is released', () => {
  const site = new VirtualSite();
  const { first, spare, client } = twoAgents(site);
  first.isSilent = true;
  // The spare grants, but is slow to show its license.
  spare.script = ({ kind }) => (kind === 'document' ? 'silence' : undefined);
  site.runUntil(() => spare.leases.size > 0);
  first.isSilent = false;
  site.runUntil(() => client.kind === 'held');
  assert.equal(client.last('held').agent.endpoint, first.endpoint);
  spare.script = undefined;
  site.run(30_000);
  assert.is(spare.leases.size, 0);
  assert.is(first.leases.size, 1);
  assert.is(client.kind, 'held');
});

relief('a spare without a free seat is not asked', () => {
  const site = new VirtualSite();
  const { first, spare, client } = twoAgents(site);
  spare.seats = 0;
  first.isSilent = true;
  site.runUntil(() => client.kind === 'lost');
  assert.is(spare.count('acquire'), 0);
  site.runUntil(() => spare.count('acquire') > 0);
  assert.is(client.kind, 'lost', 'only who has lost its seat asks whoever there is');
});

relief('an agent that has moved is followed, and no spare is asked', () => {
  const site = new VirtualSite();
  const { first, spare, client } = twoAgents(site);
  spare.seats = 0;
  first.endpoint = { address: '10.0.1.99', port: 24_711 };
  site.runUntil(() => client.kind === 'unreachable');
  site.runUntil(() => client.kind === 'held');
  assert.equal(client.last('held').agent.endpoint, first.endpoint);
  assert.is(first.count('acquire'), 1);
});

relief('an agent that starts anew goes on without a word', () => {
  const site = new VirtualSite();
  const { first, client } = twoAgents(site);
  site.runUntil(() => first.count('renew') === 1);
  first.restart();
  site.run(600_000);
  assert.equal(client.kinds, ['seeking', 'held']);
});

relief('an application that goes while a spare is asked leaves no seat anywhere', () => {
  const site = new VirtualSite();
  const { first, spare, client } = twoAgents(site);
  first.isSilent = true;
  spare.script = ({ kind }) => (kind === 'document' ? 'silence' : undefined);
  site.runUntil(() => spare.leases.size > 0);
  client.step({ kind: 'release' });
  first.isSilent = false;
  site.runUntil(() => client.session.isOver);
  assert.is(spare.leases.size, 0);
  assert.is(first.leases.size, 0);
});

relief.run();
