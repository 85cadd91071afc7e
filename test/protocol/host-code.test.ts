import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToHex, hexToBytes } from '../../protocol/bytes.ts';
import {
  HOST_TEXT_FAULTS,
  hostCodeFromText,
  hostCodeToText,
  joinHostCodes,
  keyHostCode,
  makeHostCode,
  matchBoundHost,
  matchHostCode,
  parseHostCode,
} from '../../protocol/host-code.ts';
import {
  HOST_KIND_NAMES,
  type HostComponent,
  type HostValues,
  toHostComponents,
} from '../../protocol/host-component.ts';
import { HOST_CODE_MAX, HOST_COMPONENTS_MAX } from '../../protocol/limits.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { portablePrimitives } from '../../protocol/portable-primitives.ts';
import { CASES, card, codeOf, copied, DESKTOP, LAPTOP } from './computers.ts';

const { sha512 } = nativePrimitives;

const codes = suite('host code');

for (const [what, stored, present, expected] of CASES) {
  codes(`${what}: ${expected ? 'the same computer' : 'another computer'}`, () => {
    const { matches, components } = matchHostCode(codeOf(stored), codeOf(present));
    assert.is(matches, expected, JSON.stringify(components));
  });
}

codes('a match says of each component of the stored code whether it is there', () => {
  const { components } = matchHostCode(codeOf(LAPTOP), codeOf({ ...DESKTOP, ...copied }));
  assert.equal(
    components.map(({ kind, weight, matched }) => [kind, weight, matched]),
    [
      ['machine-id', 2, true],
      ['board', 1, false],
      ['disk', 2, false],
      ['mac', 2.5, false],
      ['mac', 2.5, false],
      ['cpu', 1, false],
    ],
  );
});

codes('exactly half of the weight is enough', () => {
  // machine-id and system weigh 6, a port 5, a model 1.
  const stored: HostValues = { ...copied, system: ['abc123'], mac: card.mac, board: ['x1 y'] };
  const half = codeOf({ mac: card.mac, board: ['x1 y'] });
  assert.ok(matchHostCode(codeOf(stored), half).matches);
  assert.not.ok(matchHostCode(codeOf({ ...stored, cpu: ['i7 7'] }), half).matches);
});

codes('no value stands in it, and both twins make the same', () => {
  const code = codeOf(LAPTOP);
  assert.is(bytesToHex(code).length, 2 * (1 + 6 * 9));
  assert.equal(makeHostCode(toHostComponents(LAPTOP), portablePrimitives.sha512), code);
  // Changing this changes every code that was ever given out.
  assert.is(bytesToHex(codeOf({ cpu: ['test cpu'] })), '01053346b003ebcbc88c');
});

const components: fc.Arbitrary<readonly HostComponent[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...HOST_KIND_NAMES), value: fc.string({ minLength: 1 }) }),
  { maxLength: 40 },
);

const [acme, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

codes('what one vendor has of a computer says nothing to another', () => {
  const plain = codeOf(LAPTOP);
  const ours = keyHostCode(plain, acme, sha512);
  const theirs = keyHostCode(plain, other, sha512);
  const hashesOf = (code: Uint8Array) => {
    const parsed = parseHostCode(code);
    return parsed.ok ? parsed.value.map(({ entry }) => entry) : [];
  };
  const all = [plain, ours, theirs].flatMap(hashesOf);
  assert.is(all.length, 18);
  assert.is(new Set(all).size, 18, 'no two hashes are the same');
  assert.ok(matchHostCode(ours, ours).matches);
  assert.not.ok(matchHostCode(ours, theirs).matches);
  assert.not.ok(matchHostCode(ours, plain).matches);
  assert.equal(keyHostCode(ours, other, sha512), ours, 'keyed once');
  const posing = Uint8Array.of(2, ...plain.subarray(1));
  assert.not.ok(matchHostCode(posing, plain).matches, 'another form is nothing to compare with');
  // Changing this changes every code that was ever signed.
  const one = keyHostCode(codeOf({ cpu: ['test cpu'] }), acme, sha512);
  assert.is(bytesToHex(one), '020553a5dae05463ebcb');
});

codes('what a vendor has signed, plain or keyed, is compared with the computer at hand', () => {
  for (const [what, stored, present, expected] of CASES) {
    const [signed, here] = [codeOf(stored), codeOf(present)];
    for (const code of [signed, keyHostCode(signed, acme, sha512)]) {
      assert.is(matchBoundHost(code, here, { key: acme, sha512 }).matches, expected, what);
    }
    const strange = keyHostCode(signed, acme, sha512);
    assert.not.ok(matchBoundHost(strange, here, { key: other, sha512 }).matches, what);
  }
});

codes('two views of one computer join into one code', () => {
  const rooted = codeOf({ tpm: ['e3b0c44298fc'], 'board-serial': ['L1HF1'] });
  const both = joinHostCodes(codeOf(LAPTOP), rooted);
  assert.equal(both, codeOf({ ...LAPTOP, tpm: ['e3b0c44298fc'], 'board-serial': ['L1HF1'] }));
  assert.equal(joinHostCodes(both, rooted), both);
  assert.equal(joinHostCodes(codeOf(LAPTOP), new Uint8Array(0)), codeOf(LAPTOP));
});

codes('any components make one bounded code, whatever their order', () => {
  fc.assert(
    fc.property(components, (some) => {
      const code = makeHostCode(some, sha512);
      assert.ok(code.length <= HOST_CODE_MAX);
      const parsed = parseHostCode(code);
      assert.ok(parsed.ok && parsed.value.length <= HOST_COMPONENTS_MAX);
      assert.equal(makeHostCode([...some].reverse(), sha512), code);
    }),
  );
});

codes('its text reads back, whatever mail and people do to it', () => {
  fc.assert(
    fc.property(components, fc.integer({ min: 1, max: 70 }), (some, width) => {
      const code = makeHostCode(some, sha512);
      const text = hostCodeToText(code, sha512);
      const lines = text.toUpperCase().match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
      for (const form of [
        text,
        text.replaceAll('-', ''),
        lines.map((line) => `> ${line}`).join('\r\n'),
      ]) {
        assert.equal(hostCodeFromText(form, sha512), { ok: true, value: code });
      }
      const misread = text.replaceAll('0', 'O').replaceAll('1', 'l');
      assert.equal(hostCodeFromText(misread, sha512), { ok: true, value: code });
    }),
  );
});

codes('any other digit, and any digit left out, is found', () => {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz';
  const text = hostCodeToText(codeOf(LAPTOP), sha512).replaceAll('-', '');
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 31 }), (at, by) => {
      const digit = digits[(digits.indexOf(text[at] ?? '') + by) % 32] ?? '';
      const changed = text.slice(0, at) + digit + text.slice(at + 1);
      assert.equal(hostCodeFromText(changed, sha512), { ok: false, error: 'damaged' });
      const shorter = text.slice(0, at) + text.slice(at + 1);
      assert.equal(hostCodeFromText(shorter, sha512), { ok: false, error: 'damaged' });
    }),
  );
});

codes('each text that is none has one fault', () => {
  const whole = hostCodeToText(codeOf(LAPTOP), sha512);
  const faults: Readonly<Record<string, string>> = {
    '': 'empty',
    ' - \n': 'empty',
    'abcde-fghu!': 'bad-character',
    abcu: 'bad-character',
    '00000': 'damaged',
    [whole.slice(0, -1)]: 'damaged',
    [`${whole}-${whole}`]: 'damaged',
    [whole.repeat(10)]: 'too-long',
    ['a'.repeat(5000)]: 'too-long',
    [hostCodeToText(Uint8Array.of(3, 1, 2), sha512)]: 'newer-format',
    [hostCodeToText(Uint8Array.of(2, 1, 2), sha512)]: 'malformed',
    [hostCodeToText(Uint8Array.of(1, 1, 2), sha512)]: 'malformed',
  };
  for (const [text, fault] of Object.entries(faults)) {
    assert.equal(hostCodeFromText(text, sha512), { ok: false, error: fault }, text);
    assert.ok(Object.hasOwn(HOST_TEXT_FAULTS, fault));
  }
});

codes('bytes that are no code match nothing', () => {
  const code = codeOf(LAPTOP);
  const entry = '040102030405060708';
  const others: readonly (readonly [string, string])[] = [
    ['', 'malformed'],
    ['00', 'malformed'],
    ['03', 'newer-format'],
    ['0104', 'malformed'],
    [`01${entry}${entry}`, 'malformed'],
    [`01${entry}030102030405060708`, 'malformed'],
    [
      `01${Array.from({ length: 17 }, (_, i) => `${(16 + i).toString(16)}${entry.slice(2)}`).join('')}`,
      'malformed',
    ],
  ];
  for (const [hex, fault] of others) {
    const bytes = hexToBytes(hex) ?? code;
    assert.equal(parseHostCode(bytes), { ok: false, error: fault }, hex);
    assert.equal(matchHostCode(bytes, bytes), { matches: false, components: [] });
    assert.equal(matchHostCode(code, bytes).matches, false);
  }
});

codes('a kind that a later version adds does not count', () => {
  const code = codeOf(LAPTOP);
  const later = hexToBytes(`${bytesToHex(code)}c80102030405060708`) ?? code;
  const { matches, components: found } = matchHostCode(later, code);
  assert.ok(matches);
  assert.is(found.length, 6);
});

codes.run();
