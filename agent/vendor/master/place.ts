/** A license on an agent: one of the computers on which it may be active. */

import { bytesToHex } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from '../../../protocol/ids.ts';
import {
  DOCUMENT_MAX,
  HOST_CODE_MAX,
  KEY_SIZE,
  LICENSE_ID_SIZE,
  NAME_MAX,
  TEXT_MAX,
} from '../../../protocol/limits.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { RecordKind } from './record-table.ts';

/** `returned`: by the agent's receipt; `freed`: by the vendor's hand. Append-only. */
export const PLACE_STATES = ['active', 'returned', 'freed'] as const;
export type PlaceState = (typeof PLACE_STATES)[number];

export interface Place {
  readonly license: LicenseId;
  /** The agent's Ed25519 key. */
  readonly agent: Uint8Array;
  readonly state: PlaceState;
  /** The newest activation, signed. */
  readonly activation: Uint8Array;
  /** It ends then, with its grace; `null` for never. */
  readonly ends: EpochSeconds | null;
  /** The standing that freed it last, signed; `null` where none has. */
  readonly standing: Uint8Array | null;
  /** What tells its computer from others, as it was last. */
  readonly host: Uint8Array;
  /** For people: what the agent says of itself. */
  readonly hostName: string;
  readonly version: string;
  /** When it was activated first, and heard of last. */
  readonly since: EpochSeconds;
  readonly seen: EpochSeconds;
}

export const placeKey = (license: LicenseId, agent: Uint8Array): string =>
  `${license}/${bytesToHex(agent)}`;

export const PLACES: RecordKind<Place> = {
  prefix: 'place/',
  keyOf: ({ license, agent }) => placeKey(license, agent),
  toValue: (place) => [
    licenseIdToBytes(place.license),
    place.agent,
    PLACE_STATES.indexOf(place.state),
    place.activation,
    place.ends,
    place.standing,
    place.host,
    place.hostName,
    place.version,
    place.since,
    place.seen,
  ],
  parse: (value) => {
    const fields = new Fields(value);
    const place: Place = {
      license: licenseId(fields.bytes(LICENSE_ID_SIZE)),
      agent: fields.bytes(KEY_SIZE),
      state: PLACE_STATES[fields.uint(PLACE_STATES.length - 1)] ?? 'active',
      activation: fields.bytesUpTo(DOCUMENT_MAX),
      ends: fields.optional((field) => epochSeconds(field.uint())),
      standing: fields.optional((field) => field.bytesUpTo(DOCUMENT_MAX)),
      host: fields.bytesUpTo(HOST_CODE_MAX),
      hostName: fields.text(TEXT_MAX),
      version: fields.text(NAME_MAX),
      since: epochSeconds(fields.uint()),
      seen: epochSeconds(fields.uint()),
    };
    return fields.valid ? place : undefined;
  },
};
