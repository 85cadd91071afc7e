/**
 * keygen-relay (open source, Go, SQLite, HTTP), the one peer that can be measured: version of 2026,
 * on a two-core machine beside its load generator, a claim and a release of one seat at a time. It
 * answers HTTP 500 at 20,000 seats, so its figure at 5,000 stands for it there.
 */

import { runRelay, runRenewals } from './relay-load.ts';

/** Claim+release pairs per second, by seats and clients. */
export const RELAY_PAIRS: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  50: { 1: 375, 32: 257 },
  5000: { 1: 125, 32: 32 },
};

/** Its figure for so many seats, or for the most that it managed. */
export const relayPairs = (
  seats: number,
  clients: number,
): { readonly name: string; readonly value: number } => {
  const measured = RELAY_PAIRS[seats]?.[clients];
  if (measured !== undefined) return { name: 'keygen-relay', value: measured };
  return { name: 'keygen-relay at 5,000', value: RELAY_PAIRS[5_000]?.[clients] ?? Number.NaN };
};

const ROUND_MS = 3000;

/** Measures a running relay, or, without one, answers with what was measured once. */
export const measureRelay = async (
  base: URL | undefined,
  clients: readonly number[],
): Promise<
  (seats: number, clients: number) => { readonly name: string; readonly value: number }
> => {
  if (base === undefined) return relayPairs;
  const pairs = new Map<number, number>();
  for (const count of clients) {
    const run = await runRelay(base, { clients: count, milliseconds: ROUND_MS });
    pairs.set(count, run.pairs / run.seconds);
  }
  return (_seats, count) => ({ name: base.host, value: pairs.get(count) ?? Number.NaN });
};

/** How often a running relay prolongs a claim in a second, with so many clients. */
export const measureRelayRenewals = (base: URL, clients: number): Promise<number> =>
  runRenewals(base, { clients, milliseconds: ROUND_MS });
