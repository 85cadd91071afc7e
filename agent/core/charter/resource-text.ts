/** The resources of a site as one text, by name: a line for each, with the licenses activated for it. */

import { bytesToUtf8, utf8ToBytes } from '../../../protocol/bytes.ts';
import { isPlainText } from '../../../protocol/fields.ts';
import { foldCase } from '../../../protocol/fold-case.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { NAME_MAX, TEXT_MAX } from '../../../protocol/limits.ts';
import { epochSeconds, isUint32 } from '../../../protocol/units.ts';
import { RESOURCE_LICENSES_MAX, type Resource } from '../resources/resource-register.ts';

const HEADER = 'resources 1';
const RADIX = 36;
/** Since when, the name, whose it is, and the ids of licenses. */
const RESOURCE = /^([0-9a-z]{1,7})\t([^\t]+)\t([^\t]*)((?:\t[^\t]+)*)$/;

/** The same text for the same resources. None at all is no text. */
export const encodeResources = (resources: Iterable<Resource>): Uint8Array => {
  const byName = [...resources]
    .map((one) => [foldCase(one.name), one] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  if (byName.length === 0) return new Uint8Array(0);
  const lines = byName.map(([, { name, customer, added, licenses }]) =>
    [added.toString(RADIX), name, customer ?? '', ...licenses].join('\t'),
  );
  return utf8ToBytes([HEADER, ...lines, ''].join('\n'));
};

/** By folded name. `undefined` for what this version cannot read. */
export const decodeResources = (bytes: Uint8Array): ReadonlyMap<string, Resource> | undefined => {
  const resources = new Map<string, Resource>();
  if (bytes.length === 0) return resources;
  const text = bytesToUtf8(bytes);
  const [header, ...lines] = text?.split('\n') ?? [];
  if (text === undefined || header !== HEADER || lines.pop() !== '') return undefined;
  if (!isPlainText(text.replace(/[\n\t]/g, ''))) return undefined;
  const taken = new Set<string>();
  for (const line of lines) {
    const resource = resourceIn(line);
    const folded = resource && foldCase(resource.name);
    if (resource === undefined || folded === undefined || resources.has(folded)) return undefined;
    for (const id of resource.licenses) {
      // A license is activated for one resource.
      if (taken.has(id) || id.length > NAME_MAX) return undefined;
      taken.add(id);
    }
    resources.set(folded, resource);
  }
  return resources;
};

const resourceIn = (line: string): Resource | undefined => {
  const [, time = '', name = '', customer = '', ids = ''] = RESOURCE.exec(line) ?? [];
  const added = Number.parseInt(time, RADIX);
  const isName = name !== '' && name.length <= TEXT_MAX && customer.length <= TEXT_MAX;
  if (!isName || !isUint32(added)) return undefined;
  const licenses = ids.split('\t').slice(1) as LicenseId[];
  if (licenses.length > RESOURCE_LICENSES_MAX) return undefined;
  return {
    name,
    customer: customer === '' ? null : customer,
    added: epochSeconds(added),
    licenses,
  };
};
