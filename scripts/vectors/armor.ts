/** Texts that hold a license, forgiven or spoiled. */

import { armor } from '../../protocol/armor.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { LICENSE_BYTES, type VectorFile } from './fixed.ts';

const TEXT = armor('license', LICENSE_BYTES, primitives);
const LINES = TEXT.trimEnd().split('\n');
const DIGITS = LINES.slice(1, -1).join('');

const FORGIVEN: Readonly<Record<string, string>> = {
  'as written': TEXT,
  'CR LF': TEXT.replaceAll('\n', '\r\n'),
  quoted: TEXT.replace(/^/gm, '> '),
  'quoted twice': TEXT.replace(/^/gm, '>> > '),
  'lines of 40': [LINES[0], ...(DIGITS.match(/.{1,40}/g) ?? []), LINES.at(-1)].join('\n'),
  'one line': `${LINES[0]}${DIGITS}${LINES.at(-1)}`,
  'prose around it': `Dear customer,\nhere it is -- enjoy:\n\n${TEXT}\nYours\n--\nAcme`,
  'en-dashes': TEXT.replaceAll('-----', '\u2013\u2013\u2013'),
  'invisible characters': TEXT.replace(/(.{20})/g, '$1\u200b').replace(/^/gm, '\ufeff'),
  'indented, base64 padded': TEXT.replace(/^/gm, '    ').replace(/(\n\s*-----END)/, '=$1'),
  'marker broken in two lines': TEXT.replace('USHER LICENSE', 'USHER\n> LICENSE'),
  'no markers': DIGITS,
};

const SPOILED: readonly (readonly [string, string, string])[] = [
  ['no END', LINES.slice(0, -1).join('\n'), 'truncated'],
  [
    'a digit changed',
    TEXT.replace(DIGITS.slice(70, 71), DIGITS[70] === 'A' ? 'B' : 'A'),
    'damaged',
  ],
  ['a line missing', LINES.filter((_, i) => i !== 2).join('\n'), 'damaged'],
  ['a character that is no base64', TEXT.replace(LINES[2] ?? '', `*${LINES[2]}`), 'damaged'],
  ['nothing between the markers', `${LINES[0]}\n${LINES.at(-1)}\n`, 'damaged'],
  ['more than a document', `${LINES[0]}\n${'A'.repeat(24_000)}\n${LINES.at(-1)}\n`, 'too-long'],
];

/** `armor.json`. */
export const armorVectors = (): VectorFile => ({
  about: 'Texts that hold the one document given, or whose one block has the fault given.',
  valid: Object.entries(FORGIVEN).map(([name, text]) => ({
    name,
    text,
    document: bytesToHex(LICENSE_BYTES),
  })),
  invalid: SPOILED.map(([reason, text, fault]) => ({ reason, fault, text })),
});
