/** Says things under seal to sessions, numbered so that no nonce is used twice. */

import type { Endpoint } from '../../../protocol/endpoint.ts';
import { KEY_SIZE } from '../../../protocol/limits.ts';
import { buildNonce, writeNumber } from '../../../protocol/nonce.ts';
import { buildReply, TAG_SIZE } from '../../../protocol/packet.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { Reply } from '../../../protocol/replies.ts';
import type { Moment } from '../../../protocol/units.ts';
import type { Counters } from '../counters.ts';
import type { Effect } from '../effects.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import type { SeatCounts } from '../seats/bid.ts';
import type { SessionTable } from './session-table.ts';

/** One heard datagram on its way through. */
export interface Hearing {
  readonly from: Endpoint;
  /** No reply may be longer. */
  readonly size: number;
  readonly at: Moment;
  readonly host: JudgedHost;
  readonly effects: Effect[];
}

export interface SpeakerParts {
  /** New whenever the agent starts. */
  readonly epoch: Uint8Array;
  readonly sessions: SessionTable;
  readonly counters: Counters;
}

export const refusal = (
  id: number,
  code: RefusalCode,
  { inUse, seats }: SeatCounts = { inUse: 0, seats: 0 },
): Reply => ({ kind: 'refused', id, code, inUse, seats });

export class Speaker {
  readonly #parts: SpeakerParts;
  /** Numbers the agent's datagrams: with the epoch, no nonce is used twice. */
  #sent = 0;
  // Filled anew for each datagram, and copied into it.
  readonly #nonce: Uint8Array;
  readonly #tag = new Uint8Array(TAG_SIZE);
  readonly #key = new Uint8Array(KEY_SIZE);

  constructor(parts: SpeakerParts) {
    this.#parts = parts;
    this.#nonce = buildNonce(parts.epoch, 0);
  }

  /** Answers a datagram. */
  reply(slot: number, reply: Reply, hearing: Hearing): void {
    this.send(slot, reply, hearing.from, hearing.size, hearing.effects);
  }

  /** Says something unasked, where the session was heard last; never heard since a start: nothing. */
  tell(slot: number, reply: Reply, effects: Effect[]): void {
    const { sessions } = this.#parts;
    const to = sessions.endpoint(slot);
    if (to === undefined || !sessions.hasKeys(slot)) return;
    this.send(slot, reply, to, Number.POSITIVE_INFINITY, effects);
  }

  /** `max`: the length of what is answered. */
  send(slot: number, reply: Reply, to: Endpoint, max: number, effects: Effect[]): void {
    const { sessions, counters } = this.#parts;
    writeNumber(this.#nonce, ++this.#sent);
    sessions.readTag(slot, this.#tag);
    sessions.readReplyKey(slot, this.#key);
    const bytes = buildReply(this.#tag, this.#nonce, reply, this.#key);
    // Only a client that did not pad its request as specified meets this.
    if (bytes.length > max) return counters.add('dropped short-request');
    effects.push({ kind: 'send', to, bytes });
  }
}
