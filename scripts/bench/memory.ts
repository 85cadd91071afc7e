import type { Bench } from './bench-run.ts';
export const memoryBench: Bench = async () => [];
