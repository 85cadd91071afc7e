/** The register of resources as a table that a site has in common. */

import { foldCase } from '../../../protocol/fold-case.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { Change } from '../change-queue.ts';
import {
  RESOURCE_LICENSES_MAX,
  type Resource,
  type ResourceRegister,
  type ResourcesAfter,
  resourceKey,
  resourceWrite,
} from '../resources/resource-register.ts';
import type { Lending } from '../seats/lending.ts';
import type { Write } from '../write.ts';
import { decodeResources, encodeResources } from './resource-text.ts';
import type { SharedTable, TableDifference } from './shared-table.ts';

export interface ResourceTableParts {
  readonly resources: ResourceRegister;
  readonly lending: Lending;
}

type Resources = ReadonlyMap<string, Resource>;

export class ResourceTable implements SharedTable<ResourcesAfter> {
  readonly what = 'resources';
  readonly #parts: ResourceTableParts;

  constructor(parts: ResourceTableParts) {
    this.#parts = parts;
  }

  text(after?: ResourcesAfter): Uint8Array {
    const all = new Map(this.#mine());
    for (const { name } of after?.gone ?? []) all.delete(foldCase(name));
    for (const one of after?.put ?? []) all.set(foldCase(one.name), one);
    return encodeResources(all.values());
  }

  compare(text: Uint8Array, common: Uint8Array, most: number): TableDifference | undefined {
    const theirs = decodeResources(text);
    if (theirs === undefined) return undefined;
    const mine = this.#mine();
    const { wanted, isOwn } = merge(theirs, mine, decodeResources(common) ?? new Map());
    const gone = [...mine].flatMap(([folded, one]) => (wanted.has(folded) ? [] : [one]));
    // A license goes from one resource before it comes to another.
    const less = [...mine].flatMap(([folded, one]) => lessened(one, wanted.get(folded)));
    const put = [...wanted].flatMap(([folded, one]) =>
      isSame(one, mine.get(folded)) ? [] : [one],
    );
    const goes = gone.length + less.length;
    const going = [...gone.map(removal), ...less.map(resourceWrite)];
    return {
      isOwn,
      goes,
      comes: put.length,
      step: () =>
        this.#step([
          ...going.slice(0, most),
          ...put.slice(0, Math.max(0, most - goes)).map(resourceWrite),
        ]),
    };
  }

  #mine(): Resources {
    return new Map(this.#parts.resources.list().map((one) => [foldCase(one.name), one]));
  }

  #step(writes: readonly Write[]): Change {
    const { resources, lending } = this.#parts;
    const before = new Map(resources.list().map((one) => [resourceKey(one.name), one]));
    const onFailure = writes.map(({ key }) => {
      const one = before.get(key);
      return one === undefined ? { key, value: null } : resourceWrite(one);
    });
    return {
      kind: 'change',
      writes,
      onFailure,
      apply: () => {
        resources.apply(writes);
        // There are seats for whoever waits for one of these.
        lending.seatsChanged();
        return { kind: 'shared-offer' };
      },
    };
  }
}

const removal = ({ name }: Resource): Write => ({ key: resourceKey(name), value: null });

/**
 * What the site has, and what is here alone and was never the site's: resources, and licenses that are
 * activated for none there.
 */
const merge = (
  theirs: Resources,
  mine: Resources,
  common: Resources,
): { readonly wanted: Resources; readonly isOwn: boolean } => {
  const activated = new Set([...theirs.values()].flatMap(({ licenses }) => licenses));
  const wanted = new Map(theirs);
  let isOwn = false;
  for (const [folded, one] of mine) {
    const [there, before] = [theirs.get(folded), common.get(folded)];
    if (there === undefined && before !== undefined) continue;
    const isNew = (id: LicenseId): boolean =>
      !activated.has(id) && before?.licenses.includes(id) !== true;
    const more = one.licenses.filter(isNew);
    if (there !== undefined && more.length === 0) continue;
    isOwn = true;
    const base = there ?? { ...one, licenses: [] };
    const licenses = [...base.licenses, ...more].slice(0, RESOURCE_LICENSES_MAX);
    wanted.set(folded, { ...base, licenses });
  }
  return { wanted, isOwn };
};

/** A resource without the licenses that it is to lose, where it loses some and stays. */
const lessened = (one: Resource, wanted: Resource | undefined): readonly Resource[] => {
  if (wanted === undefined) return [];
  const kept = new Set(wanted.licenses);
  const licenses = one.licenses.filter((id) => kept.has(id));
  return licenses.length === one.licenses.length ? [] : [{ ...one, licenses }];
};

const isSame = (one: Resource, other: Resource | undefined): boolean =>
  one.name === other?.name &&
  one.customer === other.customer &&
  one.added === other.added &&
  one.licenses.join() === other.licenses.join();
