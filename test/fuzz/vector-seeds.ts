/** Inputs out of the test vectors: whatever is in order, and whatever nearly is. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Vector = Readonly<Record<string, unknown>>;

/** The field of every vector in a file, valid and invalid, in hexadecimal or as text. */
const fieldOf = (file: string, field: string): readonly string[] => {
  const path = join('test', 'vectors', `${file}.json`);
  const { valid, invalid } = JSON.parse(readFileSync(path, 'utf8')) as {
    valid: readonly Vector[];
    invalid: readonly Vector[];
  };
  return [...valid, ...invalid].map((vector) => String(vector[field] ?? ''));
};

export const bytesOf = (file: string, field: string): readonly Uint8Array[] =>
  fieldOf(file, field).map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

export const textsOf = (file: string, field: string): readonly Uint8Array[] =>
  fieldOf(file, field).map((text) => new Uint8Array(Buffer.from(text)));
