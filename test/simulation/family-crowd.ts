/** Those who take seats from a family, and what must hold of all of them together. */

import type { Endpoint } from '../../protocol/endpoint.ts';
import type { AgentHost } from './agent-host.ts';
import { type Member, MINUTE_MS, poolOf } from './family-ground.ts';
import { Guest } from './family-guest.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import { Violation, type World } from './world.ts';

export const PRODUCT = 'family';
/** So long before a date those come who want a seat then: whichever calendar is ahead. */
export const EARLY_MS = 4 * MINUTE_MS;
/** More would only take longer. */
const RUSHES_MAX = 32;

export interface CrowdParts {
  readonly world: World;
  readonly network: Network;
  readonly random: Random;
  /** The parent's, which nobody else has. */
  readonly seats: number;
  readonly members: readonly Member[];
}

export class Crowd {
  readonly #parts: CrowdParts;
  #guests: readonly Guest[] = [];
  #computers = 0;
  #rushes = 0;

  constructor(parts: CrowdParts) {
    this.#parts = parts;
  }

  /** Somebody comes to a member. `insists`: he asks again when he is refused, and stays for longer. */
  invite(member: Member | undefined, insists = false): void {
    if (member === undefined) return;
    const { world, network, random } = this.#parts;
    const guest = new Guest({
      world,
      network,
      random: random.fork(),
      agent: member.agent,
      product: PRODUCT,
      endpoint: this.#nextEndpoint(),
      insists,
      onBelief: () => this.check(),
    });
    this.#guests = [...this.#guests.filter(({ isGone }) => !isGone), guest];
    guest.come();
  }

  /** A computer of his own: an agent lets in few newcomers of one at a time. */
  #nextEndpoint(): Endpoint {
    const number = ++this.#computers;
    return { address: `10.2.${Math.floor(number / 250)}.${1 + (number % 250)}`, port: 20_000 };
  }

  /** Around a date everybody wants seats, wherever there are any. */
  rush(date: number): void {
    const { world, members } = this.#parts;
    world.at(date - EARLY_MS, () => {
      if (++this.#rushes > RUSHES_MAX) return;
      // Before the seats change, and while those that were there before may be in use yet.
      for (const place of members) {
        this.#fill(place, date - EARLY_MS, date - MINUTE_MS);
        this.#fill(place, date, date + 18 * MINUTE_MS);
      }
    });
  }

  /** As many come in a while as there are seats in the family. */
  #fill(member: Member, from: number, until: number): void {
    const { world, random, seats } = this.#parts;
    for (let i = 0; i < seats; i++) {
      world.at(random.between(from, until), () => this.invite(member, true));
    }
  }

  childrenOf(member: Member): readonly Member[] {
    return this.#parts.members.filter(({ parent }) => parent === member);
  }

  /** Never more who believe in a seat than the vendor has signed, and never more to lend. */
  check(): void {
    const { members, seats } = this.#parts;
    const believers = this.#guests.filter((guest) => guest.believes).length;
    if (believers > seats) {
      const detail = `${believers} believe in a seat of ${seats}: ${members.map((one) => this.#describe(one)).join('; ')}`;
      throw new Violation('a family never has more believers than seats', detail);
    }
    for (const member of members) this.#checkAllotments(member);
  }

  /** Who believes in a seat of a child's, or of its children's, its parent has kept one for. */
  #checkAllotments(member: Member): void {
    const own = poolOf(member);
    if (own === undefined) return;
    const used = this.childrenOf(member).reduce((sum, child) => sum + this.#believersAt(child), 0);
    if (used <= own.allotted) return;
    const detail = `${member.account} keeps ${own.allotted} for its children, where ${used} are used`;
    throw new Violation('children have no more than their parent keeps for them', detail);
  }

  /** Who has what, for who reads of a broken promise. */
  #describe(member: Member): string {
    const pool = poolOf(member);
    const seats = `${pool?.lent} lent of ${pool?.licensed}, ${pool?.allotted} for children`;
    return `${member.account}: ${this.#believersHere(member.agent)} believe, ${seats}`;
  }

  #believersHere(agent: AgentHost): number {
    return this.#guests.filter(({ at, believes }) => at === agent && believes).length;
  }

  #believersAt(member: Member): number {
    const here = this.#believersHere(member.agent);
    return this.childrenOf(member).reduce((sum, child) => sum + this.#believersAt(child), here);
  }
}
