/** What a benchmark is: a function that measures and says on the way what it does. */

import type { Measurement } from './figure.ts';

export type BenchName = 'renew' | 'acquire' | 'discover' | 'memory' | 'start' | 'idle' | 'verdict';

/** Tells a person what is being done. */
export type Progress = (line: string) => void;

export type Bench = (progress: Progress) => Promise<readonly Measurement[]>;
