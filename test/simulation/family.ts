/**
 * Runs the world of one family: a parent with seats of a vendor's, its children and theirs, each an
 * agent of its own that crashes, loses calls, and is changed from afar.
 */

import type { ChildChange } from '../../agent/core/children/child-operations.ts';
import { AgentHost } from './agent-host.ts';
import { Host, WALL_START } from './clocks.ts';
import { Disk } from './disk.ts';
import { Crowd, PRODUCT } from './family-crowd.ts';
import {
  BUSY_HOURS_MAX,
  CALENDAR_ERROR,
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
  someChange,
} from './family-ground.ts';
import { ask, cut, type PlotParts, plot, strike } from './family-plots.ts';
import { Network } from './network.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

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
  readonly #crowd: Crowd;
  readonly #seats: number;
  #busyHours = 0;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
    this.#network = new Network(world, random.fork(), LINK);
    this.#seats = random.whole(3, 8);
    const [network, seats, members] = [this.#network, this.#seats, this.#members];
    this.#crowd = new Crowd({ world, network, random: random.fork(), seats, members });
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
      if (this.#random.chance(0.3)) this.#world.in(2 * DAY_MS, () => cut(this.#plots, member));
    }
    for (let i = this.#random.whole(6, 12); i > 0; i--) {
      this.#world.in(this.#random.between(0, days * DAY_MS), () => this.#busyHour());
    }
    for (let i = this.#random.whole(0, 3); i > 0; i--) {
      const when = this.#random.between(DAY_MS, days * DAY_MS);
      this.#world.in(when, () => plot(this.#plots, this.#members));
    }
    this.#world.runUntil((days + PATIENCE_DAYS) * DAY_MS);
  }

  get #plots(): PlotParts {
    const [world, random, crowd, seats] = [this.#world, this.#random, this.#crowd, this.#seats];
    return { world, random, crowd, seats };
  }

  #addMember(parent: Member | undefined): Member {
    const [world, random, i] = [this.#world, this.#random, this.#members.length];
    const host = new Host(`family-${i}`, 'agents', world, random.fork(), DRIFT);
    // Extremes on purpose: two that are right within five minutes.
    host.clock.stepWall(random.pick([-CALENDAR_ERROR, 0, 0, CALENDAR_ERROR]), CALENDAR_ERROR);
    const agent = new AgentHost({
      world,
      network: this.#network,
      host,
      disk: new Disk(world, random.fork(), DISK),
      random: random.fork(),
      watch: {
        booted: () => {},
        // While it reads its store it knows nothing yet.
        stepped: (_, event) => event.kind !== 'restored' && this.#crowd.check(),
      },
      address: `10.1.0.${i}`,
      idleSessionsMax: 100,
    });
    const member: Member = {
      agent,
      parent,
      account: `family-${i}`,
      isStarted: parent === undefined,
      isCut: false,
      isAway: false,
      isStruck: false,
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
      ...this.#change(),
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

  #change(): ChildChange {
    const { change, dates } = someChange(this.#random, this.#seats, this.#world.now);
    for (const date of dates) this.#crowd.rush((date - WALL_START) * 1000);
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
    const isGone = member.isCut || member.isAway;
    const copies = isGone ? 0 : random.pick([0, 1, 1, 1, 1, 2] as const);
    for (let i = 0; i < copies; i++) {
      world.in(delay(), () => {
        parent?.agent.callParent(body.slice(), (said) => {
          if (random.chance(0.15)) return;
          if (member.isStruck || random.chance(0.1)) strike(this.#plots, member);
          world.in(delay(), () => answer(number, { ...said, version: null }));
        });
      });
    }
  }

  /** For some minutes everybody wants seats, while all is changed and breaks. */
  #busyHour(): void {
    if (++this.#busyHours > BUSY_HOURS_MAX) return;
    const random = this.#random;
    const length = random.between(2, 12) * MINUTE_MS;
    const sometime = (run: () => void): void => this.#world.in(random.between(0, length), run);
    for (let i = 3 * this.#seats; i > 0; i--)
      sometime(() => this.#crowd.invite(random.pick(this.#members)));
    for (let i = random.whole(1, 6); i > 0; i--)
      sometime(() => meddle(random.pick(this.#members), random, () => this.#change()));
    for (let i = random.whole(0, 4); i > 0; i--) sometime(() => ask(random.pick(this.#members)));
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
}
