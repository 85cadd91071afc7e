/** An agent that was given something: what it asked last, and what it was told. */

import { bytesToHex } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { HASH_SIZE, HOST_CODE_MAX, KEY_SIZE, RESPONSE_MAX } from '../../../protocol/limits.ts';
import type { RecordKind } from './record-table.ts';

export interface KnownAgent {
  /** Its Ed25519 key. */
  readonly key: Uint8Array;
  /** Of its last request that was answered. */
  readonly number: number;
  /** The hash of that request. */
  readonly request: Uint8Array;
  /** The response to it, signed; `null` where something has changed since: it is answered anew. */
  readonly answer: Uint8Array | null;
  /** What tells its computer from others, as it was last; `null` where any may be its own. */
  readonly host: Uint8Array | null;
}

export const KNOWN_AGENTS: RecordKind<KnownAgent> = {
  prefix: 'agent/',
  keyOf: ({ key }) => bytesToHex(key),
  toValue: ({ key, number, request, answer, host }) => [key, number, request, answer, host],
  parse: (value) => {
    const fields = new Fields(value);
    const agent: KnownAgent = {
      key: fields.bytes(KEY_SIZE),
      number: fields.uint(),
      request: fields.bytes(HASH_SIZE),
      answer: fields.optional((field) => field.bytesUpTo(RESPONSE_MAX)),
      host: fields.optional((field) => field.bytesUpTo(HOST_CODE_MAX)),
    };
    return fields.valid ? agent : undefined;
  },
};
