/**
 * Tickets: what a waiter shows after its agent has started anew, to have its old place. The agent
 * remembers no waiter on its disk; it knows its own hand.
 */

import { concatBytes, equalBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import { KEY_SIZE } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';

const BODY_SIZE = 12;
const MAC_SIZE = 16;
/** The key follows from the agent's secret, so every start of one agent has the same. */
const KEY_CONTEXT = 'usher place ticket\0';

/** Whose place, in the line for which seats. */
export interface Waiting {
  readonly clientKey: Uint8Array;
  readonly group: string;
}

export interface TicketPlace {
  /** When it came. */
  readonly arrived: EpochSeconds;
  /** Who came in the same second has another: the lower one is first. */
  readonly count: number;
  /** When the ticket was made. */
  readonly issued: EpochSeconds;
}

export class PlaceTickets {
  readonly #key: Uint8Array;
  readonly #primitives: Primitives;

  /** `secret`: the agent's, which it keeps. */
  constructor(secret: Uint8Array, primitives: Primitives) {
    const seed = concatBytes(utf8ToBytes(KEY_CONTEXT), secret);
    this.#key = primitives.sha512Secret(seed).slice(0, KEY_SIZE);
    this.#primitives = primitives;
  }

  make({ arrived, count, issued }: TicketPlace, waiting: Waiting): Uint8Array {
    const body = new Uint8Array(BODY_SIZE);
    const view = new DataView(body.buffer);
    for (const [i, number] of [arrived, count, issued].entries()) view.setUint32(4 * i, number);
    return concatBytes(body, this.#mac(body, waiting));
  }

  /** What a ticket says, or `undefined` where it is not ours, or another's. */
  read(ticket: Uint8Array, waiting: Waiting): TicketPlace | undefined {
    if (ticket.length !== BODY_SIZE + MAC_SIZE) return undefined;
    const body = ticket.slice(0, BODY_SIZE);
    if (!equalBytes(ticket.subarray(BODY_SIZE), this.#mac(body, waiting))) return undefined;
    const view = new DataView(body.buffer);
    const [arrived, count, issued] = [view.getUint32(0), view.getUint32(4), view.getUint32(8)];
    return { arrived: epochSeconds(arrived), count, issued: epochSeconds(issued) };
  }

  /** The first bytes of `SHA-512(key ‖ client key ‖ body ‖ group)`. */
  #mac(body: Uint8Array, { clientKey, group }: Waiting): Uint8Array {
    const text = concatBytes(this.#key, clientKey, body, utf8ToBytes(group));
    return this.#primitives.sha512(text).slice(0, MAC_SIZE);
  }
}
