/**
 * Writes test/vectors/*.json and the made parts of protocol/README.md, from the code and fixed keys.
 * Run after a change of the protocol: `node build/out/js/scripts/make-vectors.js`.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex } from '../protocol/bytes.ts';
import { armorVectors } from './vectors/armor.ts';
import { borrowTokenVectors } from './vectors/borrow-tokens.ts';
import { documentVectors } from './vectors/documents.ts';
import type { VectorFile } from './vectors/fixed.ts';
import { frameVectors } from './vectors/frames.ts';
import { grantVectors } from './vectors/grants.ts';
import { licenseVectors } from './vectors/licenses.ts';
import { messageVectors } from './vectors/messages.ts';
import { msgpackVectors } from './vectors/msgpack.ts';
import { deadlineVectors, keyVectors, windowVectors } from './vectors/numbers.ts';
import { fillPage } from './vectors/page.ts';
import { proofVectors } from './vectors/proofs.ts';
import { makeSession } from './vectors/session.ts';
import { versionVectors } from './vectors/versions.ts';

const sessionVectors = (): VectorFile => ({
  about: 'One whole session between the keys of keys.json, as told in protocol/README.md.',
  valid: makeSession().map(({ from, frame, bytes, body }) => ({
    from,
    kind: frame.kind,
    datagram: bytesToHex(bytes),
    body: bytesToHex(body),
  })),
  invalid: [],
});

const FILES = {
  'keys.json': keyVectors,
  'msgpack.json': msgpackVectors,
  'messages.json': messageVectors,
  'frames.json': frameVectors,
  'licenses.json': licenseVectors,
  'borrow-tokens.json': borrowTokenVectors,
  'documents.json': documentVectors,
  'proofs.json': proofVectors,
  'grants.json': grantVectors,
  'versions.json': versionVectors,
  'armor.json': armorVectors,
  'replay-window.json': windowVectors,
  'lease-time.json': deadlineVectors,
  'session.json': sessionVectors,
} as const;

/** Every made file by its path from the repository's root, with its text. */
export const makeFiles = (root: string): ReadonlyMap<string, string> => {
  const page = join('protocol', 'README.md');
  const files = new Map([[page, fillPage(readFileSync(join(root, page), 'utf8'))]]);
  for (const [name, make] of Object.entries(FILES)) {
    files.set(join('test', 'vectors', name), `${JSON.stringify(make(), null, 2)}\n`);
  }
  return files;
};

if (process.argv[1]?.endsWith('make-vectors.js')) {
  mkdirSync(join(process.cwd(), 'test', 'vectors'), { recursive: true });
  for (const [path, text] of makeFiles(process.cwd())) {
    writeFileSync(join(process.cwd(), path), text);
    console.log(`Wrote ${path}.`);
  }
}
