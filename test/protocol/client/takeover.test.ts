import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeProof } from '../../../protocol/proof.ts';
import { seconds } from '../../../protocol/units.ts';
import { makeLicense, type ScriptedAgent } from './scripted-agent.ts';
import { type VirtualClient, VirtualSite } from './virtual-site.ts';

const takeover = suite('another of a site takes over');

const TICKET = new Uint8Array(40).fill(7);

interface Scene {
  readonly site: VirtualSite;
  readonly first: ScriptedAgent;
  readonly other: ScriptedAgent;
  readonly client: VirtualClient;
}

/** A seat held at one agent of a site; the other one has none free. */
const heldOfSite = (): Scene => {
  const site = new VirtualSite();
  const [first, other] = [site.addAgent(), site.addAgent()];
  first.takeover = { ticket: TICKET, within: seconds(1) };
  other.document = makeProof(makeLicense(2));
  other.seats = 0;
  return { site, first, other, client: site.hold() };
};

takeover('a seat of a site is renewed often, and others are not', () => {
  const { site, first } = heldOfSite();
  site.run(10_000);
  assert.ok(first.count('renew') >= 10 && first.count('renew') <= 15, `${first.count('renew')}`);
});

takeover('the other one is shown the ticket soon, though it has no seat free', () => {
  const { site, first, other } = heldOfSite();
  site.run(5000);
  first.isSilent = true;
  const diedAt = site.now;
  site.runUntil(() => other.count('acquire') > 0);
  assert.ok(site.now - diedAt < 2500, `after ${site.now - diedAt} ms`);
  const asked = other.last('acquire');
  assert.equal(asked.ticket, TICKET);
  assert.is(asked.wait, false);
});

takeover('it is believed in until another has granted it, and then the old one is released', () => {
  const { site, first, other, client } = heldOfSite();
  other.script = ({ kind }) => (kind === 'acquire' && site.now < 8000 ? 'silence' : undefined);
  site.run(5000);
  first.isSilent = true;
  other.seats = 1;
  site.runUntil(() => client.kind === 'unreachable');
  site.runUntil(() => {
    assert.ok(client.until !== undefined, 'without a gap');
    return client.kind === 'held';
  });
  assert.equal(client.last('held').agent.endpoint, other.endpoint);
  first.isSilent = false;
  site.run(5000);
  assert.is(first.leases.size, 0);
});

takeover('refused, it shows the ticket again, as long as it believes', () => {
  const { site, first, other, client } = heldOfSite();
  site.run(5000);
  first.isSilent = true;
  site.run(20_000);
  assert.ok(other.count('acquire') >= 5, `${other.count('acquire')}`);
  site.runUntil(() => client.kind === 'lost' || client.session.isOver);
  const shown = other.count('acquire');
  site.run(60_000);
  const later = other.asked.filter(({ request }) => request.kind === 'acquire').slice(shown);
  assert.ok(later.every(({ request }) => !('ticket' in request)));
});

takeover('an agent that answers again keeps the seat', () => {
  const { site, first, other, client } = heldOfSite();
  site.run(5000);
  first.isSilent = true;
  site.runUntil(() => other.count('acquire') > 0);
  first.isSilent = false;
  site.run(10_000);
  assert.is(client.kind, 'held');
  assert.equal(client.last('held').agent.endpoint, first.endpoint);
});

takeover.run();
