/** Who holds a seat, or asks for one. */

import type { Fields } from './fields.ts';
import { TEXT_MAX } from './limits.ts';
import type { Value } from './msgpack.ts';

/** Who asks for a seat, as the client says; shown to administrators, never trusted. */
export interface Holder {
  readonly user: string;
  readonly host: string;
  readonly process: number;
  readonly application: string;
}

export const holderToValue = (holder: Holder): Value => [
  holder.user,
  holder.host,
  holder.process,
  holder.application,
];

export const readHolder = (fields: Fields): Holder =>
  fields.nested((holder) => ({
    user: holder.text(TEXT_MAX),
    host: holder.text(TEXT_MAX),
    process: holder.uint(),
    application: holder.text(TEXT_MAX),
  }));
