/** What an agent answers inside a sealed frame, as a closed union and as arrays. */

import { Fields } from './fields.ts';
import {
  HASH_SIZE,
  NAME_MAX,
  PARTS_MAX,
  PIECE_MAX,
  POOLS_MAX,
  RESOURCES_IN_REPLY_MAX,
  SEATS_MAX,
  TERM_MAX,
} from './limits.ts';
import type { Value } from './msgpack.ts';
import { REFUSALS, type RefusalCode, refusalByNumber } from './refusal.ts';
import { readTicket, ticketToValues } from './requests.ts';
import { type Seconds, seconds } from './units.ts';

/** Seats of one pool of one license. A seat of weight 5 may be made of parts of several. */
export interface SeatPart {
  /** The proof of the license (proof.ts), by hash: fetch and check it once. */
  readonly document: Uint8Array;
  /** Which of the document's pools; `null` for a license without any, of type `server`. */
  readonly pool: number | null;
  readonly seats: number;
}

/** The seats of a product that a resource has. */
export interface ResourceSeats {
  readonly name: string;
  readonly free: number;
  readonly total: number;
}

/** Should the agent of a seat fall silent, another of its site takes it over. */
export interface Takeover {
  /** Shown to the other one with an acquire; at most 64 bytes. */
  readonly ticket: Uint8Array;
  /** The seat is to be renewed as often as that, so that silence is noticed. */
  readonly within: Seconds;
}

export type Reply =
  | {
      readonly kind: 'granted';
      readonly id: number;
      readonly term: Seconds;
      /** A seat beyond the license's count, which the vendor tolerates. */
      readonly overdraft: boolean;
      readonly parts: readonly SeatPart[];
      /** Of an agent of a site: how the seat goes on at another one. */
      readonly takeover?: Takeover;
    }
  | { readonly kind: 'renewed'; readonly id: number; readonly term: Seconds }
  /**
   * The lease goes on for `term` at most and is not renewed, for this reason. Also said unasked,
   * with the id 0, as soon as the agent knows.
   */
  | {
      readonly kind: 'ending';
      readonly id: number;
      readonly term: Seconds;
      readonly code: RefusalCode;
    }
  | { readonly kind: 'released'; readonly id: number }
  | {
      readonly kind: 'piece';
      readonly id: number;
      readonly total: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'refused';
      readonly id: number;
      readonly code: RefusalCode;
      readonly inUse: number;
      readonly seats: number;
    }
  /** Said in the agent's new epoch: number the request anew from that epoch and ask again. */
  | { readonly kind: 'new-epoch'; readonly id: number }
  /**
   * In the queue, with so many of the same wish before; with none before and `turn`, a seat is kept:
   * acquire it within `seconds`. Else ask again within `seconds`, or be forgotten. `ticket` says to
   * this agent, should it start anew, which place that was.
   */
  | {
      readonly kind: 'queued';
      readonly id: number;
      readonly ahead: number;
      readonly turn: boolean;
      readonly seconds: Seconds;
      readonly ticket?: Uint8Array;
    }
  /** The answer to a probe: an acquire would be granted now. */
  | {
      readonly kind: 'free';
      readonly id: number;
      readonly inUse: number;
      readonly seats: number;
      readonly overdraft: boolean;
    }
  | {
      readonly kind: 'resources';
      readonly id: number;
      readonly total: number;
      readonly offset: number;
      readonly resources: readonly ResourceSeats[];
    }
  /** Counted, now or when it was first asked. `left`: what remained after it. */
  | {
      readonly kind: 'drawn';
      readonly id: number;
      readonly left: number;
      readonly documents: readonly Uint8Array[];
    }
  /** The signed token of a borrowed seat (borrow-token.ts). */
  | { readonly kind: 'borrowed'; readonly id: number; readonly token: Uint8Array };

/** Message numbers on the wire, append-only. */
const REPLY = {
  granted: 1,
  renewed: 2,
  released: 3,
  piece: 4,
  refused: 5,
  'new-epoch': 6,
  ending: 7,
  queued: 8,
  free: 9,
  resources: 10,
  drawn: 11,
  borrowed: 12,
} as const;

export const replyToValue = (reply: Reply): Value => {
  switch (reply.kind) {
    case 'renewed':
      return [REPLY.renewed, reply.id, reply.term];
    case 'granted':
      return [
        REPLY.granted,
        reply.id,
        reply.term,
        reply.overdraft,
        reply.parts.map(partToValue),
        ...takeoverToValues(reply),
      ];
    case 'ending':
      return [REPLY.ending, reply.id, reply.term, REFUSALS[reply.code].number];
    case 'released':
    case 'new-epoch':
      return [REPLY[reply.kind], reply.id];
    case 'piece':
      return [REPLY.piece, reply.id, reply.total, reply.offset, reply.bytes];
    case 'refused':
      return [REPLY.refused, reply.id, REFUSALS[reply.code].number, reply.inUse, reply.seats];
    case 'queued':
      return [
        REPLY.queued,
        reply.id,
        reply.ahead,
        reply.turn,
        reply.seconds,
        ...ticketToValues(reply),
      ];
    case 'free':
      return [REPLY.free, reply.id, reply.inUse, reply.seats, reply.overdraft];
    case 'resources': {
      const list = reply.resources.map(({ name, free, total }) => [name, free, total]);
      return [REPLY.resources, reply.id, reply.total, reply.offset, list];
    }
    case 'drawn':
      return [REPLY.drawn, reply.id, reply.left, reply.documents];
    case 'borrowed':
      return [REPLY.borrowed, reply.id, reply.token];
  }
};

const readTerm = (fields: Fields): Seconds => seconds(fields.uint(TERM_MAX));

/** Both fields are left out where there is none. */
const takeoverToValues = ({ takeover }: { readonly takeover?: Takeover }): readonly Value[] =>
  takeover === undefined ? [] : [takeover.ticket, takeover.within];

const readTakeover = (fields: Fields): { readonly takeover?: Takeover } => {
  const { ticket } = readTicket(fields);
  const within = fields.appended(readTerm);
  return ticket === undefined || within === undefined ? {} : { takeover: { ticket, within } };
};

export const partToValue = (part: SeatPart): Value => [part.document, part.pool, part.seats];

/** Reads the fields of a part from a cursor over its own array. */
export const readPartFields = (part: Fields): SeatPart => ({
  document: part.bytes(HASH_SIZE),
  pool: part.optional((field) => field.uint(POOLS_MAX - 1)),
  seats: part.uint(SEATS_MAX),
});

export const readPart = (fields: Fields): SeatPart => fields.nested(readPartFields);

const readResource = (fields: Fields): ResourceSeats =>
  fields.nested((item) => ({
    name: item.text(NAME_MAX, 1),
    free: item.uint(),
    total: item.uint(),
  }));

const readSeatReply = (number: number, id: number, fields: Fields): Reply | undefined => {
  switch (number) {
    case REPLY.granted:
      return {
        kind: 'granted',
        id,
        term: readTerm(fields),
        overdraft: fields.flag(),
        parts: fields.list(PARTS_MAX, readPart),
        ...readTakeover(fields),
      };
    case REPLY.renewed:
      return { kind: 'renewed', id, term: readTerm(fields) };
    case REPLY.ending:
      return { kind: 'ending', id, term: readTerm(fields), code: refusalByNumber(fields.uint()) };
    case REPLY.released:
      return { kind: 'released', id };
    case REPLY.refused: {
      const code = refusalByNumber(fields.uint());
      return { kind: 'refused', id, code, inUse: fields.uint(), seats: fields.uint() };
    }
    case REPLY['new-epoch']:
      return { kind: 'new-epoch', id };
    case REPLY.queued: {
      const [ahead, turn] = [fields.uint(), fields.flag()];
      const within = readTerm(fields);
      return { kind: 'queued', id, ahead, turn, seconds: within, ...readTicket(fields) };
    }
    default:
      return undefined;
  }
};

const readOtherReply = (number: number, id: number, fields: Fields): Reply | undefined => {
  switch (number) {
    case REPLY.piece: {
      const [total, offset] = [fields.uint(), fields.uint()];
      return { kind: 'piece', id, total, offset, bytes: fields.bytesUpTo(PIECE_MAX) };
    }
    case REPLY.free: {
      const [inUse, seats] = [fields.uint(), fields.uint()];
      return { kind: 'free', id, inUse, seats, overdraft: fields.flag() };
    }
    case REPLY.resources: {
      const [total, offset] = [fields.uint(), fields.uint()];
      const resources = fields.list(RESOURCES_IN_REPLY_MAX, readResource);
      return { kind: 'resources', id, total, offset, resources };
    }
    case REPLY.drawn: {
      const left = fields.uint();
      const documents = fields.list(PARTS_MAX, (field) => field.bytes(HASH_SIZE));
      return { kind: 'drawn', id, left, documents };
    }
    case REPLY.borrowed:
      return { kind: 'borrowed', id, token: fields.bytesUpTo(PIECE_MAX) };
    default:
      return undefined;
  }
};

export const parseReply = (value: Value | undefined): Reply | undefined => {
  const fields = new Fields(value);
  const number = fields.uint();
  const id = fields.uint();
  const reply = readSeatReply(number, id, fields) ?? readOtherReply(number, id, fields);
  return fields.valid ? reply : undefined;
};
