/** The license: what a vendor signs for a customer. It is never edited; its text has one reading. */

import { Fields } from './fields.ts';
import { type LicenseId, licenseId } from './ids.ts';
import {
  FEATURES_MAX,
  LICENSE_ID_SIZE,
  NAME_MAX,
  POOLS_MAX,
  SEATS_MAX,
  TERM_MAX,
  TERM_MIN,
  TEXT_MAX,
} from './limits.ts';
import { pack, unpack, type Value } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';
import { type DocumentFault, openDocument, signDocument } from './signed-document.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from './units.ts';

/** The seats of one class. Seats of class `generic` serve a request for any class, and last. */
export interface PoolGrant {
  readonly class: string;
  readonly seats: number;
}

export const GENERIC_CLASS = 'generic';

/** What the vendor wants done on a host that is not plain hardware. */
export type HostRule = 'refuse' | 'allow';
/** In a container, `host` asks what the machine beneath it is and follows the rule for that. */
export type ContainerRule = HostRule | 'host';

export interface License {
  readonly id: LicenseId;
  readonly product: string;
  readonly customer: string;
  readonly issued: EpochSeconds;
  /** Seats are lent from this date on. */
  readonly starts: EpochSeconds;
  /** Seats are lent before this date; `null` for ever. */
  readonly expires: EpochSeconds | null;
  /** How long a lease lasts unless renewed, 10 to 86,400 s. */
  readonly term: Seconds;
  readonly pools: readonly PoolGrant[];
  readonly features: readonly string[];
  /** Whether the vendor must bind it to one agent before it lends. */
  readonly activation: 'required' | 'none';
  readonly hosts: {
    readonly virtual: HostRule;
    readonly container: ContainerRule;
    readonly unknown: HostRule;
  };
}

export interface SignedLicense {
  readonly license: License;
  readonly signer: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Codes on the wire: the place in the list, append-only. */
const ACTIVATION = ['required', 'none'] as const;
const HOST_RULES = ['refuse', 'allow'] as const;
const CONTAINER_RULES = ['refuse', 'allow', 'host'] as const;
/** The only type so far; `named`, `server` and `standalone` take the next numbers. */
const TYPE_FLOATING = 0;

/** The fixed-order array of protocol/README.md, section "License". */
const licenseToValue = (license: License, id: Uint8Array): Value => [
  id,
  license.product,
  license.customer,
  TYPE_FLOATING,
  license.issued,
  license.starts,
  license.expires,
  license.term,
  license.pools.map((pool) => [pool.class, pool.seats]),
  license.features,
  ACTIVATION.indexOf(license.activation),
  [
    HOST_RULES.indexOf(license.hosts.virtual),
    CONTAINER_RULES.indexOf(license.hosts.container),
    HOST_RULES.indexOf(license.hosts.unknown),
  ],
];

const readChoice = <T>(fields: Fields, choices: readonly [T, ...T[]]): T =>
  choices[fields.uint(choices.length - 1)] ?? choices[0];

const readTerm = (fields: Fields): Seconds | undefined => {
  const term = fields.uint(TERM_MAX);
  return term >= TERM_MIN ? seconds(term) : undefined;
};

const readPool = (fields: Fields): PoolGrant =>
  fields.exactly((pool) => ({ class: pool.text(NAME_MAX, 1), seats: pool.uint(SEATS_MAX) }));

const readHosts = (fields: Fields): License['hosts'] =>
  fields.exactly((hosts) => ({
    virtual: readChoice(hosts, HOST_RULES),
    container: readChoice(hosts, CONTAINER_RULES),
    unknown: readChoice(hosts, HOST_RULES),
  }));

/** The license in a payload, or `undefined` where a field is missing, too many or out of range. */
const parseLicense = (payload: Uint8Array): License | undefined => {
  const fields = new Fields(unpack(payload));
  const id = licenseId(fields.bytes(LICENSE_ID_SIZE));
  const product = fields.text(NAME_MAX, 1);
  const customer = fields.text(TEXT_MAX, 1);
  const type = fields.uint(TYPE_FLOATING);
  const issued = epochSeconds(fields.uint());
  const starts = epochSeconds(fields.uint());
  const expires = fields.optional((field) => epochSeconds(field.uint()));
  const term = readTerm(fields);
  const pools = fields.list(POOLS_MAX, readPool);
  const features = fields.list(FEATURES_MAX, (feature) => feature.text(NAME_MAX, 1));
  const activation = readChoice(fields, ACTIVATION);
  const hosts = readHosts(fields);
  const distinct = new Set(pools.map((pool) => pool.class)).size === pools.length;
  if (!fields.complete || type !== TYPE_FLOATING || term === undefined) return undefined;
  if (pools.length === 0 || !distinct) return undefined;
  return {
    id,
    product,
    customer,
    issued,
    starts,
    expires,
    term,
    pools,
    features,
    activation,
    hosts,
  };
};

/** Signs a license. `id` is 16 fresh random bytes; the license's own `id` field follows from it. */
export const signLicense = (
  license: Omit<License, 'id'>,
  id: Uint8Array,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array =>
  signDocument(
    'license',
    pack(licenseToValue({ ...license, id: licenseId(id) }, id)),
    keys,
    primitives,
  );

/** Reads a license and checks its signature against the key it names. */
export const openLicense = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedLicense, DocumentFault> => {
  const document = openDocument('license', bytes, primitives);
  if (!document.ok) return document;
  const license = parseLicense(document.value.payload);
  if (license === undefined) return err('malformed');
  return ok({ license, signer: document.value.signer, bytes: document.value.bytes });
};
