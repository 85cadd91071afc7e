/** Somebody who takes seats from the agents of a family, and knows how long he may believe in one. */

import { AgentLink } from '../../protocol/client/agent-link.ts';
import type { KnownAgent } from '../../protocol/client/agent-list.ts';
import type { Endpoint } from '../../protocol/endpoint.ts';
import { SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover, encodeRequest, parseFrame } from '../../protocol/packet.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { Request } from '../../protocol/requests.ts';
import type { AgentHost } from './agent-host.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import type { World } from './world.ts';

export interface GuestParts {
  readonly world: World;
  readonly network: Network;
  readonly random: Random;
  readonly agent: AgentHost;
  readonly product: string;
  readonly endpoint: Endpoint;
  /** Who is refused asks again, until he goes. */
  readonly insists: boolean;
  /** He has a seat from now on, or for longer. */
  readonly onBelief: () => void;
}

export class Guest {
  readonly #parts: GuestParts;
  readonly #link: AgentLink;
  #known: KnownAgent | undefined;
  #ids = 0;
  #answers = 0;
  /** True time; his clock is right. */
  #until = 0;
  #sentAt = new Map<number, number>();
  #isLeaving = false;

  constructor(parts: GuestParts) {
    this.#parts = parts;
    this.#link = new AgentLink(parts.random.bytes(32), swiftPrimitives);
    parts.network.open(parts.endpoint, ({ bytes }) => this.#hear(bytes.slice()));
  }

  /** Whose seats he takes. */
  get at(): AgentHost {
    return this.#parts.agent;
  }

  /** He will believe in nothing any more. */
  get isGone(): boolean {
    return this.#isLeaving && !this.believes;
  }

  get believes(): boolean {
    return this.#parts.world.now < this.#until;
  }

  /** Comes, and goes in good order or without a word. */
  come(): void {
    const { world, random, insists } = this.#parts;
    this.#discover();
    world.in(2000, () => this.#known === undefined && this.#discover());
    world.in(random.between(insists ? 120_000 : 10_000, insists ? 600_000 : 400_000), () => {
      this.#isLeaving = true;
      if (random.chance(0.7)) this.#release();
    });
  }

  #discover(): void {
    const { network, agent, endpoint, random, product } = this.#parts;
    const nonce = random.bytes(16);
    const bytes = buildDiscover({ nonce, versions: SPOKEN, product });
    network.send(endpoint, agent.endpoint, bytes);
  }

  #ask(request: Request): void {
    const { network, agent, endpoint, world } = this.#parts;
    const body = encodeRequest(request);
    const bytes = body && this.#known && this.#link.hello(this.#known, body);
    if (bytes === undefined) return;
    this.#sentAt.set(request.id, world.now);
    network.send(endpoint, agent.endpoint, bytes);
  }

  #acquire(): void {
    const { product } = this.#parts;
    const holder = { user: 'guest', host: 'desk', process: 1, application: 'app' };
    const named = { product, class: null, resource: null, features: [], weight: 1 };
    const wish = { ...named, version: null, released: null, holder };
    this.#ask({ kind: 'acquire', id: ++this.#ids, wish, wait: false });
  }

  /** From the moment he says so he believes no more. */
  #release(): void {
    this.#until = 0;
    this.#ask({ kind: 'release', id: ++this.#ids });
  }

  #hear(bytes: Uint8Array): void {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') return;
    if (frame.kind === 'offer' && this.#known === undefined) {
      const { offer } = frame;
      const rest = { endpoint: this.#parts.endpoint, keys: undefined, failure: undefined };
      this.#known = { offer, epoch: offer.epoch, ...rest };
      return this.#acquire();
    }
    if (frame.kind !== 'reply' || this.#known === undefined) return;
    const reply = this.#link.open(this.#known, frame);
    if (reply !== undefined) this.#take(reply);
  }

  #take(reply: Reply): void {
    const { world, onBelief } = this.#parts;
    if (reply.kind === 'refused') return this.#insist(reply.id);
    if (this.#isLeaving || (reply.kind !== 'granted' && reply.kind !== 'renewed')) return;
    const sentAt = this.#sentAt.get(reply.id);
    if (sentAt === undefined || reply.id !== this.#ids) return;
    const isFirst = reply.kind === 'granted';
    if (!isFirst && !this.believes) return;
    // It may come twice.
    this.#sentAt.delete(reply.id);
    const answer = ++this.#answers;
    const renew = (): void => {
      if (answer === this.#answers) this.#renew();
    };
    this.#until = Math.max(this.#until, sentAt + 1000 * reply.term);
    onBelief();
    world.in(400 * reply.term, renew);
    world.in(700 * reply.term, renew);
  }

  #insist(refused: number): void {
    const { world, random, insists } = this.#parts;
    if (!insists || refused !== this.#ids) return;
    world.in(random.between(8000, 25_000), () => {
      if (!this.#isLeaving && !this.believes && refused === this.#ids) this.#acquire();
    });
  }

  #renew(): void {
    if (!this.#isLeaving && this.believes)
      this.#ask({ kind: 'renew', id: ++this.#ids, idle: NO_IDLE });
  }
}

const NO_IDLE = 0 as Extract<Request, { kind: 'renew' }>['idle'];
