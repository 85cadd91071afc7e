import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { armor, dearmor, dearmorAny } from '../../protocol/armor.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import { DOCUMENT_MAX, PASTE_BLOCKS_MAX, PASTE_MAX, RESPONSE_MAX } from '../../protocol/limits.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';

const BYTES = new Uint8Array(300).map((_, i) => (7 * i) & 255);
const OTHER = new Uint8Array(200).fill(9);
const TEXT = armor('license', BYTES, primitives);

/** Each block's bytes in hexadecimal, or its fault. */
const found = (text: string): readonly string[] =>
  dearmor('license', text, primitives).map((one) => (one.ok ? bytesToHex(one.value) : one.error));

const WHOLE = [bytesToHex(BYTES)];
const each = (change: (line: string) => string): string => TEXT.split('\n').map(change).join('\n');

const armored = suite('armor');

armored('any bytes read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (bytes) => {
      assert.equal(found(armor('license', bytes, primitives)), [bytesToHex(bytes)]);
    }),
    { numRuns: 200 },
  );
});

armored('lines are of 64 digits between the markers', () => {
  const lines = TEXT.split('\n');
  assert.is(lines[0], '-----BEGIN USHER LICENSE-----');
  assert.is(lines.at(-2), '-----END USHER LICENSE-----');
  assert.ok(lines.slice(1, -3).every((line) => /^[A-Za-z0-9+/]{64}$/.test(line)));
});

const forgiven: Readonly<Record<string, string>> = {
  'quoting marks': each((line) => `> ${line}`),
  'nested quoting': each((line) => `>>  > ${line}`),
  'quoting bars': each((line) => `| ${line}`),
  'CR LF': each((line) => `${line}\r`),
  'trailing blanks': each((line) => `${line} \t`),
  'no-break spaces': each((line) => `\u00a0${line}`),
  'quoted no-break spaces': each((line) => `\u00a0> ${line}`),
  'blank lines': each((line) => `${line}\n\n`),
  'lines of one digit': each((line) => (line.startsWith('-') ? line : line.split('').join('\n'))),
  'one line for all': TEXT.replaceAll('\n', ''),
  'prose around': `Hello --\n\n-- BEGIN --\n${TEXT}\n----- END -----\n`,
  'en-dashes': TEXT.replaceAll('--', '\u2013'),
  'em-dashes': TEXT.replaceAll('-----', '\u2014\u2014-'),
  'minus signs': TEXT.replaceAll('-', '\u2212'),
  'longer dashes': TEXT.replaceAll('-----', '------------------------'),
  'zero-width spaces in lines': each((line) => line.replace(/(.{9})/g, '$1\u200b')),
  'zero-width spaces in markers': TEXT.replaceAll('USHER', '\u200bUS\u200dHER'),
  'text direction marks': each((line) => `\u200e${line}\u200f`),
  'a byte-order mark': `\ufeff${TEXT}`,
  'small letters in markers': TEXT.replace(/-----.*-----/g, (line) => line.toLowerCase()),
  'markers that were wrapped': TEXT.replaceAll('USHER LICENSE', 'USHER\n> > LICENSE'),
  'padding of base64': TEXT.replace('\n-----END', '==\n-----END'),
  'bold markers': TEXT.replace('-----BEGIN', '**-----BEGIN'),
};

for (const [what, text] of Object.entries(forgiven)) {
  armored(`forgives ${what}`, () => assert.equal(found(text), WHOLE));
}

armored('two blocks in one paste are both taken, each with its own fate', () => {
  const second = armor('license', OTHER, primitives);
  assert.equal(found(`${TEXT}\nand\n${second}`), [...WHOLE, bytesToHex(OTHER)]);
  const cut = TEXT.slice(0, 200);
  assert.equal(found(`${cut}\n${second}`), ['truncated', bytesToHex(OTHER)]);
  assert.equal(found(`${second}\n${cut}`), [bytesToHex(OTHER), 'truncated']);
});

armored('a missing END is told from damage', () => {
  assert.equal(found(TEXT.replace(/-----END.*/, '')), ['truncated']);
  assert.equal(found(each((line) => line.replace(/^AA/, 'BB').replace(/^([a-z])/, 'Z'))), [
    'damaged',
  ]);
  assert.equal(found('-----BEGIN USHER LICENSE-----\n-----END USHER LICENSE-----'), ['damaged']);
});

armored('a change of any digit is found', () => {
  const digits = [...TEXT.matchAll(/^[A-Za-z0-9+/]+$/gm)];
  for (const line of digits) {
    const at = line.index + 3;
    const other = TEXT[at] === 'A' ? 'B' : 'A';
    assert.equal(found(TEXT.slice(0, at) + other + TEXT.slice(at + 1)), ['damaged']);
  }
});

armored('base64 alone counts as a block, prose alone does not', () => {
  const digits = TEXT.replace(/-.*-\n/g, '');
  assert.equal(found(digits), WHOLE);
  assert.equal(found(digits.replaceAll('\n', '')), WHOLE);
  for (const text of ['', 'Hello.', 'QUJD', 'See the attached file.\n'.repeat(20)])
    assert.equal(found(text), []);
});

armored('one title is not taken for another', () => {
  assert.equal(found(armor('key', BYTES, primitives)), []);
  const keys = dearmor('key', `${TEXT}${armor('key', OTHER, primitives)}`, primitives);
  assert.is(keys.length, 1);
});

armored('what is longer than a document, or than a paste, is too long', () => {
  assert.equal(found(armor('license', new Uint8Array(DOCUMENT_MAX), primitives)).length, 1);
  assert.equal(found(armor('license', new Uint8Array(2 * DOCUMENT_MAX), primitives)), ['too-long']);
  assert.equal(found('a'.repeat(PASTE_MAX + 1)), ['too-long']);
  assert.is(found(TEXT.repeat(PASTE_BLOCKS_MAX + 9)).length, PASTE_BLOCKS_MAX);
});

armored('a paste of the largest size is searched to its end, whatever is in it', () => {
  const begin = '-----BEGIN USHER LICENSE-----';
  const parts = [
    '-',
    '- ',
    '-- ',
    ' ',
    '\n',
    '> ',
    '--BEGIN ',
    '--BEGIN USHER ',
    `${begin}-`,
    '\u200b',
  ];
  for (const part of parts) {
    const text = part.repeat(Math.floor(PASTE_MAX / part.length));
    assert.ok(
      found(text).every((one) => one !== 'read'),
      part,
    );
  }
});

armored('blocks of several titles are found in their order', () => {
  const [one, two] = [new Uint8Array(90).fill(1), new Uint8Array(90).fill(2)];
  const response = armor('response', one, primitives);
  const license = armor('license', two, primitives);
  const cut = license.slice(0, license.indexOf('-----END'));
  const read = (text: string) =>
    dearmorAny(['license', 'response'], text, primitives)?.map(({ title, block }) => [
      title,
      block.ok ? block.value[0] : block.error,
    ]);
  const prose = 'Dear customer,\n';
  assert.equal(read(`${prose}${response}${prose}${license}`), [
    ['response', 1],
    ['license', 2],
  ]);
  assert.equal(read(`> ${cut}${response}`), [
    ['license', 'truncated'],
    ['response', 1],
  ]);
  assert.equal(read(armor('receipt', one, primitives)), []);
  assert.equal(read('x'.repeat(PASTE_MAX + 1)), undefined);
  const many = dearmorAny(['license'], license.repeat(PASTE_BLOCKS_MAX + 1), primitives);
  assert.is(many?.length, PASTE_BLOCKS_MAX);
});

armored('a response may be longer than a document', () => {
  const bytes = new Uint8Array(RESPONSE_MAX);
  const [block] = dearmor('response', armor('response', bytes, primitives), primitives);
  assert.ok(block?.ok);
  const [other] = dearmor('license', armor('license', bytes, primitives), primitives);
  assert.is(other?.ok === false && other.error, 'too-long');
});

armored('random text never throws', () => {
  const pieces = fc.constantFrom(
    '-----',
    'BEGIN',
    'END',
    ' ',
    'USHER',
    'LICENSE',
    '\n',
    '> ',
    'QUJD',
    '=',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (words) => {
      found(words.join(''));
    }),
    { numRuns: 3000 },
  );
});

armored.run();
