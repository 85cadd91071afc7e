/** Bytes beside what they mean, as the page shows them. */

import { bytesToHex } from '../../protocol/bytes.ts';
import { pack, type Value } from '../../protocol/msgpack.ts';
import type { FieldNames } from './field-names.ts';

const COLUMN = 46;
const BYTES_A_LINE = 16;

/** Digits, and in the second column what they mean. */
export const beside = (digits: string, meaning: string): string =>
  `${digits.padEnd(COLUMN)}${meaning}`.trimEnd();

/** Bytes in rows of sixteen beside what they mean; what goes on is indented. */
export const row = (bytes: Uint8Array, meaning: string, depth: number): string => {
  const indent = '  '.repeat(depth);
  const lines: string[] = [];
  for (let i = 0; i < Math.max(1, bytes.length); i += BYTES_A_LINE) {
    const digits = indent + bytesToHex(bytes.subarray(i, i + BYTES_A_LINE));
    lines.push(i === 0 ? beside(digits, meaning) : digits);
  }
  return lines.join('\n');
};

const headOf = (items: readonly Value[]): Uint8Array =>
  items.length < 16
    ? new Uint8Array([0x90 | items.length])
    : new Uint8Array([0xdc, items.length >> 8, items.length & 255]);

const shown = (value: Value): string => {
  if (value === null) return 'nil';
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'string' ? `"${value}"` : String(value);
};

/** A body, value by value. */
export const annotate = (
  value: Value,
  name: string,
  names: FieldNames,
  depth: number,
): string[] => {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    return [row(pack(value), `${name}: ${shown(value)}`, depth)];
  }
  const items = value as readonly Value[];
  const inner = items.flatMap((item, i) => {
    const known = names[i] ?? names.at(-1) ?? name;
    const [own, its] = typeof known === 'string' ? [known, []] : known;
    return annotate(item, own, its, depth + 1);
  });
  return [row(headOf(items), `${name}: array of ${items.length}`, depth), ...inner];
};
