import type { Bench } from './bench-run.ts';
export const discoverBench: Bench = async () => [];
