/** What a client asks of an agent inside a sealed frame, as a closed union and as arrays. */

import { Fields } from './fields.ts';
import { type Holder, holderToValue, readHolder } from './holder.ts';
import {
  DRAW_ID_SIZE,
  FEATURES_MAX,
  HASH_SIZE,
  HOST_CODE_MAX,
  NAME_MAX,
  SEATS_MAX,
  TICKET_MAX,
} from './limits.ts';
import type { Value } from './msgpack.ts';
import { type EpochSeconds, epochSeconds, isUint32, type Seconds, seconds } from './units.ts';

/** The seat that an application wants. */
export interface SeatWish {
  readonly product: string;
  /** The class of seat; `null` for a generic one, which serves any class. */
  readonly class: string | null;
  /** The customer's database or project that it is for; `null` for none. */
  readonly resource: string | null;
  readonly features: readonly string[];
  /** Seats taken at once, 1 to 1,000,000: all of them or none. */
  readonly weight: number;
  /** The application's version, such as `12.3.1`; `null` when it does not say. */
  readonly version: string | null;
  /** When that version was released; `null` when it does not say. */
  readonly released: EpochSeconds | null;
  readonly holder: Holder;
  /** For so many seconds it is to be taken along, by a borrow that follows: left out when it is not. */
  readonly borrow?: Seconds;
}

export type Request =
  /** Give me a seat; `wait`: or a place in the queue. `ticket`: the one I was told there last. */
  | {
      readonly kind: 'acquire';
      readonly id: number;
      readonly wish: SeatWish;
      readonly wait: boolean;
      readonly ticket?: Uint8Array;
    }
  /** `idle`: seconds since the application was last used, zero while it is. */
  | { readonly kind: 'renew'; readonly id: number; readonly idle: Seconds }
  /**
   * Give the seat back, or leave the queue. `returns`: it was taken along, and may be given back to any
   * member of its agent's site; a release that does not say so ends nothing that another has lent.
   */
  | { readonly kind: 'release'; readonly id: number; readonly returns?: true }
  | {
      readonly kind: 'document';
      readonly id: number;
      readonly hash: Uint8Array;
      readonly offset: number;
    }
  /** What would an acquire be answered? Takes nothing. */
  | { readonly kind: 'probe'; readonly id: number; readonly wish: SeatWish }
  /** Which resources have licenses of the product? From the `offset`th on, by name. */
  | {
      readonly kind: 'resources';
      readonly id: number;
      readonly product: string;
      readonly offset: number;
    }
  /** Count `amount` from the product's allowance: once, however often this draw id is asked. */
  | {
      readonly kind: 'draw';
      readonly id: number;
      readonly product: string;
      readonly meter: string;
      readonly amount: number;
      readonly drawId: Uint8Array;
      readonly holder: Holder;
    }
  /** Take the seat that is held along for `duration`, on the host of this code. */
  | {
      readonly kind: 'borrow';
      readonly id: number;
      readonly duration: Seconds;
      readonly hostCode: Uint8Array;
    };

export type RequestOf<K extends Request['kind']> = Extract<Request, { kind: K }>;

/** Message numbers on the wire, append-only. */
const REQUEST = {
  acquire: 1,
  renew: 2,
  release: 3,
  document: 4,
  probe: 5,
  resources: 6,
  draw: 7,
  borrow: 8,
} as const;

export const requestToValue = (request: Request): Value => {
  const head = [REQUEST[request.kind], request.id];
  switch (request.kind) {
    case 'acquire':
      return [...head, wishToValue(request.wish), request.wait, ...ticketToValues(request)];
    case 'renew':
      return [...head, request.idle];
    case 'release':
      return request.returns === true ? [...head, true] : head;
    case 'document':
      return [...head, request.hash, request.offset];
    case 'probe':
      return [...head, wishToValue(request.wish)];
    case 'resources':
      return [...head, request.product, request.offset];
    case 'draw': {
      const { product, meter, amount, drawId, holder } = request;
      return [...head, product, meter, amount, drawId, holderToValue(holder)];
    }
    case 'borrow':
      return [...head, request.duration, request.hostCode];
  }
};

/** The field is left out where there is none. */
export const ticketToValues = ({ ticket }: { readonly ticket?: Uint8Array }): readonly Value[] =>
  ticket === undefined ? [] : [ticket];

export const readTicket = (fields: Fields): { readonly ticket?: Uint8Array } => {
  const ticket = fields.appended((field) => field.bytesUpTo(TICKET_MAX));
  return ticket === undefined ? {} : { ticket };
};

export const wishToValue = (wish: SeatWish): Value => [
  wish.product,
  wish.class,
  wish.resource,
  wish.features,
  wish.weight,
  wish.version,
  wish.released,
  holderToValue(wish.holder),
  ...(wish.borrow === undefined ? [] : [wish.borrow]),
];

const readName = (fields: Fields): string => fields.text(NAME_MAX, 1);

export const readWish = (fields: Fields): SeatWish =>
  fields.nested((wish) => {
    const plain = {
      product: readName(wish),
      class: wish.optional(readName),
      resource: wish.optional(readName),
      features: wish.list(FEATURES_MAX, readName),
      weight: wish.uint(SEATS_MAX, 1),
      version: wish.optional(readName),
      released: wish.optional((field) => epochSeconds(field.uint())),
      holder: readHolder(wish),
    };
    const borrow = wish.appended((field) => seconds(field.uint(0xffff_ffff, 1)));
    return borrow === undefined ? plain : { ...plain, borrow };
  });

const renewal = (id: number, idle: number): Request => {
  return { kind: 'renew', id, idle: seconds(idle) };
};

const readRequest = (number: number, id: number, fields: Fields): Request | undefined => {
  switch (number) {
    case REQUEST.acquire:
      return {
        kind: 'acquire',
        id,
        wish: readWish(fields),
        wait: fields.flag(),
        ...readTicket(fields),
      };
    case REQUEST.renew:
      return renewal(id, fields.uint());
    case REQUEST.release:
      return fields.appended((field) => field.flag()) === true
        ? { kind: 'release', id, returns: true }
        : { kind: 'release', id };
    case REQUEST.document:
      return { kind: 'document', id, hash: fields.bytes(HASH_SIZE), offset: fields.uint() };
    case REQUEST.probe:
      return { kind: 'probe', id, wish: readWish(fields) };
    case REQUEST.resources:
      return { kind: 'resources', id, product: readName(fields), offset: fields.uint() };
    case REQUEST.draw:
      return {
        kind: 'draw',
        id,
        product: readName(fields),
        meter: readName(fields),
        amount: fields.uint(0xffff_ffff, 1),
        drawId: fields.bytes(DRAW_ID_SIZE),
        holder: readHolder(fields),
      };
    case REQUEST.borrow: {
      const duration = seconds(fields.uint(0xffff_ffff, 1));
      return { kind: 'borrow', id, duration, hostCode: fields.bytesUpTo(HOST_CODE_MAX) };
    }
    default:
      return undefined;
  }
};

/** The request, or its id alone when it came from a client that knows more than we do. */
export const parseRequest = (
  value: Value | undefined,
): { readonly id: number; readonly request: Request | undefined } | undefined => {
  if (Array.isArray(value) && value[0] === REQUEST.renew) {
    // Nothing else is heard as often, and most of what it takes to read it is the reader.
    const [, id, idle] = value;
    if (isUint32(id) && isUint32(idle)) return { id, request: renewal(id, idle) };
  }
  const fields = new Fields(value);
  const number = fields.uint();
  const id = fields.uint();
  if (!fields.valid) return undefined;
  const request = readRequest(number, id, fields);
  return { id, request: fields.valid ? request : undefined };
};
