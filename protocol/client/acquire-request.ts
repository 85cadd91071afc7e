/** What an application asks for. */

import { isPlainText } from '../fields.ts';
import type { Holder } from '../holder.ts';
import { NAME_MAX, SEATS_MAX } from '../limits.ts';
import type { SeatWish } from '../requests.ts';
import { epochSeconds, isUint32, type Seconds } from '../units.ts';

export interface AcquireRequest {
  readonly product: string;
  /** The class of seat wanted; `generic` seats serve any and are used last. */
  readonly class?: string;
  readonly features?: readonly string[];
  /** The customer's database or project that it is for. */
  readonly resource?: string;
  /** Seats taken at once, all of them or none: 1 (the default) to 1,000,000. */
  readonly weight?: number;
  /** The application's version, such as `12.3.1`: some licenses cover certain versions only. */
  readonly version?: string;
  /** When that version was released: some licenses cover what came out while they were maintained. */
  readonly released?: Date;
  /**
   * Stand in line while there is no seat, at every agent at once; there is no limit but `signal`. A
   * function is told the best place whenever it changes: 1 for who is next.
   */
  readonly wait?: boolean | ((place: number) => void);
  /**
   * Look for a seat again when this one was lost in a sleep or a long outage: true unless said
   * otherwise. Nothing is believed in between; `Seat.isHeld` and the news say so. A seat that
   * somebody has taken away is not looked for.
   */
  readonly regain?: boolean;
  /** Gives up when aborted; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The wish in a request; `borrow`: to be taken along for so long. Throws a `TypeError` where a name, number or date is none. */
export const wishOf = (request: AcquireRequest, holder: Holder, borrow?: Seconds): SeatWish => {
  const { weight = 1, released } = request;
  if (!Number.isInteger(weight) || weight < 1 || weight > SEATS_MAX) {
    throw new TypeError(`Not a number of seats from 1 to ${SEATS_MAX}: ${weight}`);
  }
  checkName('product', request.product);
  for (const what of ['class', 'resource', 'version'] as const) {
    if (request[what] !== undefined) checkName(what, request[what]);
  }
  for (const feature of request.features ?? []) checkName('feature', feature);
  const date = released === undefined ? null : Math.floor(released.getTime() / 1000);
  if (date !== null && !isUint32(date)) throw new TypeError(`Not a date of release: ${released}`);
  return {
    product: request.product,
    class: request.class ?? null,
    resource: request.resource ?? null,
    features: request.features ?? [],
    weight,
    version: request.version ?? null,
    released: date === null ? null : epochSeconds(date),
    holder,
    ...(borrow === undefined ? {} : { borrow }),
  };
};

/** A name as agents read it. */
const checkName = (what: string, name: string): void => {
  const isName = typeof name === 'string' && name.length >= 1 && name.length <= NAME_MAX;
  if (!isName || !isPlainText(name)) throw new TypeError(`Not a ${what}'s name: ${name}`);
};
