/**
 * Usher's client library: what a vendor embeds. It finds agents by itself, trusts only licenses
 * signed with the vendor's key, holds the seat by renewing it, and says so when it is lost; it never
 * ends the application.
 *
 *     await using seat = await connect({ vendorKey }).acquire({ product: 'acme-cad' });
 *     seat.lost.addEventListener('abort', () => saveAndWarn(seat.lost.reason));
 */

import { Connection, type ConnectOptions } from './connection.ts';

export type { AcquireRequest } from './acquire-request.ts';
export type { AgentFound } from './agents-found.ts';
export type { BorrowedSeat, ReturnedSeat } from './borrow-returns.ts';
export type { BorrowRequest, Connection, ConnectOptions } from './connection.ts';
export type {
  AgentOutlook,
  Drawn,
  DrawRequest,
  ResourceFound,
  SeatOutlook,
} from './inquiries.ts';
export { DrawError } from './inquiries.ts';
export type { Seat, SeatNews } from './seat.ts';
export { SeatError } from './seat-error.ts';
export type { Explanation } from './sentences.ts';

/** Makes a connection to the agents of this network. Throws a `TypeError` for unusable options. */
export const connect = (options: ConnectOptions): Connection => new Connection(options);
