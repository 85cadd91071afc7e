/** What fuzzing of the C client begins with: the vectors, as c/fuzz.c takes them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatBytes, hexToBytes } from '../../protocol/bytes.ts';
import { unpack } from '../../protocol/msgpack.ts';
import { nameMessages } from './c-names.ts';

/** By the first byte of an input (c/fuzz.c). */
const ENTRY = { datagram: 0, body: 1, payload: 2, proof: 3, names: 4, words: 5 } as const;

const load = (file: string, field: string): readonly Uint8Array[] => {
  const path = join(process.cwd(), 'test', 'vectors', `${file}.json`);
  const { valid, invalid } = JSON.parse(readFileSync(path, 'utf8'));
  return [...valid, ...invalid].flatMap((one) => hexToBytes(one[field] ?? '') ?? []);
};

/** The payloads of documents that can be read at all. */
const payloads = (): readonly Uint8Array[] =>
  [...load('licenses', 'document'), ...load('documents', 'document')].flatMap((document) => {
    const value = unpack(document);
    const payload = Array.isArray(value) ? value[3] : undefined;
    return payload instanceof Uint8Array ? payload : [];
  });

const WORDS = ['v12.3-beta.2', 'eth0, 127.0.0.1', `${'A'.repeat(43)}=`, 'Ann Müller\u0007'];

export const fuzzSeeds = (): readonly Uint8Array[] => {
  const from = (entry: keyof typeof ENTRY, all: readonly Uint8Array[]): readonly Uint8Array[] =>
    all.map((one) => concatBytes(new Uint8Array([ENTRY[entry]]), one));
  return [
    ...from('datagram', load('frames', 'datagram')),
    ...from('body', load('messages', 'body')),
    ...from('payload', payloads()),
    ...from('proof', load('proofs', 'proof')),
    ...[0, 1, 2, 3].flatMap((kind) =>
      from(
        'names',
        nameMessages().map((one) => concatBytes(new Uint8Array([kind]), one)),
      ),
    ),
    ...from(
      'words',
      WORDS.map((word) => new TextEncoder().encode(word)),
    ),
  ];
};
