/**
 * Runs the world of one family: a parent with seats of a vendor's, its children and theirs, each an
 * agent of its own that crashes, loses calls, and is changed from afar.
 */

import type { ChildChange } from '../../agent/core/child-operations.ts';
import { AgentHost } from './agent-host.ts';
import { Host, WALL_START } from './clocks.ts';
import { Disk } from './disk.ts';
import {
  BUSY_HOURS_MAX,
  DAY_MS,
  DISK,
  DRIFT,
  installLicense,
  LINK,
  licenseOf,
  type Member,
  MINUTE_MS,
  meddle,
  PATIENCE_DAYS,
  poolOf,
  someChange,
} from './family-ground.ts';
import { Guest } from './family-guest.ts';
import { Network } from './network.ts';
import type { Random } from './random.ts';
import { Violation, type World } from './world.ts';

const PRODUCT = 'family';
const LOST = { ok: false, code: 'unreachable', sentence: 'Lost.', version: null } as const;
/** One family until everything is over, or to the first broken promise. */
export const liveAsFamily = (world: World, random: Random): void => {
  new Family(world, random).live();
};

class Family {
  readonly #world: World;
  readonly #random: Random;
  readonly #network: Network;
  readonly #members: Member[] = [];
  #guests: readonly Guest[] = [];
  readonly #seats: number;
  #ports = 0;
  #busyHours = 0;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
    this.#network = new Network(world, random.fork(), LINK);
    this.#seats = random.whole(3, 8);
    const parent = this.#addMember(undefined);
    const first = this.#addMember(parent);
    if (random.chance(0.7)) this.#addMember(parent);
    if (random.chance(0.6)) this.#addMember(first);
    installLicense(parent.agent, this.#random, PRODUCT, this.#seats);
  }

  live(): void {
    const { agent } = this.#members[0] as Member;
    agent.boot();
    for (const member of this.#members.slice(1)) {
      member.agent.boot();
      this.#world.in(this.#random.between(0, DAY_MS), () => this.#found(member));
    }
    const days = this.#random.whole(3, 24);
    for (const member of this.#members.slice(1)) {
      if (this.#random.chance(0.3)) this.#world.in(2 * DAY_MS, () => this.#cut(member));
    }
    for (let i = this.#random.whole(6, 12); i > 0; i--) {
      this.#world.in(this.#random.between(0, days * DAY_MS), () => this.#busyHour());
    }
    this.#world.runUntil((days + PATIENCE_DAYS) * DAY_MS);
  }

  #addMember(parent: Member | undefined): Member {
    const [world, random, i] = [this.#world, this.#random, this.#members.length];
    const host = new Host(`family-${i}`, 'agents', world, random.fork(), DRIFT);
    const agent = new AgentHost({
      world,
      network: this.#network,
      host,
      disk: new Disk(world, random.fork(), DISK),
      random: random.fork(),
      watch: {
        booted: () => {},
        // While it reads its store it knows nothing yet.
        stepped: (_, event) => event.kind !== 'restored' && this.#check(),
      },
      address: `10.1.0.${i}`,
      idleSessionsMax: 100,
    });
    const member = {
      agent,
      parent,
      account: `family-${i}`,
      isStarted: parent === undefined,
      isCut: false,
    };
    agent.onAsk = (number, body) => this.#carry(member, number, body);
    this.#members.push(member);
    return member;
  }

  /** Has a parent create the license of a child, and the child add and activate it. */
  #found(member: Member): void {
    const { parent, agent, account } = member;
    const license = parent && licenseOf(parent);
    const again = (): void => this.#world.in(MINUTE_MS * 20, () => this.#found(member));
    if (parent === undefined || license === undefined) return again();
    const depth = this.#random.chance(0.7) ? { most: 5, depth: 1 } : null;
    const wish = {
      ...this.#change(member),
      parent: 'http://parent',
      silent: false,
      hostCode: null,
      children: depth,
    };
    parent.agent.operate({ kind: 'child-create', license, account, wish }, (outcome) => {
      if (outcome.kind === 'refused' && outcome.code !== 'exists') return again();
      const show = { kind: 'child-block', id: account } as const;
      parent.agent.operate(show, (shown) => {
        if (shown.kind !== 'child-block') return again();
        agent.operate({ kind: 'license-add', text: shown.text }, () => {
          member.isStarted = true;
          agent.operate({ kind: 'license-activate', ids: [], credentials: null }, () => {});
        });
      });
    });
  }

  #change(member: Member): ChildChange {
    const { change, dates } = someChange(this.#random, this.#seats, this.#world.now);
    for (const date of dates) {
      this.#world.at((date - WALL_START) * 1000 - 2 * MINUTE_MS, () => {
        if (++this.#busyHours <= BUSY_HOURS_MAX) this.#rush(member);
      });
    }
    return change;
  }

  /** A call travels there and back; either way may be lost, and the question may come twice. */
  #carry(member: Member, number: number, body: Uint8Array): void {
    const { parent, agent } = member;
    const random = this.#random;
    const world = this.#world;
    const { agent: asker } = agent;
    const delay = (): number => random.skewed(5, 3000);
    let isAnswered = false;
    const answer: AgentHost['hearAnswer'] = (of, what) => {
      if (isAnswered || agent.agent !== asker) return;
      isAnswered = true;
      agent.hearAnswer(of, what);
    };
    world.in(30_000, () => answer(number, LOST));
    const copies = member.isCut ? 0 : random.pick([0, 1, 1, 1, 1, 2] as const);
    for (let i = 0; i < copies; i++) {
      world.in(delay(), () => {
        parent?.agent.callParent(body.slice(), (said) => {
          if (random.chance(0.15)) return;
          if (random.chance(0.1)) this.#strike(member);
          world.in(delay(), () => answer(number, { ...said, version: null }));
        });
      });
    }
  }

  /** The parent's power is cut when it has hardly spoken, and then it is to give less. */
  #strike(member: Member): void {
    const { parent, account } = member;
    if (parent === undefined) return;
    const random = this.#random;
    parent.agent.disk.fail(1000);
    this.#world.in(random.between(0, 5), () => parent.agent.crash(random.between(10, 2000)));
    this.#world.in(5000, () => {
      const pools = [{ class: 'generic', seats: 1, stages: [] }];
      const change = { parent: null, longest: null, children: null, pools, expires: null };
      parent.agent.operate({ kind: 'child-update', id: account, change }, () => {});
    });
    for (let i = 0; i < 2 * this.#seats; i++) {
      this.#world.in(random.between(5000, 60_000), () =>
        this.#invite(random.pick([member, parent])),
      );
    }
  }

  /** It reaches its parent no more; when it has to give up, everybody wants a seat. */
  #cut(member: Member): void {
    member.isCut = true;
    const world = this.#world;
    member.parent?.agent.operate({ kind: 'child-show', id: member.account }, (shown) => {
      const ends = shown.kind === 'child-show' ? shown.child.ends : null;
      if (ends === null) return;
      // From what was promised to it last: what is on its way yet may end later.
      world.at((ends - WALL_START) * 1000 - 2 * MINUTE_MS, () => this.#rush(member));
    });
    world.in(PATIENCE_DAYS * DAY_MS - 3 * MINUTE_MS, () => this.#rush(member));
  }

  #rush(member: Member): void {
    const { parent } = member;
    const family = [member, member, parent ?? member, ...this.#childrenOf(member)];
    for (let i = 0; i < 6 * this.#seats; i++) {
      const when = this.#random.between(0, 15 * MINUTE_MS);
      this.#world.in(when, () => this.#invite(this.#random.pick(family)));
    }
  }

  /** For some minutes everybody wants seats, while all is changed and breaks. */
  #busyHour(): void {
    if (++this.#busyHours > BUSY_HOURS_MAX) return;
    const random = this.#random;
    const length = random.between(2, 12) * MINUTE_MS;
    const sometime = (run: () => void): void => this.#world.in(random.between(0, length), run);
    for (let i = 3 * this.#seats; i > 0; i--)
      sometime(() => this.#invite(random.pick(this.#members)));
    for (let i = random.whole(1, 6); i > 0; i--)
      sometime(() => meddle(random.pick(this.#members), random, (member) => this.#change(member)));
    for (let i = random.whole(0, 4); i > 0; i--)
      sometime(() => this.#ask(random.pick(this.#members)));
    for (let i = random.whole(0, 2); i > 0; i--) {
      sometime(() => {
        const down = random.pick([
          random.skewed(10, 60_000),
          random.skewed(10, 3 * DAY_MS),
        ] as const);
        random.pick(this.#members)?.agent.crash(down);
      });
    }
    if (random.chance(0.3)) sometime(() => random.pick(this.#members)?.agent.disk.fail(20_000));
  }

  #invite(member: Member | undefined): void {
    if (member === undefined) return;
    const guest = new Guest({
      world: this.#world,
      network: this.#network,
      random: this.#random.fork(),
      agent: member.agent,
      product: PRODUCT,
      endpoint: { address: '10.2.0.1', port: 20_000 + ++this.#ports },
      onBelief: () => this.#check(),
    });
    this.#guests = [...this.#guests.filter(({ isGone }) => !isGone), guest];
    guest.come();
  }

  #ask(member: Member | undefined): void {
    if (member?.parent === undefined || !member.isStarted) return;
    member.agent.operate({ kind: 'license-refresh', ids: [] }, () => {});
  }

  /** Never more who believe in a seat than the vendor has signed, and never more to lend. */
  #check(): void {
    const believers = this.#guests.filter((guest) => guest.believes).length;
    if (believers > this.#seats) {
      const detail = `${believers} believe in a seat of ${this.#seats}: ${this.#members.map((one) => this.#describe(one)).join('; ')}`;
      throw new Violation('a family never has more believers than seats', detail);
    }
    for (const member of this.#members) this.#checkAllotments(member);
  }

  /** Who believes in a seat of a child's, or of its children's, its parent has kept one for. */
  #checkAllotments(member: Member): void {
    const own = poolOf(member);
    if (own === undefined) return;
    const used = this.#childrenOf(member).reduce((sum, child) => sum + this.#believersAt(child), 0);
    if (used <= own.allotted) return;
    const detail = `${member.account} keeps ${own.allotted} for its children, where ${used} are used`;
    throw new Violation('children have no more than their parent keeps for them', detail);
  }

  /** Who has what, for who reads of a broken promise. */
  #describe(member: Member): string {
    const pool = poolOf(member);
    const seats = `${pool?.lent} lent of ${pool?.licensed}, ${pool?.allotted} for children`;
    return `${member.account}: ${this.#believersHere(member)} believe, ${seats}`;
  }

  #believersHere({ agent }: Member): number {
    return this.#guests.filter(({ at, believes }) => at === agent && believes).length;
  }

  #believersAt(member: Member): number {
    const here = this.#believersHere(member);
    return this.#childrenOf(member).reduce((sum, child) => sum + this.#believersAt(child), here);
  }

  #childrenOf(member: Member): readonly Member[] {
    return this.#members.filter(({ parent }) => parent === member);
  }
}
