/** What the applications of a seed ask for. */

import { GENERIC_CLASS } from '../../protocol/license.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import { type Clauses, RELEASES, RESOURCES, VERSIONS } from './licenses.ts';
import type { Random } from './random.ts';

/** A wish without who holds it. */
export type Want = Omit<SeatWish, 'holder'>;

const CLASS_MIXES: readonly (readonly [string | null, ...(string | null)[]])[] = [
  [null],
  ['developer', null],
  ['developer', 'execution', GENERIC_CLASS, null],
];

/** What one run of an application wants; `taste` makes those of one seed compete with each other. */
export const drawWant = (random: Random, clauses: Clauses, taste: number): Want => ({
  product: random.pick(clauses.products),
  class: random.pick(CLASS_MIXES[taste % CLASS_MIXES.length] ?? [null]),
  resource: drawResource(random, clauses),
  features: drawFeatures(random, clauses),
  weight: taste % 2 === 0 ? 1 : random.pick([1, 1, 1, 2, 2, 3, 4]),
  version: clauses.versions ? random.pick([null, ...VERSIONS]) : null,
  released: clauses.versions ? random.pick([null, ...RELEASES]) : null,
});

/** In either case of the letters: they make no other resource. */
const drawResource = (random: Random, clauses: Clauses): string | null => {
  if (!clauses.resources) return null;
  const name = random.pick([null, ...RESOURCES, ...RESOURCES]) ?? null;
  return name !== null && random.chance(0.3) ? name.toUpperCase() : name;
};

const drawFeatures = (random: Random, clauses: Clauses): readonly string[] => {
  if (random.chance(0.5)) return [];
  return clauses.types.includes('server') ? random.pick([['cloud'], ['core']]) : ['core'];
};
