/**
 * The customer's named things (databases, projects) and the licenses activated for them. A change is
 * planned first and becomes true when its writes are on the disk; one at a time.
 */

import { Fields } from '../../../protocol/fields.ts';
import { foldCase } from '../../../protocol/fold-case.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { NAME_MAX, TEXT_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { assert, err, ok, type Result } from '../../../protocol/result.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import { readStoreKey, storeKey } from '../store-key.ts';
import type { Write } from '../write.ts';

/** Resources on one agent. */
export const RESOURCES_MAX = 10_000;
/** Licenses of one resource. */
export const RESOURCE_LICENSES_MAX = 1024;
export const RESOURCE_PREFIX = 'resource/';

const RECORD_VERSION = 1;

export interface Resource {
  /** As it was typed; capitals make no other resource. */
  readonly name: string;
  /** Whose it is, in the customer's words. */
  readonly customer: string | null;
  readonly added: EpochSeconds;
  /** In the order of activation. */
  readonly licenses: readonly LicenseId[];
}

/** How a change leaves some of the resources, and which it removes. */
export interface ResourcesAfter {
  readonly put: readonly Resource[];
  readonly gone: readonly Resource[];
}

/** A change that is not true yet: commit `writes`, then `apply` them. */
export interface ResourceChange {
  readonly writes: readonly Write[];
  /** What the store should have when the commit fails. */
  readonly onFailure: readonly Write[];
  /** The resources as they will be, or as they were where they are removed. */
  readonly resources: readonly Resource[];
}

export type ResourceFault =
  /** A resource of this name is here already, or was named twice. */
  | { readonly code: 'duplicate'; readonly name: string }
  /** No resource has this name. */
  | { readonly code: 'unknown'; readonly name: string }
  /** The license is activated for another resource: this one. */
  | { readonly code: 'license-taken'; readonly by: string }
  /** So many resources, or licenses of one resource, are all that an agent keeps. */
  | { readonly code: 'full'; readonly most: number };

export class ResourceRegister {
  /** By folded name. */
  readonly #resources = new Map<string, Resource>();
  /** By the one license each, of which a resource may have several. */
  readonly #byLicense = new Map<LicenseId, Resource>();

  /** Plans to add all of these resources, or none. Texts are plain, of 1 to 128 characters. */
  add(
    names: readonly string[],
    customer: string | null,
    added: EpochSeconds,
  ): Result<ResourceChange, ResourceFault> {
    const fresh = new Map<string, Resource>();
    for (const name of names) {
      const folded = foldCase(name);
      if (this.#resources.has(folded) || fresh.has(folded)) return err({ code: 'duplicate', name });
      fresh.set(folded, { name, customer, added, licenses: [] });
    }
    if (this.#resources.size + fresh.size > RESOURCES_MAX)
      return err({ code: 'full', most: RESOURCES_MAX });
    const resources = [...fresh.values()];
    const onFailure = resources.map(({ name }) => ({ key: resourceKey(name), value: null }));
    return ok({ writes: resources.map(resourceWrite), onFailure, resources });
  }

  /**
   * Plans to activate a license for a resource, and to say whose the resource is unless `customer`
   * is `null`. Nothing is written where both are so already.
   */
  activate(
    name: string,
    license: LicenseId,
    customer: string | null,
  ): Result<ResourceChange, ResourceFault> {
    const resource = this.get(name);
    if (resource === undefined) return err({ code: 'unknown', name });
    const holder = this.#byLicense.get(license);
    if (holder !== undefined && holder !== resource)
      return err({ code: 'license-taken', by: holder.name });
    if (holder === undefined && resource.licenses.length >= RESOURCE_LICENSES_MAX)
      return err({ code: 'full', most: RESOURCE_LICENSES_MAX });
    const licenses = holder === undefined ? [...resource.licenses, license] : resource.licenses;
    return ok(change(resource, { ...resource, licenses, customer: customer ?? resource.customer }));
  }

  /** Plans to remove a resource; its licenses are free for others then. */
  remove(name: string): Result<ResourceChange, ResourceFault> {
    const resource = this.get(name);
    if (resource === undefined) return err({ code: 'unknown', name });
    const writes = [{ key: resourceKey(name), value: null }];
    return ok({ writes, onFailure: [resourceWrite(resource)], resources: [resource] });
  }

  /** Makes a planned change true: its writes are on the disk. */
  apply(writes: readonly Write[]): void {
    for (const { key, value } of writes) {
      const applied = value === null ? this.#remove(key) : this.restore(key, value);
      assert(applied, 'a register was to apply what is no change of it');
    }
  }

  /** Takes up a stored resource, or answers `false` where it is none. */
  restore(key: string, value: Uint8Array): boolean {
    const resource = readResource(value);
    if (resource === undefined || key !== resourceKey(resource.name)) return false;
    const former = this.get(resource.name);
    for (const license of resource.licenses) {
      const holder = this.#byLicense.get(license);
      if (holder !== undefined && holder !== former) return false;
    }
    if (former !== undefined) this.#forget(former);
    this.#resources.set(foldCase(resource.name), resource);
    for (const license of resource.licenses) this.#byLicense.set(license, resource);
    return true;
  }

  get(name: string): Resource | undefined {
    return this.#resources.get(foldCase(name));
  }

  /** The resource that a license is activated for. */
  resourceOf(license: LicenseId): Resource | undefined {
    return this.#byLicense.get(license);
  }

  /** Every resource, by name. */
  list(): readonly Resource[] {
    const byName = [...this.#resources].sort(([left], [right]) => (left < right ? -1 : 1));
    return byName.map(([, resource]) => resource);
  }

  #remove(key: string): boolean {
    const [folded = ''] = readStoreKey(RESOURCE_PREFIX, key) ?? [];
    const resource = this.#resources.get(folded);
    if (resource === undefined) return false;
    this.#forget(resource);
    return true;
  }

  #forget(resource: Resource): void {
    this.#resources.delete(foldCase(resource.name));
    for (const license of resource.licenses) this.#byLicense.delete(license);
  }
}

const change = (before: Resource, after: Resource): ResourceChange => {
  const same =
    before.customer === after.customer && before.licenses.length === after.licenses.length;
  const [writes, onFailure] = same ? [[], []] : [[resourceWrite(after)], [resourceWrite(before)]];
  return { writes, onFailure, resources: [after] };
};

/** Under which the store keeps a resource. */
export const resourceKey = (name: string): string => storeKey(RESOURCE_PREFIX, foldCase(name));

/** The write that makes the store know a resource. */
export const resourceWrite = ({ name, customer, added, licenses }: Resource): Write => ({
  key: resourceKey(name),
  value: pack([RECORD_VERSION, name, customer, added, licenses]),
});

const readResource = (value: Uint8Array): Resource | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const resource = {
    name: fields.text(TEXT_MAX, 1),
    customer: fields.optional((field) => field.text(TEXT_MAX, 1)),
    added: epochSeconds(fields.uint()),
    licenses: fields.list(RESOURCE_LICENSES_MAX, (item) => item.text(NAME_MAX, 1) as LicenseId),
  };
  const distinct = new Set(resource.licenses).size === resource.licenses.length;
  return fields.complete && version === RECORD_VERSION && distinct ? resource : undefined;
};
