/** What an agent's store holds before it starts for the first time: named users and resources. */

import { ResourceRegister } from '../../agent/core/resources/resource-register.ts';
import { Roster } from '../../agent/core/seats/roster.ts';
import type { Write } from '../../agent/core/write.ts';
import { GENERIC_CLASS } from '../../protocol/license.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { WALL_START } from './clocks.ts';
import { type PlannedLicense, RESOURCES } from './licenses.ts';
import type { Random } from './random.ts';

const SINCE = epochSeconds(WALL_START);

/** As if an administrator had been here: some users have seats, some licenses their resources. */
export const drawFirstRecords = (
  random: Random,
  licenses: readonly PlannedLicense[],
  users: readonly string[],
): readonly Write[] => [...drawUsers(random, licenses, users), ...drawResources(random, licenses)];

const drawUsers = (
  random: Random,
  licenses: readonly PlannedLicense[],
  users: readonly string[],
): readonly Write[] => {
  const roster = new Roster();
  const lists = new Map<string, { readonly product: string; readonly name: string }>();
  for (const { license } of licenses) {
    if (license.type !== 'named') continue;
    const { product } = license;
    for (const name of [GENERIC_CLASS, ...license.pools.map((pool) => pool.class)]) {
      lists.set(`${product} ${name}`, { product, name });
    }
  }
  return [...lists.values()].flatMap(({ product, name }) => {
    const chosen = users.filter(() => random.chance(0.7));
    const request = { product, class: name, users: chosen, seats: 100, since: SINCE };
    const plan = roster.assign(request);
    return plan.ok ? plan.value.writes : [];
  });
};

const drawResources = (random: Random, licenses: readonly PlannedLicense[]): readonly Write[] => {
  const tied = licenses.filter(({ license }) => license.resource !== null);
  if (tied.length === 0) return [];
  const register = new ResourceRegister();
  const added = register.add(RESOURCES, null, SINCE);
  if (!added.ok) throw new Error('resources that cannot be added');
  register.apply(added.value.writes);
  const writes = new Map(added.value.writes.map((write) => [write.key, write]));
  for (const { id, license } of tied) {
    const name = RESOURCES.find((one) => one === license.resource?.toLowerCase());
    const activated = register.activate(name ?? random.pick(RESOURCES), id, null);
    if (!activated.ok || random.chance(0.15)) continue;
    register.apply(activated.value.writes);
    for (const write of activated.value.writes) writes.set(write.key, write);
  }
  return [...writes.values()];
};
