import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MOVED_PREFIX, POOL_PREFIX } from '../../../../agent/core/site/site-keys.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, RigClient, renew } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import {
  BELIEF_MS,
  DEATH_MS,
  dyingOwner,
  freeAt,
  type Scene,
  show,
  shown,
  TERMS,
} from './adoption-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const adoption = suite('adoption');

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

adoption('a move that others were faster than is asked for anew at once', () => {
  const scene = dyingOwner(2);
  const { rig, others, ticket } = scene;
  const [other] = others;
  assert.ok(other);
  const client = new RigClient(other, 1);
  other.isLate = ({ writes }) => writes.some(({ key }) => key.startsWith(MOVED_PREFIX));
  client.ask(shown(ticket));
  rig.pass(2500, others);
  // Another changes the shares meanwhile, and it is heard of sooner than what came of the move.
  const [pool] = [...rig.register.kept].filter(([key]) => key.startsWith(POOL_PREFIX));
  assert.ok(pool);
  rig.register.write(pool[0], pool[1].value);
  rig.pass(500, others);
  assert.is(wordOf(client.read(other.answerLate())), 'granted');
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
  // Silence: it is not lost, it goes on where it was taken over.
  assert.is(wordOf(scene.client.read(scene.client.ask(renew(9)))), 'nothing');
});

/** A client that goes from member to member: all but one live, and it shows a ticket. */
class Wanderer {
  readonly #rig: SiteRig;
  readonly #clients: Map<SiteMember, RigClient>;
  #id = 1;
  ticket: Uint8Array;

  constructor({ rig, owner, client, ticket }: Scene) {
    this.#rig = rig;
    this.#clients = new Map([[owner, client]]);
    this.ticket = ticket;
  }

  at(member: SiteMember): RigClient {
    const client = this.#clients.get(member) ?? new RigClient(member, 1);
    this.#clients.set(member, client);
    return client;
  }

  goOn(to: SiteMember, dead: SiteMember): void {
    const client = this.at(to);
    const effects = client.ask(shown(this.ticket, ++this.#id));
    const living = this.#rig.members.filter((member) => member !== dead);
    const isDecided = effects.some(({ kind }) => kind === 'commit');
    const settled = isDecided ? to.settle(effects) : [];
    const granted = client.read([...settled, ...this.#rig.pass(DEATH_MS, living)]);
    assert.ok(granted?.kind === 'granted' && granted.takeover, wordOf(granted));
    this.ticket = granted.takeover.ticket;
  }

  release(at: SiteMember): void {
    at.settle(this.at(at).ask({ kind: 'release', id: ++this.#id }));
  }
}

adoption('a lease goes on from member to member, back to one that it has left', () => {
  const scene = dyingOwner(3);
  const { rig, owner, others } = scene;
  const [first, second] = others;
  assert.ok(first && second);
  const wanderer = new Wanderer(scene);
  wanderer.goOn(first, owner);
  wanderer.goOn(second, first);
  // It has come back, and holds no seat back that has gone on.
  rig.pass(1000);
  wanderer.goOn(first, second);
  rig.pass(1000);
  wanderer.goOn(owner, first);
});

adoption('what has gone on to a third is missed by nobody at the second', () => {
  const rig = new SiteRig(3, { ...TERMS, pools: [plainPool(2)] });
  rig.pass(2000);
  const [owner, first, second] = rig.members;
  assert.ok(owner && first && second);
  const lend = (member: SiteMember, number: number) => {
    const client = new RigClient(member, number);
    const soon = client.ask(acquire(1));
    const isDecided = soon.some(({ kind }) => kind === 'commit');
    const later = isDecided ? member.settle(soon) : rig.pass(DEATH_MS);
    const granted = client.read([...soon, ...later]);
    assert.ok(granted?.kind === 'granted' && granted.takeover, wordOf(granted));
    return { client, ticket: granted.takeover.ticket };
  };
  const bob = lend(first, 2);
  const wanderer = new Wanderer({ rig, owner, others: [first, second], ...lend(owner, 1) });
  rig.pass(1000);
  wanderer.goOn(first, owner);
  wanderer.goOn(second, first);
  rig.pass(1000);
  // It has one seat less, and nothing to hold back for it: the other one's is not too many.
  assert.is(wordOf(bob.client.read(bob.client.ask(renew(9)))), 'renewed');
});

adoption('the same, though its client has given up asking, and asked anew', () => {
  const scene = dyingOwner(3);
  const { rig, owner, others } = scene;
  const [first, second] = others;
  assert.ok(first && second);
  const wanderer = new Wanderer(scene);
  const { ticket } = wanderer;
  wanderer.goOn(first, owner);
  // It has not heard that it was granted.
  wanderer.ticket = ticket;
  wanderer.release(first);
  wanderer.goOn(first, owner);
  wanderer.goOn(second, first);
  rig.pass(1000);
  wanderer.goOn(first, second);
});

adoption.run();
