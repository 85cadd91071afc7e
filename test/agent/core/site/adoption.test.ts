import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, RigClient, renew } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const adoption = suite('adoption');

const TERMS = { term: seconds(60), pools: [plainPool(1)] };
/** Longer than it takes to find a member dead, and to move a lease. */
const DEATH_MS = 3000;
/** From then on nobody believes in what the dead one has lent: its last renewals, a term, and the margin. */
const BELIEF_MS = 10_000 + 60_000 + 1000 + 60_000 / 256;

interface Scene {
  readonly rig: SiteRig;
  readonly owner: SiteMember;
  readonly others: readonly SiteMember[];
  readonly ticket: Uint8Array;
  readonly client: RigClient;
}

const freeAt = (member: SiteMember | undefined): number =>
  [...(member?.agent.pools() ?? [])].reduce((sum, { free }) => sum + free, 0);

/** The only seat of the site is lent by one of its members, who falls silent. */
const dyingOwner = (members: number): Scene => {
  const rig = new SiteRig(members, TERMS);
  rig.pass(2000);
  const owner = rig.members.find((member) => freeAt(member) === 1);
  assert.ok(owner);
  const client = new RigClient(owner, 1);
  const granted = take(owner, client, 1);
  assert.ok(granted?.kind === 'granted' && granted.takeover);
  rig.pass(500);
  const others = rig.members.filter((member) => member !== owner);
  return { rig, owner, others, ticket: granted.takeover.ticket, client };
};

const shown = (ticket: Uint8Array, id = 2) => ({ ...acquire(id), ticket });

/** The client of the dead one, or another, shows its ticket to a member. */
const show = ({ rig, others, ticket }: Scene, to: SiteMember, number = 1): [RigClient, string] => {
  const client = new RigClient(to, number);
  assert.is(client.read(client.ask(shown(ticket))), undefined);
  return [client, wordOf(client.read(rig.pass(DEATH_MS, others)))];
};

adoption('a lease of a dead member goes on at another, and its seat with it', () => {
  const scene = dyingOwner(2);
  const [other] = scene.others;
  assert.ok(other);
  const [client, word] = show(scene, other);
  assert.is(word, 'granted');
  assert.is(wordOf(client.read(client.ask(renew(3)))), 'renewed');
});

adoption('while a member lives, none of its leases goes on elsewhere', () => {
  const { rig, ticket, others } = dyingOwner(2);
  const [other] = others;
  assert.ok(other);
  const client = new RigClient(other, 1);
  assert.is(client.read(client.ask(shown(ticket))), undefined);
  assert.is(wordOf(client.read(rig.pass(6000))), 'no-seat');
});

adoption('a lease is taken over once', () => {
  const scene = dyingOwner(3);
  const [first, second] = scene.others;
  assert.ok(first && second);
  assert.is(show(scene, first)[1], 'granted');
  const late = new RigClient(second, 1);
  const effects = late.ask(shown(scene.ticket));
  const word = wordOf(late.read([...effects, ...scene.rig.pass(2000, scene.others)]));
  assert.is(word, 'no-seat');
});

adoption('a ticket is worth nothing to another client', () => {
  const scene = dyingOwner(2);
  const [other] = scene.others;
  assert.ok(other);
  assert.is(show(scene, other, 2)[1], 'no-seat');
});

adoption(
  'a moved seat that comes back soon is lent to nobody while the dead one may be believed',
  () => {
    const scene = dyingOwner(2);
    const { rig, others } = scene;
    const [other] = others;
    assert.ok(other);
    const [client] = show(scene, other);
    client.ask({ kind: 'release', id: 3 });
    rig.pass(BELIEF_MS - DEATH_MS, others);
    assert.is(freeAt(other), 0);
    rig.pass(DEATH_MS, others);
    assert.is(freeAt(other), 1);
  },
);

adoption('a late ticket takes no seat that the dead one had lent to somebody else since', () => {
  const rig = new SiteRig(2, TERMS);
  rig.pass(2000);
  const owner = rig.members.find((member) => freeAt(member) === 1);
  const other = rig.members.find((member) => member !== owner);
  assert.ok(owner && other);
  const early = new RigClient(owner, 1);
  const granted = take(owner, early, 1);
  assert.ok(granted?.kind === 'granted' && granted.takeover);
  owner.settle(early.ask({ kind: 'release', id: 2 }));
  const heir = new RigClient(owner, 2);
  assert.is(wordOf(take(owner, heir, 1)), 'granted');
  rig.pass(500);
  // Shown before it was released, and on its way since: who showed it has no use for the answer.
  const late = new RigClient(other, 1);
  late.ask(shown(granted.takeover.ticket));
  rig.pass(DEATH_MS, [other]);
  other.settle(late.ask({ kind: 'release', id: 3 }));
  assert.is(wordOf(take(other, new RigClient(other, 3), 1)), 'no-seat');
  // Its member comes back: the lease ends softly, for its seat is elsewhere.
  rig.pass(1000);
  assert.is(wordOf(heir.read(heir.ask(renew(2)))), 'ending');
});

adoption('who comes back renews no lease that another has taken over', () => {
  const scene = dyingOwner(2);
  const [other] = scene.others;
  assert.ok(other);
  assert.is(show(scene, other)[1], 'granted');
  scene.rig.pass(1000);
  assert.is(wordOf(scene.client.read(scene.client.ask(renew(9)))), 'not-held');
});

adoption('a lease goes on from member to member, back to one that it has left', () => {
  const { rig, owner, others, ticket, client } = dyingOwner(3);
  const [first, second] = others;
  assert.ok(first && second);
  const clients = new Map([[owner, client]]);
  /** All but one live; it is shown to a member, and has a new ticket from there. */
  const goOn = (to: SiteMember, dead: SiteMember, id: number, before: Uint8Array): Uint8Array => {
    const client = clients.get(to) ?? new RigClient(to, 1);
    clients.set(to, client);
    client.ask(shown(before, id));
    const living = rig.members.filter((member) => member !== dead);
    const granted = client.read(rig.pass(DEATH_MS, living));
    assert.ok(granted?.kind === 'granted' && granted.takeover, wordOf(granted));
    return granted.takeover.ticket;
  };
  const atFirst = goOn(first, owner, 2, ticket);
  const atSecond = goOn(second, first, 3, atFirst);
  // It has come back, and holds no seat back that has gone on.
  rig.pass(1000);
  const again = goOn(first, second, 4, atSecond);
  rig.pass(1000);
  goOn(owner, first, 5, again);
});

adoption('the register keeps nothing of a move that is long over', () => {
  const scene = dyingOwner(2);
  const { rig, others } = scene;
  const [other] = others;
  assert.ok(other);
  show(scene, other);
  const moves = () => [...rig.register.kept.keys()].filter((key) => key.startsWith('moved/'));
  assert.is(moves().length, 1);
  rig.pass(BELIEF_MS, others);
  assert.is(moves().length, 0);
});

adoption.run();
