/** What the store keeps of metered use: single draws, and of each meter the sum of those forgotten. */

import { bytesToHex, hexToBytes } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { NAME_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { readSequence, sequenceToValue } from '../sequence.ts';
import { storeKey } from '../store-key.ts';
import type { Write } from '../write.ts';

export const DRAW_PREFIX = 'draw/';
export const METER_PREFIX = 'meter/';
export const DRAW_ID_SIZE = 16;
/** Licenses that one draw may be split over. */
export const DRAW_PARTS_MAX = 1024;

const RECORD_VERSION = 1;

/** What a draw took of one license. */
export interface DrawPart {
  readonly licenseId: LicenseId;
  readonly amount: number;
}

export interface DrawRecord {
  /** 32 hexadecimal digits: the id that the client gave it. */
  readonly id: string;
  /** Counts up: of two draws the one planned first has the lower one. */
  readonly sequence: number;
  readonly meter: string;
  readonly amount: number;
  readonly parts: readonly DrawPart[];
}

/** The draws of one meter that are not remembered one by one any more. */
export interface MeterRecord {
  readonly licenseId: LicenseId;
  readonly meter: string;
  /** Their sum. */
  readonly forgotten: number;
  /** The last of them: a stored draw up to it is in the sum already. */
  readonly lastForgotten: number;
}

export const drawKey = (id: string): string => DRAW_PREFIX + id;

export const meterKey = (licenseId: LicenseId, meter: string): string =>
  storeKey(METER_PREFIX, licenseId, meter);

export const drawWrite = (draw: DrawRecord): Write => ({
  key: drawKey(draw.id),
  value: pack([
    RECORD_VERSION,
    sequenceToValue(draw.sequence),
    draw.meter,
    draw.amount,
    draw.parts.map(({ licenseId, amount }) => [licenseId, amount]),
  ]),
});

export const meterWrite = (record: MeterRecord): Write => ({
  key: meterKey(record.licenseId, record.meter),
  value: pack([
    RECORD_VERSION,
    record.licenseId,
    record.meter,
    record.forgotten,
    sequenceToValue(record.lastForgotten),
  ]),
});

/** The stored draw, or `undefined` where the record is damaged. */
export const readDraw = (key: string, value: Uint8Array): DrawRecord | undefined => {
  const id = key.slice(DRAW_PREFIX.length);
  const bytes = hexToBytes(id);
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const draw = {
    id,
    sequence: readSequence(fields),
    meter: fields.text(NAME_MAX, 1),
    amount: fields.uint(),
    parts: fields.list(DRAW_PARTS_MAX, (list) =>
      list.exactly((part) => ({
        licenseId: part.text(NAME_MAX, 1) as LicenseId,
        amount: part.uint(),
      })),
    ),
  };
  const sum = draw.parts.reduce((total, { amount }) => total + amount, 0);
  const fits = fields.complete && version === RECORD_VERSION && sum === draw.amount;
  const ownKey = bytes?.length === DRAW_ID_SIZE && bytesToHex(bytes) === id;
  return fits && ownKey ? draw : undefined;
};

/** The stored sum of a meter, or `undefined` where the record is damaged. */
export const readMeter = (key: string, value: Uint8Array): MeterRecord | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const record = {
    licenseId: fields.text(NAME_MAX, 1) as LicenseId,
    meter: fields.text(NAME_MAX, 1),
    forgotten: fields.uint(),
    lastForgotten: readSequence(fields),
  };
  const fits = fields.complete && version === RECORD_VERSION;
  return fits && key === meterKey(record.licenseId, record.meter) ? record : undefined;
};
