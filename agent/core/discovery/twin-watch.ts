/**
 * Listens for another agent with this one's key: a data folder that was copied, and runs twice. It
 * asks around when the agent starts, when its addresses change, and when another agent is heard to
 * ask around, at most once an hour; while nothing happens nothing is sent. An offer proves nothing, so
 * a twin is only told of, and nothing else follows.
 */

import { concatBytes, equalBytes } from '../../../protocol/bytes.ts';
import { type Endpoint, endpointToText } from '../../../protocol/endpoint.ts';
import { NONCE_SIZE } from '../../../protocol/limits.ts';
import { type Offer, SPOKEN } from '../../../protocol/offers.ts';
import { buildDiscover } from '../../../protocol/packet.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { between, type Instant, millis } from '../../../protocol/units.ts';
import type { Effect } from '../effects.ts';

/** Between two times of asking because another agent did. */
const ECHO_EVERY = millis(3_600_000);
/** Between two times of asking, whatever the reason: addresses may come and go by the second. */
const ASK_EVERY = millis(1000);
/** Twins told of at a time: anybody can pretend to be some. */
const TWINS_MAX = 8;

export interface TwinWatchParts {
  readonly agentKey: Uint8Array;
  /** New whenever the agent starts: what it hears from itself has the same. */
  readonly epoch: Uint8Array;
  /** Secret bytes that nonces are made of. */
  readonly seed: Uint8Array;
  readonly sha512: Primitives['sha512'];
}

export class TwinWatch {
  readonly #parts: TwinWatchParts;
  readonly #twins = new Map<string, Instant>();
  #port: number | undefined;
  #own: ReadonlySet<string> = new Set();
  #nonce: Uint8Array | undefined;
  #asked = 0;
  #askedAt: Instant | undefined;
  #echoedAt: Instant | undefined;

  constructor(parts: TwinWatchParts) {
    this.#parts = parts;
  }

  /** Where twins were heard, in the order of the first time. */
  get addresses(): readonly string[] {
    return [...this.#twins.keys()];
  }

  /** Asks around from these addresses. */
  networkChanged(
    port: number,
    addresses: readonly string[],
    now: Instant,
    effects: Effect[],
  ): void {
    this.#port = port;
    this.#own = new Set(addresses);
    this.#ask(now, effects);
  }

  /** Agents ask from the port that they listen on, clients from any other. */
  hearDiscover(from: Endpoint, now: Instant, effects: Effect[]): void {
    if (from.port !== this.#port || this.#own.has(from.address)) return;
    if (this.#echoedAt !== undefined && between(this.#echoedAt, now) < ECHO_EVERY) return;
    if (this.#ask(now, effects)) this.#echoedAt = now;
  }

  /** Whether the offer is an answer to what was asked. */
  hearOffer(offer: Offer, from: Endpoint, now: Instant, effects: Effect[]): boolean {
    if (this.#nonce === undefined || !equalBytes(offer.nonce, this.#nonce)) return false;
    const { agentKey, epoch } = this.#parts;
    if (!equalBytes(offer.agentKey, agentKey) || equalBytes(offer.epoch, epoch)) return true;
    const address = endpointToText({ address: from.address, port: from.port });
    const isNew = !this.#twins.has(address);
    if (isNew && this.#twins.size >= TWINS_MAX) return true;
    this.#twins.set(address, now);
    if (isNew) effects.push({ kind: 'note', note: { kind: 'twin-heard', address } });
    return true;
  }

  #ask(now: Instant, effects: Effect[]): boolean {
    const before = this.#askedAt;
    if (before !== undefined && between(before, now) < ASK_EVERY) return false;
    // Who did not answer the last time is gone.
    for (const [address, heard] of this.#twins) {
      if (before !== undefined && heard < before) this.#twins.delete(address);
    }
    this.#askedAt = now;
    const { seed, sha512 } = this.#parts;
    const number = new Uint8Array(4);
    new DataView(number.buffer).setUint32(0, ++this.#asked);
    const nonce = sha512(concatBytes(seed, number)).slice(0, NONCE_SIZE);
    this.#nonce = nonce;
    const bytes = buildDiscover({ nonce, versions: SPOKEN, product: null });
    effects.push({ kind: 'ask-around', bytes });
    return true;
  }
}
