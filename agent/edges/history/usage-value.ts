/** Rows of usage as stored values: compressed JSON, no longer than a backup carries. */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  decodePersons,
  decodePools,
  encodePersons,
  encodePools,
} from '../../core/usage/usage-record.ts';
import {
  addPersons,
  addPools,
  type PersonRows,
  type PoolRows,
  personRows,
  poolRows,
} from '../../core/usage/usage-tables.ts';

/** A backup carries no longer value. */
const VALUE_MAX = 60_000;
/** What is taken out of a value at most: more was not put into it. */
const TEXT_MAX = 4_194_304;

/** The text in a value; none where it is damaged. */
export const inflate = (value: Uint8Array): string => {
  try {
    return inflateRawSync(value, { maxOutputLength: TEXT_MAX }).toString('utf8');
  } catch {
    return '';
  }
};

/** What is stored with these rows added. */
export const mergePools = (rows: PoolRows, stored: string): Uint8Array => {
  const merged = poolRows();
  addPools(merged, decodePools(stored));
  addPools(merged, rows.values());
  return deflateWithin(merged, (most) => {
    const fewer = poolRows(most);
    addPools(fewer, merged.values());
    return encodePools(fewer.values());
  });
};

export const mergePersons = (rows: PersonRows, stored: string): Uint8Array => {
  const merged = personRows();
  addPersons(merged, decodePersons(stored));
  addPersons(merged, rows.values());
  const byTime = [...merged.values()].sort((one, other) => other.seatSeconds - one.seatSeconds);
  return deflateWithin(merged, (most) => {
    const fewer = personRows(most);
    addPersons(fewer, byTime);
    return encodePersons(fewer.values());
  });
};

/** With as many rows of their own as one value carries. */
const deflateWithin = (
  { size }: { readonly size: number },
  encode: (most: number) => string,
): Uint8Array => {
  for (let most = size + 1; ; most = Math.floor(most / 2)) {
    const value = new Uint8Array(deflateRawSync(encode(most)));
    if (value.length <= VALUE_MAX || most <= 1) return value;
  }
};
