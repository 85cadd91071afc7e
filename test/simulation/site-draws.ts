/**
 * An allowance that the members of a site draw down together. No member ever draws more than its share,
 * all together no more than there is, and what was told is drawn for good. In peace all that remains can
 * be drawn at any member; while one is away, all but what it had left itself.
 */

import { DRAW_PREFIX, readDraw } from '../../agent/core/meters/meter-record.ts';
import { decodeShares } from '../../agent/core/site/share-record.ts';
import { METER_PREFIX, memberIdOf } from '../../agent/core/site/site-keys.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import type { ErrandEnd } from '../../protocol/client/errand.ts';
import type { AgentHost } from './agent-host.ts';
import { Host } from './clocks.ts';
import { type DrawAsked, Drawer } from './drawer.ts';
import type { Random } from './random.ts';
import { PRODUCT } from './site-ground.ts';
import type { SiteGround } from './site-people.ts';
import { Violation } from './world.ts';

const DRAWERS = 3;
/** What is left is drawn in so many draws at most, one after the other. */
const LAST_DRAWS = 4;
/** One of them is drawn within so many milliseconds, though others have to give it. */
const DRAWN_WITHIN = 10_000;
/** A member that is away is away for longer than the others draw. */
const AWAY_MS = 60_000;

const HOLDER = { user: 'printer', host: 'printer', process: 1, application: 'app' };

export class SiteDraws {
  readonly #ground: SiteGround;
  readonly #random: Random;
  readonly #members: readonly AgentHost[];
  readonly #allowance: number;
  readonly #drawers: readonly Drawer[];
  /** Draws that were told, by id. */
  readonly #told = new Map<string, number>();

  constructor(
    ground: SiteGround,
    random: Random,
    members: readonly AgentHost[],
    allowance: number,
  ) {
    this.#ground = ground;
    this.#random = random;
    this.#members = members;
    this.#allowance = allowance;
    this.#drawers = Array.from({ length: DRAWERS }, (_, i) => this.#meetDrawer(i));
  }

  #meetDrawer(i: number): Drawer {
    const { world, network, drift } = this.#ground;
    const random = this.#random;
    const name = `drawer-${i}`;
    const host = new Host(name, 'clients', world, random.fork(), drift);
    let port = 20_000;
    const nextSocket = () => ({ address: `10.5.0.${i}`, port: ++port });
    const watch = { opened: () => {}, sent: () => {} };
    const parts = { name, world, network, host, random: random.fork(), watch, nextSocket };
    return new Drawer(parts, () => {});
  }

  /** Everybody draws now and then, more than there is. */
  live(length: number): void {
    const { world } = this.#ground;
    const random = this.#random;
    for (let i = random.whole(5, this.#allowance); i > 0; i--) {
      world.in(random.between(0, length), () => {
        const member = random.pick(this.#members);
        const amount = random.pick([1, 1, 2, 7]);
        if (member !== undefined) this.#ask(this.#newDraw(amount, member), () => {});
      });
    }
  }

  #newDraw(amount: number, { publicKey }: AgentHost): DrawAsked {
    return { id: this.#random.bytes(16), product: PRODUCT, amount, agent: publicKey };
  }

  #ask(draw: DrawAsked, onEnd: (end: ErrandEnd) => void): void {
    this.#random.pick(this.#drawers)?.ask(draw, HOLDER, (end) => {
      if (end.kind === 'answered' && end.reply.kind === 'drawn') {
        this.#told.set(bytesToHex(draw.id), draw.amount);
      }
      this.judge();
      // In doubt it is asked for again: it counts once.
      if (end.kind !== 'answered' && this.#random.chance(0.4)) this.#ask(draw, onEnd);
      else onEnd(end);
    });
  }

  /** To be called whenever shares were changed. */
  judge(): void {
    const told = new Map(this.#told);
    let drawn = 0;
    for (const member of this.#members) {
      const own = drawnBy(member, (id) => told.delete(id));
      const share = this.#shareOf(member);
      drawn += own;
      if (own <= share) continue;
      throw new Violation(
        'no member draws more than its share',
        `${member.name}: ${own} of ${share}`,
      );
    }
    if (drawn > this.#allowance) {
      throw new Violation('a site never draws more than allowed', `${drawn} of ${this.#allowance}`);
    }
    for (const id of told.keys()) throw new Violation('a draw that was told is counted', id);
  }

  #shareOf({ publicKey }: AgentHost): number {
    const { register } = this.#ground;
    const member = memberIdOf(publicKey);
    let seats = 0;
    for (const key of register.keys(METER_PREFIX)) {
      const value = register.get(key);
      const shares = (value && decodeShares(value)) ?? [];
      seats += shares.find((share) => share.member === member)?.seats ?? 0;
    }
    return seats;
  }

  get #drawn(): number {
    return this.#members.reduce((sum, member) => sum + drawnBy(member), 0);
  }

  /** All that is left is drawn, in part while a member is away. */
  rest(): void {
    const { world } = this.#ground;
    const random = this.#random;
    const away = random.chance(0.4) ? random.pick(this.#members) : undefined;
    if (away !== undefined) {
      if (this.#drawn < this.#allowance) this.#drawAll([away], 1);
      away.crash(AWAY_MS);
      const back = world.now + AWAY_MS;
      const unused = this.#shareOf(away) - drawnBy(away);
      const others = this.#members.filter((member) => member !== away);
      this.#drawAll(others, this.#allowance - this.#drawn - unused);
      // It is found that it lives, and may grant.
      world.runUntil(back + DRAWN_WITHIN);
    }
    this.#drawAll(this.#members, this.#allowance - this.#drawn);
  }

  #drawAll(members: readonly AgentHost[], amount: number): void {
    let left = amount;
    for (let draws = LAST_DRAWS; left > 0 && draws > 0; draws--) {
      const part = draws === 1 ? left : this.#random.whole(1, left);
      const member = this.#random.pick(members);
      if (member !== undefined) this.#drawLast(part, member);
      left -= part;
    }
  }

  #drawLast(amount: number, member: AgentHost): void {
    const { world } = this.#ground;
    const before = this.#drawn;
    const draw = this.#newDraw(amount, member);
    const end = world.now + DRAWN_WITHIN;
    let isAsking = false;
    const again = (): void => {
      isAsking = true;
      this.#ask(draw, () => {
        isAsking = false;
      });
    };
    while (world.now < end && this.#drawn === before) {
      if (!isAsking) again();
      world.runUntil(world.now + 100);
    }
    if (this.#drawn === before + amount) return;
    const detail = `${amount} at ${member.name}: ${this.#drawn} of ${this.#allowance} are drawn`;
    throw new Violation('in peace all that remains can be drawn', detail);
  }
}

/** What a member has drawn for good. */
const drawnBy = ({ disk }: AgentHost, onDraw: (id: string) => void = () => {}): number => {
  let drawn = 0;
  for (const [key, value] of disk.durable) {
    const draw = key.startsWith(DRAW_PREFIX) ? readDraw(key, value) : undefined;
    if (draw === undefined) continue;
    onDraw(draw.id);
    drawn += draw.amount;
  }
  return drawn;
};
