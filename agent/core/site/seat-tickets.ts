/**
 * Tickets: what a client shows to another member when its own is dead, to have its seat go on there.
 * They are under the site's secret, which the register keeps and all members know.
 */

import {
  bytesToHex,
  concatBytes,
  equalBytes,
  hexToBytes,
  utf8ToBytes,
} from '../../../protocol/bytes.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import type { MemberId } from './site-keys.ts';

const MEMBER_SIZE = 8;
const POOL_SIZE = 8;
const SEATS_AT = MEMBER_SIZE + POOL_SIZE;
const BODY_SIZE = SEATS_AT + 8;
const MAC_SIZE = 16;
const KEY_SIZE = 32;
const KEY_CONTEXT: Uint8Array = utf8ToBytes('usher seat ticket\0');

/** A seat that this member has lent, of one pool. */
export interface SeatTicket {
  /** The pool's mark. */
  readonly pool: Uint8Array;
  readonly seats: number;
  /** Of the acquire that it was lent by: with the client's key it tells the lease from all others. */
  readonly requestId: number;
}

/** What a ticket says; its pool is known by who knows the pool's key. */
export interface SeatShown extends Omit<SeatTicket, 'pool'> {
  readonly member: MemberId;
  readonly isOf: (poolKey: string) => boolean;
}

export class SeatTickets {
  readonly #primitives: Primitives;
  readonly #member: Uint8Array;
  /** What a ticket's seal is made of, where the site's secret is known: that, a client's key, a body. */
  #text: Uint8Array | undefined;

  constructor(me: MemberId, primitives: Primitives) {
    this.#primitives = primitives;
    this.#member = hexToBytes(me) ?? new Uint8Array(MEMBER_SIZE);
  }

  learn(secret: Uint8Array): void {
    this.#text = concatBytes(KEY_CONTEXT, secret, new Uint8Array(KEY_SIZE + BODY_SIZE));
  }

  /** What tickets name a pool by: the start of its key's hash. */
  markOf(poolKey: string): Uint8Array {
    return this.#primitives.sha512(utf8ToBytes(poolKey)).slice(0, POOL_SIZE);
  }

  make({ pool, seats, requestId }: SeatTicket, clientKey: Uint8Array): Uint8Array | undefined {
    const text = this.#text;
    if (text === undefined) return undefined;
    const ticket = new Uint8Array(BODY_SIZE + MAC_SIZE);
    ticket.set(this.#member);
    ticket.set(pool, MEMBER_SIZE);
    const view = new DataView(ticket.buffer);
    view.setUint32(SEATS_AT, seats);
    view.setUint32(SEATS_AT + 4, requestId);
    ticket.set(this.#mac(text, ticket.subarray(0, BODY_SIZE), clientKey), BODY_SIZE);
    return ticket;
  }

  /** What a ticket says, or `undefined` where it is not the site's, or another client's. */
  read(ticket: Uint8Array, clientKey: Uint8Array): SeatShown | undefined {
    const text = this.#text;
    if (text === undefined || ticket.length !== BODY_SIZE + MAC_SIZE) return undefined;
    const body = ticket.slice(0, BODY_SIZE);
    if (!equalBytes(ticket.subarray(BODY_SIZE), this.#mac(text, body, clientKey))) return undefined;
    const view = new DataView(body.buffer);
    const pool = body.subarray(MEMBER_SIZE, SEATS_AT);
    return {
      member: bytesToHex(body.subarray(0, MEMBER_SIZE)),
      isOf: (poolKey) => equalBytes(this.markOf(poolKey), pool),
      seats: view.getUint32(SEATS_AT),
      requestId: view.getUint32(SEATS_AT + 4),
    };
  }

  /** Each grant has one made: its text is written into the same place. */
  #mac(text: Uint8Array, body: Uint8Array, clientKey: Uint8Array): Uint8Array {
    text.set(clientKey, text.length - BODY_SIZE - KEY_SIZE);
    text.set(body, text.length - BODY_SIZE);
    return this.#primitives.sha512(text).subarray(0, MAC_SIZE);
  }
}
