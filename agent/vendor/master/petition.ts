/** An activation that somebody has to decide on. */

import { Fields } from '../../../protocol/fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from '../../../protocol/ids.ts';
import {
  KEY_SIZE,
  LICENSE_ID_SIZE,
  NAME_MAX,
  SENTENCE_MAX,
  TEXT_MAX,
} from '../../../protocol/limits.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import { placeKey } from './place.ts';
import type { RecordKind } from './record-table.ts';

/** Append-only. */
export const DECISIONS = ['open', 'approved', 'denied'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface Petition {
  readonly license: LicenseId;
  /** The agent's Ed25519 key. */
  readonly agent: Uint8Array;
  readonly decision: Decision;
  /** Why, where it was denied. */
  readonly reason: string;
  readonly hostName: string;
  readonly version: string;
  readonly asked: EpochSeconds;
}

export const PETITIONS: RecordKind<Petition> = {
  prefix: 'petition/',
  keyOf: ({ license, agent }) => placeKey(license, agent),
  toValue: ({ license, agent, decision, reason, hostName, version, asked }) => [
    licenseIdToBytes(license),
    agent,
    DECISIONS.indexOf(decision),
    reason,
    hostName,
    version,
    asked,
  ],
  parse: (value) => {
    const fields = new Fields(value);
    const petition: Petition = {
      license: licenseId(fields.bytes(LICENSE_ID_SIZE)),
      agent: fields.bytes(KEY_SIZE),
      decision: DECISIONS[fields.uint(DECISIONS.length - 1)] ?? 'open',
      reason: fields.text(SENTENCE_MAX),
      hostName: fields.text(TEXT_MAX),
      version: fields.text(NAME_MAX),
      asked: epochSeconds(fields.uint()),
    };
    return fields.valid ? petition : undefined;
  },
};
