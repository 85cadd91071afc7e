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
const BODY_SIZE = MEMBER_SIZE + POOL_SIZE + 8;
const MAC_SIZE = 16;
const KEY_CONTEXT = 'usher seat ticket\0';

/** A seat that a member has lent, of one pool. */
export interface SeatTicket {
  readonly member: MemberId;
  readonly poolKey: string;
  readonly seats: number;
  /** Of the acquire that it was lent by: with the client's key it tells the lease from all others. */
  readonly requestId: number;
}

/** What a ticket says; its pool is known by who knows the pool's key. */
export interface SeatShown extends Omit<SeatTicket, 'poolKey'> {
  readonly isOf: (poolKey: string) => boolean;
}

export class SeatTickets {
  readonly #primitives: Primitives;
  #secret: Uint8Array | undefined;

  constructor(primitives: Primitives) {
    this.#primitives = primitives;
  }

  get isReady(): boolean {
    return this.#secret !== undefined;
  }

  learn(secret: Uint8Array): void {
    this.#secret = secret;
  }

  make(
    { member, poolKey, seats, requestId }: SeatTicket,
    clientKey: Uint8Array,
  ): Uint8Array | undefined {
    const secret = this.#secret;
    if (secret === undefined) return undefined;
    const body = new Uint8Array(BODY_SIZE);
    body.set(hexToBytes(member) ?? new Uint8Array(MEMBER_SIZE));
    body.set(this.#hash(poolKey), MEMBER_SIZE);
    const view = new DataView(body.buffer);
    view.setUint32(MEMBER_SIZE + POOL_SIZE, seats);
    view.setUint32(MEMBER_SIZE + POOL_SIZE + 4, requestId);
    return concatBytes(body, this.#mac(secret, body, clientKey));
  }

  /** What a ticket says, or `undefined` where it is not the site's, or another client's. */
  read(ticket: Uint8Array, clientKey: Uint8Array): SeatShown | undefined {
    const secret = this.#secret;
    if (secret === undefined || ticket.length !== BODY_SIZE + MAC_SIZE) return undefined;
    const body = ticket.slice(0, BODY_SIZE);
    if (!equalBytes(ticket.subarray(BODY_SIZE), this.#mac(secret, body, clientKey)))
      return undefined;
    const view = new DataView(body.buffer);
    const pool = body.subarray(MEMBER_SIZE, MEMBER_SIZE + POOL_SIZE);
    return {
      member: bytesToHex(body.subarray(0, MEMBER_SIZE)),
      isOf: (poolKey) => equalBytes(this.#hash(poolKey), pool),
      seats: view.getUint32(MEMBER_SIZE + POOL_SIZE),
      requestId: view.getUint32(MEMBER_SIZE + POOL_SIZE + 4),
    };
  }

  #hash(poolKey: string): Uint8Array {
    return this.#primitives.sha512(utf8ToBytes(poolKey)).slice(0, POOL_SIZE);
  }

  #mac(secret: Uint8Array, body: Uint8Array, clientKey: Uint8Array): Uint8Array {
    const text = concatBytes(utf8ToBytes(KEY_CONTEXT), secret, clientKey, body);
    return this.#primitives.sha512(text).slice(0, MAC_SIZE);
  }
}
