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
import { portablePrimitives } from '../../protocol/primitives.ts';

const { sha512 } = nativePrimitives;
const codeOf = (values: HostValues): Uint8Array => makeHostCode(toHostComponents(values), sha512);

const LAPTOP: HostValues = {
  'machine-id': ['8f2c1f5f0b5e4d7f9b1d4c3a2e1f0a9b'],
  board: ['LENOVO, 20XW, ThinkPad X1'],
  disk: ['S4EVNX0R123456'],
  mac: ['f0:1f:af:12:34:56', 'f4:46:37:aa:bb:cc'],
  cpu: ['Intel(R) Core(TM) i7-1165G7'],
};
/** As Windows shows it: with the system's number. */
const WINDOWS: HostValues = { ...LAPTOP, system: ['4c4c4544-0042-3510-8053-b7c04f573533'] };
/** Another computer of the model. */
const SIBLING: HostValues = {
  ...LAPTOP,
  'machine-id': ['11111111222222223333333344444444'],
  disk: ['S4EVNX0R999999'],
  mac: ['f0:1f:af:99:99:99', 'f4:46:37:99:99:99'],
};
const WINDOWS_SIBLING: HostValues = {
  ...SIBLING,
  system: ['4c4c4544-0099-9910-8053-b7c04f999999'],
};
/** Another computer altogether. */
const DESKTOP: HostValues = {
  'machine-id': ['99999999222222223333333344444444'],
  board: ['ASUSTeK, PRIME B450'],
  disk: ['WD-WCC6Y7'],
  mac: ['04:d4:c4:01:02:03'],
  cpu: ['AMD Ryzen 5 3600'],
};
/** No disk in it tells its number. */
const { disk: _, ...NAMELESS } = LAPTOP;

const copied = { 'machine-id': LAPTOP['machine-id'] ?? [] };
const moved = { ...copied, disk: LAPTOP.disk ?? [] };
const replaced = { 'machine-id': ['aaaabbbbccccddddeeeeffff00001111'], disk: ['NEW-DISK-1'] };
const card = { mac: ['00:1b:21:00:00:01'] };

/** As an agent that is a service on Linux sees it, with what root alone may read. */
const SERVICE: HostValues = {
  ...WINDOWS,
  'board-serial': ['L1HF12345678'],
  tpm: ['e3b0c44298fc1c149afbf4c8996fb924'],
};
const SERVICE_SIBLING: HostValues = {
  ...WINDOWS_SIBLING,
  'board-serial': ['L1HF99999999'],
  tpm: ['a9b0c44298fc1c149afbf4c8996fb924'],
};

/** What happened, the computer that the code was made on, the one at hand, whether it is that. */
const CASES: readonly (readonly [string, HostValues, HostValues, boolean])[] = [
  ['nothing', LAPTOP, LAPTOP, true],
  ['a dock with a port', LAPTOP, { ...LAPTOP, mac: [...(LAPTOP.mac ?? []), ...card.mac] }, true],
  [
    'made in the dock, now without',
    { ...LAPTOP, mac: [...(LAPTOP.mac ?? []), ...card.mac] },
    LAPTOP,
    true,
  ],
  ['another disk beside', LAPTOP, { ...LAPTOP, disk: ['DATA-1', 'S4EVNX0R123456'] }, true],
  ['another network card', LAPTOP, { ...LAPTOP, ...card }, true],
  ['another network card, Windows', WINDOWS, { ...WINDOWS, ...card }, true],
  ['Wi-Fi switched off', LAPTOP, { ...LAPTOP, mac: ['f0:1f:af:12:34:56'] }, true],
  ['every port switched off', LAPTOP, { ...LAPTOP, mac: [] }, true],
  ['a reinstalled system', LAPTOP, { ...LAPTOP, 'machine-id': replaced['machine-id'] }, true],
  ['a system on a new disk', LAPTOP, { ...LAPTOP, ...replaced }, true],
  ['a system on a new disk, Windows', WINDOWS, { ...WINDOWS, ...replaced }, true],
  ['another processor', LAPTOP, { ...LAPTOP, cpu: ['Intel(R) Core(TM) i9'] }, true],
  ['a new board of the model', LAPTOP, { ...SIBLING, ...moved }, true],
  ['a new board of the model, Windows', WINDOWS, { ...WINDOWS_SIBLING, ...moved }, false],
  [
    'a reinstalled system and another card',
    LAPTOP,
    { ...LAPTOP, ...card, 'machine-id': replaced['machine-id'] },
    false,
  ],
  ['a copied disk elsewhere', LAPTOP, { ...DESKTOP, ...copied }, false],
  ['a copied disk elsewhere, Windows', WINDOWS, { ...DESKTOP, ...copied }, false],
  ['a moved disk elsewhere', LAPTOP, { ...DESKTOP, ...moved }, false],
  ['a moved disk elsewhere, Windows', WINDOWS, { ...DESKTOP, ...moved }, false],
  ['one image for a fleet', LAPTOP, { ...SIBLING, ...copied }, false],
  ['one image for a fleet, Windows', WINDOWS, { ...WINDOWS_SIBLING, ...copied }, false],
  ['one image for a fleet, disks without numbers', NAMELESS, { ...SIBLING, ...copied }, false],
  ['another of the model', LAPTOP, SIBLING, false],
  ['another of the model, Windows', WINDOWS, WINDOWS_SIBLING, false],
  [
    'another of the model in the same dock',
    { ...LAPTOP, mac: [...(LAPTOP.mac ?? []), ...card.mac] },
    { ...SIBLING, ...card },
    false,
  ],
  ['nothing, service', SERVICE, SERVICE, true],
  ['root sees nothing any more', SERVICE, LAPTOP, true],
  ['root sees more than before', LAPTOP, SERVICE, true],
  ['another network card, service', SERVICE, { ...SERVICE, ...card }, true],
  ['a system on a new disk, service', SERVICE, { ...SERVICE, ...replaced }, true],
  ['a security chip made new, service', SERVICE, { ...SERVICE, tpm: ['aa11bb22'] }, true],
  [
    'a reinstalled system and another card, service',
    SERVICE,
    { ...SERVICE, ...card, 'machine-id': replaced['machine-id'] },
    true,
  ],
  ['a new board of the model, service', SERVICE, { ...SERVICE_SIBLING, ...moved }, false],
  ['a moved disk elsewhere, service', SERVICE, { ...DESKTOP, ...moved }, false],
  ['one image for a fleet, service', SERVICE, { ...SERVICE_SIBLING, ...copied }, false],
  ['another of the model, service', SERVICE, SERVICE_SIBLING, false],
  ['another computer', LAPTOP, DESKTOP, false],
  [
    'only models are known',
    { board: ['x1 y'], cpu: ['i7'] },
    { board: ['x1 y'], cpu: ['i7'] },
    false,
  ],
  ['nothing is known', {}, {}, false],
  ['nothing is known any more', LAPTOP, {}, false],
];

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
