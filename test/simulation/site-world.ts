/**
 * Runs the world of one site: some members that share the seats of a license by a register, and guests
 * who come and go, while everything breaks that can. Then peace: every seat can be had again.
 */

import { METER_PREFIX } from '../../agent/core/site/site-keys.ts';
import { seconds } from '../../protocol/units.ts';
import type { AgentHost } from './agent-host.ts';
import { METER } from './licenses.ts';
import { Network } from './network.ts';
import type { Random } from './random.ts';
import { SiteCopies } from './site-copies.ts';
import { SiteDraws } from './site-draws.ts';
import { DISK, DRIFT, drawLink, drawRegister, signShared } from './site-ground.ts';
import type { SiteGuest } from './site-guest.ts';
import {
  drawLimits,
  drawPerson,
  drawReserve,
  judgeLimits,
  judgeReserve,
  nextPerson,
  type Person,
  type SiteLimit,
  type SiteReserve,
} from './site-limits.ts';
import { SiteMourners } from './site-mourners.ts';
import { foundMember, meetGuest, type SiteGround } from './site-people.ts';
import { type Broken, judgeChanges } from './site-promises.ts';
import { type RegisterChange, SiteRegister } from './site-register.ts';
import { SiteResources } from './site-resources.ts';
import { RULES_KEY, SiteScribes } from './site-scribes.ts';
import { SiteTravels, sharedAsBorrowed, TRAVELS_END } from './site-travels.ts';
import { SiteUsers, USERS_KEY } from './site-users.ts';
import { Violation, type World } from './world.ts';

/** What the register's pauses, cuts and the deaths of members may take together, in milliseconds. */
const CHAOS_MS = 180_000;
/** Blocks come together, the dead are found, and waiters are called: all within this, beside the terms. */
const SETTLE_MS = 40_000;

/** More would only take longer. */
const VISITS_MAX = 130;

/** Of what each decides whether it is in a site, and what becomes of it. */
export interface SiteChances {
  readonly draws: Random;
  readonly resources: Random;
  readonly copies: Random;
  readonly mourners: Random;
}

/** One site, to the end of its peace or to the first broken promise. */
export const liveAsSite = (world: World, random: Random, chances: SiteChances): void => {
  new SiteWorld(world, random, chances).live();
};

class SiteWorld {
  readonly #world: World;
  readonly #random: Random;
  readonly #network: Network;
  readonly #register: SiteRegister;
  readonly #ground: SiteGround;
  readonly #members: readonly AgentHost[];
  readonly #seats: number;
  readonly #term: number;
  readonly #heaviest: number;
  readonly #limits: readonly SiteLimit[];
  readonly #reserve: SiteReserve | undefined;
  readonly #users: SiteUsers | undefined;
  readonly #scribes: SiteScribes;
  readonly #travels: SiteTravels;
  readonly #draws: SiteDraws | undefined;
  readonly #mourners: SiteMourners;
  readonly #resources: SiteResources | undefined;
  readonly #copies: SiteCopies | undefined;
  /** Seats that may be borrowed at a time. */
  readonly #mostAway: number;
  #guests: readonly SiteGuest[] = [];
  #came = 0;

  constructor(world: World, random: Random, chances: SiteChances) {
    this.#world = world;
    this.#random = random;
    this.#network = new Network(world, random.fork(), drawLink(random));
    this.#register = new SiteRegister(world, random.fork(), drawRegister(random));
    this.#register.onChange = (changes) => this.#check(changes);
    this.#seats = random.pick([1, 2, 5, 8, 20]);
    this.#term = random.pick([10, 10, 20, 60]);
    this.#users = random.chance(0.2) ? new SiteUsers(world, random.fork(), this.#seats) : undefined;
    const isNamed = this.#users !== undefined;
    this.#heaviest = !isNamed && random.chance(0.3) ? Math.min(3, this.#seats) : 1;
    const most = random.whole(1, this.#seats);
    const mayBorrow = !isNamed && random.chance(0.4);
    const borrow = mayBorrow ? { seats: most, longest: seconds(600) } : null;
    this.#mostAway = borrow?.seats ?? 0;
    const { draws, resources, copies, mourners } = chances;
    const allowance = draws.chance(0.25) ? draws.whole(3, 60) : 0;
    const license = signShared(random, this.#seats, seconds(this.#term), {
      borrow,
      ...(isNamed ? { type: 'named', counting: 'user' } : {}),
      meters: allowance > 0 ? [{ name: METER, allowance }] : [],
    });
    const [network, register] = [this.#network, this.#register];
    this.#limits = isNamed ? [] : drawLimits(random, this.#seats);
    this.#reserve = isNamed ? undefined : drawReserve(random, this.#seats);
    const lines = [...this.#limits, ...(this.#reserve === undefined ? [] : [this.#reserve])];
    const rules = lines.map(({ text }) => text).join('\n');
    this.#ground = { world, random, network, register, license, rules, disk: DISK, drift: DRIFT };
    this.#members = Array.from({ length: random.whole(2, 4) }, (_, i) =>
      foundMember(this.#ground, i),
    );
    this.#users?.found(this.#members);
    this.#scribes = new SiteScribes(world, random.fork(), this.#members);
    this.#travels = new SiteTravels(world, random.fork(), this.#members);
    this.#mourners = new SiteMourners(world, mourners, register, this.#members);
    if (allowance > 0) {
      this.#draws = new SiteDraws(this.#ground, draws, this.#members, allowance);
    }
    // Who asks for a seat for something has none by name.
    if (!isNamed && resources.chance(0.3)) {
      this.#resources = new SiteResources(this.#ground, resources, this.#members, this.#term);
    }
    // What is drawn, assigned or activated since a copy was made is not promised to be kept.
    if (allowance > 0 || isNamed || this.#resources !== undefined || !copies.chance(0.4)) return;
    const crew = { members: this.#members, term: this.#term };
    this.#copies = new SiteCopies(this.#ground, copies, crew);
  }

  live(): void {
    const random = this.#random;
    for (const member of this.#members) {
      this.#world.in(random.chance(0.7) ? 0 : random.between(0, 20_000), () => member.boot());
    }
    for (let i = Math.min(VISITS_MAX, random.whole(6, 12) * this.#seats + 40); i > 0; i--) {
      this.#world.in(random.between(0, CHAOS_MS), () => this.#visit());
    }
    for (let i = random.whole(4, 24); i > 0; i--) {
      this.#world.in(random.between(2000, CHAOS_MS), () => this.#break());
    }
    for (let i = random.whole(0, 30); i > 0; i--) {
      this.#world.in(random.between(0, CHAOS_MS), () => this.#scribes.change());
    }
    for (let i = this.#users === undefined ? 0 : random.whole(0, 40); i > 0; i--) {
      this.#world.in(random.between(0, CHAOS_MS), () => this.#users?.change());
    }
    this.#mourners.live(CHAOS_MS);
    this.#draws?.live(CHAOS_MS);
    this.#resources?.live(CHAOS_MS);
    this.#copies?.live(CHAOS_MS);
    this.#world.runUntil(CHAOS_MS);
    this.#rest();
  }

  #guest(person: Partial<Person>, weight: number, isPatient: boolean): SiteGuest {
    const guest = meetGuest(this.#ground, ++this.#came, {
      ...person,
      weight,
      isPatient,
      onBelief: () => this.#checkBelievers(),
    });
    this.#guests = [...this.#guests.filter(({ isGone }) => !isGone), guest];
    return guest;
  }

  #visit(): void {
    const random = this.#random;
    const guest = this.#guest(this.#draw(), random.whole(1, this.#heaviest), random.chance(0.5));
    guest.come();
    const stay = random.pick([
      random.skewed(2000, 3000 * this.#term),
      random.between(0, 6000 * this.#term),
    ] as const);
    this.#world.in(stay, () => guest.go(random.chance(0.7)));
    if (this.#mostAway === 0 || !random.chance(0.5)) return;
    this.#world.in(random.between(500, stay), () => this.#travels.pack(guest));
  }

  #draw(): Partial<Person> {
    const random = this.#random;
    if (this.#users !== undefined) return { user: this.#users.draw(random) };
    return this.#limits.length > 0 || this.#reserve !== undefined ? drawPerson(random) : {};
  }

  #break(): void {
    const random = this.#random;
    const member = random.pick(this.#members);
    if (member === undefined) return;
    const length = random.pick([random.skewed(100, 5000), random.skewed(1000, 60_000)] as const);
    switch (random.whole(0, 5)) {
      case 0:
        return this.#register.pause(length);
      case 1:
        // So long that others have its seats in the end.
        return this.#register.cut(member.name, random.pick([length, random.between(3e4, 1e5)]));
      case 2:
        return member.crash(length);
      case 3:
        // So long that it is found dead, and wakes while it may still renew.
        return member.host.sleep(random.pick([length, random.between(2000, 12_000)] as const));
      case 4:
        return member.disk.fail(length);
      default:
        return this.#network.isolate(member.endpoint.address, length);
    }
  }

  /** Everything works again: everybody leaves, and as many come as there are seats. */
  #rest(): void {
    const world = this.#world;
    world.note('peace begins');
    this.#network.calm();
    this.#register.calm();
    for (const member of this.#members) member.host.wakeUp();
    for (const guest of this.#guests) guest.go(true);
    this.#resources?.leave();
    const isPatient = this.#mostAway > 0 && this.#random.chance(0.2);
    this.#travels.rest(isPatient);
    if (isPatient) world.runUntil(world.now + 1000 * TRAVELS_END);
    // What was lent last has ended everywhere, and who was found dead is back or gone.
    world.runUntil(world.now + 70_000 + 2100 * this.#term + SETTLE_MS);
    // Who has asked to take his seat along, and has not heard of it, does not give it back.
    const away = sharedAsBorrowed(this.#register);
    if (isPatient && away > 0) {
      throw new Violation('a borrowed seat comes back when its time is over', `${away} are away`);
    }
    const users = this.#users?.comers(this.#register.get(USERS_KEY));
    const there = this.#seats - away;
    const guests = Array.from({ length: users?.length ?? this.#seats }, (_, i) => {
      const person = users && { user: users[i] ?? '' };
      return this.#guest(person ?? nextPerson(this.#limits, this.#reserve, i), 1, true);
    });
    for (const guest of guests) guest.come();
    world.runUntil(world.now + SETTLE_MS);
    this.#demand(this.#scribes.judgePeace(this.#register.get(RULES_KEY)));
    this.#demand(this.#users?.judgePeace(this.#register.get(USERS_KEY)));
    const served = guests.filter(({ believes }) => believes).length;
    const most = users === undefined ? there : guests.length;
    if (served !== most) {
      throw new Violation('in peace every seat can be had', `${served} of ${most}`);
    }
    this.#draws?.rest();
    this.#resources?.rest();
  }

  #checkBelievers(): void {
    const away = this.#travels.believed;
    if (away > this.#mostAway) {
      const detail = `${away} of ${this.#mostAway}: ${this.#describe()}`;
      throw new Violation('a site never has more seats borrowed than it may', detail);
    }
    const believers = this.#guests.filter(({ believes }) => believes);
    const believed = believers.reduce((sum, { weight }) => sum + weight, away);
    this.#demand(
      judgeLimits(this.#limits, believers) ??
        judgeReserve(this.#reserve, believers, this.#seats) ??
        this.#users?.judge(believers, this.#register.get(USERS_KEY)),
    );
    if (this.#users !== undefined || believed <= this.#seats) return;
    throw new Violation(
      'a site never has more believers than seats',
      `${believed} of ${this.#seats}: ${this.#describe()}`,
    );
  }

  #check(changes: readonly RegisterChange[]): void {
    const guests = this.#guests.filter(({ believes }) => believes);
    const { id, seats } = this.#ground.license;
    const others = this.#resources?.lent() ?? [];
    this.#demand(judgeChanges(changes, this.#register, [{ id, seats, guests }, ...others]));
    this.#demand(this.#scribes.judge(changes));
    this.#demand(this.#mourners.judge(changes));
    this.#demand(this.#users?.judgeChanges(changes));
    this.#demand(this.#travels.judge(this.#register));
    this.#demand(this.#resources?.judge(changes));
    if (changes.some(({ key }) => key.startsWith(METER_PREFIX))) this.#draws?.judge();
  }

  #demand(broken: Broken | undefined): void {
    if (broken === undefined) return;
    throw new Violation(broken.invariant, `${broken.detail}: ${this.#describe()}`);
  }

  /** Who has what, for who reads of a broken promise. */
  #describe(): string {
    return this.#members
      .map((member) => {
        const lent = [...(member.agent?.pools() ?? [])].map((pool) => pool.lent).join('+');
        return `${member.name} has lent ${lent}`;
      })
      .join(', ');
  }
}
