/** Signed licenses, valid and not. */

import { bytesToHex } from '../../protocol/bytes.ts';
import { keyId, licenseId } from '../../protocol/ids.ts';
import type { License } from '../../protocol/license.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { badLicenses } from './bad-licenses.ts';
import {
  fixedBytes,
  HOST_CODE,
  ISSUED,
  itemsOf,
  type Json,
  LICENSE,
  LICENSE_ID,
  poolOf,
  VENDOR_KEYS,
  type VectorFile,
  valueToJson,
} from './fixed.ts';

const DAY = 86_400;

const after = (days: number) => epochSeconds(ISSUED + days * DAY);

const VALID: Readonly<Record<string, Omit<License, 'id'>>> = {
  'two pools, two features, one year': LICENSE,
  'for ever, to be activated on one agent': {
    ...LICENSE,
    expires: null,
    activation: { agents: 1, emergency: null, refresh: null, master: null },
  },
  'to be activated and refreshed, with an emergency and a master': {
    ...LICENSE,
    activation: {
      agents: 1000,
      emergency: { longest: seconds(5 * DAY), window: seconds(30 * DAY) },
      refresh: { every: seconds(90 * DAY), grace: seconds(14 * DAY) },
      master: 'https://licenses.example.com/usher',
    },
  },
  'the smallest': {
    ...LICENSE,
    product: 'p',
    customer: 'c',
    expires: null,
    term: seconds(10),
    pools: [poolOf(0)],
    features: [],
    hosts: { virtual: 'allow', container: 'allow', unknown: 'refuse' },
  },
  'many seats, text beyond ASCII': {
    ...LICENSE,
    customer: 'Müller & Söhne 株式会社 \u{1f512}',
    term: seconds(86_400),
    pools: Array.from({ length: 32 }, (_, i) => poolOf(1_000_000, `class ${i}`)),
    features: Array.from({ length: 64 }, (_, i) => `feature ${i}`),
  },
  'a temporary increase, a decrease for ever, two seats beyond': {
    ...LICENSE,
    pools: [
      {
        ...poolOf(10),
        overdraft: 2,
        stages: [
          { from: after(60), until: after(91), seats: 15 },
          { from: after(180), until: null, seats: 0 },
        ],
      },
    ],
  },
  'named, a seat for each user, to be borrowed': {
    ...LICENSE,
    type: 'named',
    counting: 'user',
    borrow: { seats: 2, longest: seconds(7 * DAY) },
  },
  'floating, a seat for each host': { ...LICENSE, counting: 'host' },
  'server, without pools': { ...LICENSE, type: 'server', pools: [] },
  'standalone, for one computer': {
    ...LICENSE,
    type: 'standalone',
    pools: [],
    hostCode: HOST_CODE,
  },
  'floating, for the agent of one computer': { ...LICENSE, hostCode: HOST_CODE },
  'versions 10 to 12, maintained for half a year': {
    ...LICENSE,
    versions: { oldest: '10', newest: '12' },
    maintenance: after(182),
  },
  'a newest version only': { ...LICENSE, versions: { oldest: null, newest: 'v12.3-sp1' } },
  'a trial of 30 days': { ...LICENSE, trial: seconds(30 * DAY) },
  'for one database': { ...LICENSE, resource: 'orders' },
  'for a resource of the administrator\u2019s choice': { ...LICENSE, resource: '*' },
  'two meters': {
    ...LICENSE,
    meters: [
      { name: 'runs', allowance: 10_000 },
      { name: 'pages', allowance: 0xffff_ffff },
    ],
  },
  'with children and theirs': {
    ...LICENSE,
    activation: { agents: 1, emergency: null, refresh: null, master: null },
    children: { most: 1000, depth: 4 },
  },
  'in place of two others': {
    ...LICENSE,
    supersedes: [licenseId(fixedBytes('first', 16)), licenseId(fixedBytes('second', 16))],
  },
};

const validVector = ([name, license]: readonly [string, Omit<License, 'id'>]): Json => {
  const bytes = signLicense(license, LICENSE_ID, VENDOR_KEYS, primitives);
  const [, , , payload] = itemsOf(bytes);
  return {
    name,
    signer: bytesToHex(VENDOR_KEYS.publicKey),
    keyId: keyId(primitives.sha512, VENDOR_KEYS.publicKey),
    licenseId: licenseId(LICENSE_ID),
    payload: valueToJson(itemsOf(payload as Uint8Array)),
    document: bytesToHex(bytes),
    hash: bytesToHex(hashDocument(bytes, primitives)),
  };
};

/** `licenses.json`. */
export const licenseVectors = (): VectorFile => ({
  about: 'License documents by the vendor key in keys.json. "fault" is why one is refused.',
  valid: Object.entries(VALID).map(validVector),
  invalid: badLicenses().map(([reason, bytes, fault]) => ({
    reason,
    fault,
    document: bytesToHex(bytes),
  })),
});
