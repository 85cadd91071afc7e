/** A loader of modules that puts counters into the product's own; see `node:module`, `register`. */

import { readFile } from 'node:fs/promises';
import type { LoadHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import { instrument } from './instrument.ts';

const OURS = /\/build\/out\/js\/(protocol|agent)\/.*\.js$/;

let next = 0;

export const load: LoadHook = async (url, context, nextLoad) => {
  if (!OURS.test(url)) return nextLoad(url, context);
  const counted = instrument(await readFile(fileURLToPath(url), 'utf8'), next);
  next = counted.next;
  return { format: 'module', source: counted.source, shortCircuit: true };
};
