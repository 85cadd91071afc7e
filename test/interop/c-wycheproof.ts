/** Project Wycheproof's vectors for the C client: it agrees with both twins in TypeScript. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { VectorCheck } from './c-vectors.ts';

const FOLDER = join(process.cwd(), 'test', 'vectors', 'wycheproof');
const SIGNATURE_DIGITS = 128;
const ZEROS = '00'.repeat(32);

const readRows = <Row>(file: string): readonly Row[] =>
  (JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { rows: readonly Row[] }).rows;

/** The client takes signatures out of fields of 64 bytes: those of another length never get so far. */
export const wycheproofChecks = (): readonly VectorCheck[] => {
  const signed = readRows<readonly [number, string, string, string, boolean]>('ed25519.json');
  const shared = readRows<readonly [number, string, string, string]>('x25519.json');
  const whole = signed.filter(([, , , signature]) => signature.length === SIGNATURE_DIGITS);
  assert.ok(signed.every((row) => whole.includes(row) || !row[4]));
  assert.is(shared.length, 518);
  return [
    ...whole.map(([number, key, message, signature, isValid]) => ({
      about: `Wycheproof, Ed25519, ${number}`,
      ask: `verify ${message || '-'} ${signature} ${key}`,
      answer: isValid ? 'genuine' : 'refused',
    })),
    ...shared.map(([number, key, secret, result]) => ({
      about: `Wycheproof, X25519, ${number}`,
      ask: `agree ${secret} ${key}`,
      answer: result === ZEROS ? 'none' : result,
    })),
  ];
};
