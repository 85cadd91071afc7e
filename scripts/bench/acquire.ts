import type { Bench } from './bench-run.ts';
export const acquireBench: Bench = async () => [];
