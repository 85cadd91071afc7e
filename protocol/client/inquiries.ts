/** What is asked of agents without taking a seat: what is free, what there is, what is used up. */

import { bytesToHex, hexToBytes, utf8ToBytes } from '../bytes.ts';
import { foldCase } from '../fold-case.ts';
import type { Holder } from '../holder.ts';
import { DRAW_ID_SIZE, NAME_MAX } from '../limits.ts';
import type { Clock } from '../node/clock.ts';
import { systemEntropy } from '../node/entropy.ts';
import { nativePrimitives } from '../node/native-primitives.ts';
import type { ResourceSeats } from '../replies.ts';
import type { SeatWish } from '../requests.ts';
import { isUint32 } from '../units.ts';
import { type AgentFound, type AgentOffering, toAgentFound } from './agents-found.ts';
import type { ErrandEnd, ErrandOptions } from './errand.ts';
import type { ErrandDriver } from './errand-driver.ts';
import { judgeLicense } from './license-trust.ts';
import { SeatError } from './seat-error.ts';
import type { AgentSeen, Distrust } from './seat-events.ts';
import { type Explanation, explainFailure } from './sentences.ts';

/** Draws whose agent is remembered because it did not answer. */
const DOUBTS_MAX = 256;
/** Resources taken in of one product. */
const RESOURCES_MAX = 65_536;
/** Agents asked at a time. */
const PROBED_MAX = 64;
/** Characters of a draw's id. */
const ID_MAX = 256;

/** The answer to a probe. */
export interface SeatOutlook {
  /** Why an acquire would be refused; `null` when it would be granted. */
  readonly refusal: Explanation | null;
  /** Seats in use and in all, where the agent says so. */
  readonly inUse: number;
  readonly seats: number;
  /** It would be a seat beyond the license's count. */
  readonly overdraft: boolean;
}

/** What one agent answered to a probe. */
export interface AgentOutlook {
  readonly agent: AgentFound;
  readonly outlook: SeatOutlook;
}

export type ResourceFound = ResourceSeats;

export interface DrawRequest {
  readonly product: string;
  /** The name of the allowance. */
  readonly meter: string;
  /** How much: 1 (the default) to 4,294,967,295. */
  readonly amount?: number;
  /** Up to 256 characters that name this draw for ever; made at random unless given. */
  readonly id?: string;
}

export interface Drawn {
  readonly id: string;
  readonly amount: number;
  /** What remained of the allowance after it. */
  readonly left: number;
  readonly agent: AgentSeen;
}

/** A draw that was not counted, or of which nobody knows (`silent`). */
export class DrawError extends SeatError {
  /** Asks for the same draw again: it is counted once. */
  readonly id: string;

  constructor(explanation: Explanation, id: string) {
    super(explanation);
    this.name = 'DrawError';
    this.id = id;
  }
}

export interface InquiryParts {
  readonly vendorKeys: readonly Uint8Array[] | null;
  readonly clock: Clock;
  /** Proofs of licenses seen before, by hash. */
  readonly documents: ReadonlyMap<string, Uint8Array>;
  readonly openErrand: (options: Pick<ErrandOptions, 'product' | 'agent'>) => Promise<ErrandDriver>;
}

type Answered = Extract<ErrandEnd, { kind: 'answered' }>;

export class Inquiries {
  readonly #parts: InquiryParts;
  /** Which agent may have counted a draw, by its id: nobody else is asked for it. */
  readonly #doubts = new Map<string, Uint8Array>();

  constructor(parts: InquiryParts) {
    this.#parts = parts;
  }

  /** Of each of these agents, the first 64. */
  async probeEach(
    wish: SeatWish,
    offerings: readonly AgentOffering[],
  ): Promise<readonly AgentOutlook[]> {
    const asked = offerings.slice(0, PROBED_MAX).map(async (offering) => {
      const { offer, endpoint } = offering;
      const outlook = await this.probe(wish, { key: offer.agentKey, endpoint });
      return { agent: toAgentFound(offering), outlook };
    });
    return Promise.all(asked);
  }

  /** `agent`: `null` for whichever offers most. */
  async probe(wish: SeatWish, agent: ErrandOptions['agent'] = null): Promise<SeatOutlook> {
    await using errand = await this.#parts.openErrand({ product: wish.product, agent });
    const end = await errand.ask({ kind: 'probe', wish });
    if (end.kind === 'failed') {
      const { failure } = end;
      const { inUse, seats } = failure.kind === 'refused' ? failure : { inUse: 0, seats: 0 };
      const refusal = explainFailure(failure, wish.product);
      return { refusal, inUse, seats, overdraft: false };
    }
    const { reply } = end;
    if (reply.kind !== 'free') throw unanswered(end, wish.product);
    return { refusal: null, inUse: reply.inUse, seats: reply.seats, overdraft: reply.overdraft };
  }

  /** Of all these agents together, by name. */
  async resources(
    product: string,
    offerings: readonly AgentOffering[],
  ): Promise<readonly ResourceFound[]> {
    const found = new Map<string, ResourceFound>();
    for (const { offer, endpoint } of offerings) {
      const agent = { key: offer.agentKey, endpoint };
      for (const one of await this.#resourcesOf(product, agent)) {
        const key = foldCase(one.name);
        const { name, free, total } = found.get(key) ?? { name: one.name, free: 0, total: 0 };
        found.set(key, { name, free: free + one.free, total: total + one.total });
      }
    }
    return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async #resourcesOf(
    product: string,
    agent: ErrandOptions['agent'],
  ): Promise<readonly ResourceFound[]> {
    await using errand = await this.#parts.openErrand({ product, agent });
    const found: ResourceFound[] = [];
    for (let total = 1; found.length < Math.min(total, RESOURCES_MAX); ) {
      const end = await errand.ask({ kind: 'resources', product, offset: found.length });
      const page =
        end.kind === 'answered' && end.reply.kind === 'resources' ? end.reply : undefined;
      if (page === undefined || page.resources.length === 0) break;
      total = page.total;
      found.push(...page.resources);
    }
    return found;
  }

  async draw(request: DrawRequest, holder: Holder): Promise<Drawn> {
    const { product, meter, amount = 1, id = bytesToHex(systemEntropy(DRAW_ID_SIZE)) } = request;
    checkDraw(request);
    const drawId = drawIdOf(id);
    const key = bytesToHex(drawId);
    const doubted = this.#doubts.get(key);
    const agent = doubted === undefined ? null : { key: doubted, endpoint: undefined };
    await using errand = await this.#parts.openErrand({ product, agent });
    const end = await errand.ask({ kind: 'draw', product, meter, amount, drawId, holder });
    this.#doubts.delete(key);
    if (end.kind === 'failed') {
      if (end.asked !== null) this.#doubt(key, end.asked);
      throw new DrawError(explainFailure(end.failure, product), id);
    }
    const { reply, agent: seen } = end;
    if (reply.kind !== 'drawn') throw unanswered(end, product);
    const reason = await this.#distrust(errand, reply.documents, request, seen.key);
    if (reason !== undefined) {
      throw new DrawError(explainFailure({ kind: 'untrusted', agent: seen, reason }, product), id);
    }
    return { id, amount, left: reply.left, agent: seen };
  }

  #doubt(key: string, agentKey: Uint8Array): void {
    const [oldest] = this.#doubts.keys();
    if (this.#doubts.size >= DOUBTS_MAX && oldest !== undefined) this.#doubts.delete(oldest);
    this.#doubts.set(key, agentKey);
  }

  /** Why the licenses that an agent counted from are not believed. */
  async #distrust(
    errand: ErrandDriver,
    hashes: readonly Uint8Array[],
    { product, meter }: DrawRequest,
    agentKey: Uint8Array,
  ): Promise<Distrust | undefined> {
    const { vendorKeys, clock, documents } = this.#parts;
    if (hashes.length === 0) return 'not-proven';
    for (const hash of hashes) {
      const document = documents.get(bytesToHex(hash)) ?? (await errand.fetch(hash));
      if (document === undefined) return 'not-proven';
      const question = { vendorKeys, product, agentKey };
      const { wall } = clock.now();
      const judged = judgeLicense(document, hash, question, wall, nativePrimitives);
      if (!judged.ok) return judged.error;
      if (!judged.value.license.meters.some(({ name }) => name === meter)) return 'not-proven';
    }
    return undefined;
  }
}

const checkDraw = ({ product, meter, amount = 1, id }: DrawRequest): void => {
  for (const name of [product, meter]) {
    if (name.length < 1 || name.length > NAME_MAX) throw new TypeError(`Not a name: ${name}`);
  }
  if (!isUint32(amount) || amount < 1) throw new TypeError(`Not an amount: ${amount}`);
  if (id !== undefined && (id === '' || id.length > ID_MAX)) {
    throw new TypeError(`Not the id of a draw: ${id}`);
  }
};

/** The bytes that stand for an id: those of 32 hexadecimal digits, or a hash of any other text. */
const drawIdOf = (id: string): Uint8Array => {
  const bytes = hexToBytes(id);
  if (bytes?.length === DRAW_ID_SIZE) return bytes;
  return nativePrimitives.sha512(utf8ToBytes(`usher draw\0${id}`)).slice(0, DRAW_ID_SIZE);
};

/** An agent that answers something else does not understand the question. */
const unanswered = ({ agent }: Answered, product: string): SeatError => {
  const refused = { kind: 'refused', agent, code: 'bad-request', inUse: 0, seats: 0 } as const;
  return new SeatError(explainFailure(refused, product));
};
