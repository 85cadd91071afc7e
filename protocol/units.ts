/**
 * Numbers with a unit. Two clocks, two types: leases, retries and rate limits use the monotonic
 * `Instant`; license validity uses the wall's `EpochSeconds`. No function takes both as `number`.
 */

declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** Milliseconds on a monotonic clock that counts suspended time; only differences have meaning. */
export type Instant = Unit<'Instant'>;
/** A length of time in milliseconds, ≥ 0. */
export type Millis = Unit<'Millis'>;
/** A length of time in whole seconds, 0 to 2³²−1: the only duration on the wire. */
export type Seconds = Unit<'Seconds'>;
/** Whole seconds since 1970-01-01T00:00:00Z, 0 to 2³²−1 (until 2106): the only date on the wire. */
export type EpochSeconds = Unit<'EpochSeconds'>;

/** Both clocks, sampled once for each event by the driver. */
export interface Moment {
  readonly mono: Instant;
  readonly wall: EpochSeconds;
}

const UINT32_MAX = 0xffff_ffff;

export const isUint32 = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= UINT32_MAX;

/** Stops at a bug. The text is made only then: these makers run for every datagram. */
const expect = (fits: boolean, what: string, value: number): void => {
  if (!fits) throw new Error(`Bug: not ${what}: ${value}`);
};

export const instant = (milliseconds: number): Instant => {
  expect(Number.isFinite(milliseconds), 'an instant', milliseconds);
  return milliseconds as Instant;
};

export const millis = (milliseconds: number): Millis => {
  expect(milliseconds >= 0 && Number.isFinite(milliseconds), 'a length', milliseconds);
  return milliseconds as Millis;
};

export const seconds = (value: number): Seconds => {
  expect(isUint32(value), 'whole seconds', value);
  return value as Seconds;
};

export const epochSeconds = (value: number): EpochSeconds => {
  expect(isUint32(value), 'a date', value);
  return value as EpochSeconds;
};

export const secondsToMillis = (value: Seconds): Millis => (value * 1000) as Millis;

export const after = (start: Instant, length: Millis): Instant => (start + length) as Instant;

/** The length from `start` to `end`, or zero when `end` comes first. */
export const between = (start: Instant, end: Instant): Millis => Math.max(0, end - start) as Millis;
