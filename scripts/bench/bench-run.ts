/** What a benchmark is: a function that measures and says on the way what it does. */

import type { Measurement } from './figure.ts';

export const BENCH_NAMES = [
  'renew',
  'acquire',
  'site',
  'discover',
  'memory',
  'start',
  'idle',
  'verdict',
  'history',
  'console',
] as const;

export type BenchName = (typeof BENCH_NAMES)[number];

/** Tells a person what is being done. */
export type Progress = (line: string) => void;

export interface BenchOptions {
  /** A server of keygen-relay's kind to measure against; without it, what was measured of one once. */
  readonly relay?: URL;
}

export type Bench = (progress: Progress, options: BenchOptions) => Promise<readonly Measurement[]>;
