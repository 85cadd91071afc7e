import type { Bench } from './bench-run.ts';
export const startBench: Bench = async () => [];
