import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type LicenseOrder, licenseFromOrder } from '../../../agent/vendor/license-order.ts';
import {
  hostCodeFromText,
  hostCodeToText,
  keyHostCode,
  makeHostCode,
  matchBoundHost,
} from '../../../protocol/host-code.ts';
import type { HostComponent } from '../../../protocol/host-component.ts';
import { licenseId } from '../../../protocol/ids.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { openLicense, signLicense } from '../../../protocol/signed-license.ts';
import { epochSeconds } from '../../../protocol/units.ts';
import { ISSUED, LICENSE_ID, VENDOR_KEYS } from '../../../scripts/vectors/fixed.ts';

const PLAIN: LicenseOrder = {
  type: undefined,
  product: 'acme-cad',
  customer: 'Bauhaus Ltd',
  seats: '10',
  classes: [],
  overdrafts: [],
  stages: [],
  counting: undefined,
  features: [],
  expires: undefined,
  starts: undefined,
  maintenance: undefined,
  trial: undefined,
  term: undefined,
  versions: undefined,
  resource: undefined,
  meters: [],
  borrow: undefined,
  supersedes: [],
  hostCode: undefined,
  children: undefined,
  needsActivation: true,
  agents: undefined,
  emergency: undefined,
  refresh: undefined,
  master: undefined,
  hosts: { virtual: 'refuse', container: 'refuse', unknown: 'refuse' },
};

const codeOf = (...components: readonly HostComponent[]): string =>
  hostCodeToText(makeHostCode(components, nativePrimitives.sha512), nativePrimitives.sha512);

const HOST_CODE = codeOf({ kind: 'mac', value: '00:53:00:00:00:01' });
const SERVER = { type: 'server', seats: undefined } as const;
const STANDALONE = { type: 'standalone', seats: undefined, hostCode: HOST_CODE } as const;

const orders = suite('license order');

const licenseOf = (changes: Partial<LicenseOrder>) =>
  licenseFromOrder({ ...PLAIN, ...changes }, ISSUED, VENDOR_KEYS.publicKey);

const day = (text: string) => epochSeconds(Date.parse(`${text}T00:00:00Z`) / 1000);

orders('days are whole, in UTC, and the last one counts', () => {
  const { starts, expires, maintenance, pools } = licenseOf({
    starts: '2027-01-01',
    expires: '2027-12-31',
    maintenance: '2027-06-30',
    stages: ['2027-03-01..2027-03-31=15', '2027-04-01..2027-04-01=0', '2027-05-01..=3'],
  });
  assert.equal([starts, expires, maintenance], ['2027-01-01', '2028-01-01', '2027-07-01'].map(day));
  assert.equal(pools[0]?.stages, [
    { from: day('2027-03-01'), until: day('2027-04-01'), seats: 15 },
    { from: day('2027-04-01'), until: day('2027-04-02'), seats: 0 },
    { from: day('2027-05-01'), until: null, seats: 3 },
  ]);
});

orders('what is said of no class is said of --seats, or of the only class', () => {
  const both = licenseOf({ classes: ['cad=5'], overdrafts: ['2', 'cad=1'] });
  assert.equal(
    both.pools.map((pool) => [pool.class, pool.seats, pool.overdraft]),
    [
      ['cad', 5, 1],
      ['generic', 10, 2],
    ],
  );
  const only = licenseOf({ seats: undefined, classes: ['a=b:c=5'], overdrafts: ['2'] });
  assert.equal(only.pools, [{ class: 'a=b:c', seats: 5, overdraft: 2, stages: [] }]);
  const stages = ['a=b:c:2027-01-01..=7'];
  const staged = licenseOf({ seats: undefined, classes: ['a=b:c=5'], stages });
  assert.is(staged.pools[0]?.stages[0]?.seats, 7);
});

orders('versions are a range, an end of one, or one', () => {
  const cases: readonly (readonly [string, string | null, string | null])[] = [
    ['10..12', '10', '12'],
    ['10..', '10', null],
    ['..12', null, '12'],
    ['12', '12', '12'],
    ['12.3..12', '12.3', '12'],
    ['v1.0-beta..2', 'v1.0-beta', '2'],
  ];
  for (const [text, oldest, newest] of cases)
    assert.equal(licenseOf({ versions: text }).versions, { oldest, newest }, text);
});

orders('every order that is taken makes a license that reads back', () => {
  for (const changes of [
    {},
    SERVER,
    STANDALONE,
    { type: 'named', borrow: '2:7d', trial: '30', meters: ['a=b=1', 'runs=4294967295'] },
    { resource: 'any', supersedes: [licenseId(new Uint8Array(16))] },
  ] as const) {
    const license = licenseOf(changes);
    const bytes = signLicense(license, LICENSE_ID, VENDOR_KEYS, nativePrimitives);
    const opened = openLicense(bytes, nativePrimitives);
    assert.ok(opened.ok, JSON.stringify(changes));
    if (opened.ok) assert.equal(opened.value.license, { ...license, id: licenseId(LICENSE_ID) });
  }
  assert.equal(licenseOf({ borrow: '2:12h' }).borrow, { seats: 2, longest: 43_200 });
  assert.is(licenseOf({ resource: 'any' }).resource, '*');
  assert.is(licenseOf({ meters: ['a=b=1'] }).meters[0]?.name, 'a=b');
});

orders('a license of any type may be bound to a computer, and is activated by that', () => {
  const plain = hostCodeFromText(HOST_CODE, nativePrimitives.sha512);
  assert.ok(plain.ok);
  for (const changes of [{}, { type: 'named' }, SERVER, STANDALONE]) {
    const { hostCode, activation } = licenseOf({ hostCode: HOST_CODE, ...changes });
    assert.is(activation, null);
    if (hostCode === null || !plain.ok) return assert.unreachable();
    assert.not.equal(hostCode, plain.value, 'it is for the vendor alone');
    const { sha512 } = nativePrimitives;
    const vendor = { key: VENDOR_KEYS.publicKey, sha512 };
    assert.ok(matchBoundHost(hostCode, plain.value, vendor).matches);
    // The customer may have keyed it already.
    const text = hostCodeToText(keyHostCode(plain.value, vendor.key, sha512), sha512);
    assert.equal(licenseOf({ ...changes, hostCode: text }).hostCode, hostCode);
  }
  assert.is(licenseOf({}).activation?.agents, 1);
  assert.throws(() => licenseOf({ hostCode: HOST_CODE, agents: '2' }), /leave it out/);
});

orders('the same license superseded twice is named once', () => {
  const id = licenseId(new Uint8Array(16));
  assert.equal(licenseOf({ supersedes: [id, id] }).supersedes, [id]);
});

const ids = (count: number) => Array.from({ length: count }, (_, i) => licenseId(bytesOf(i)));
const bytesOf = (i: number): Uint8Array => new Uint8Array(16).fill(i);
const many = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i));
const twoClasses = { seats: undefined, classes: ['a=1', 'b=2'] };

const WRONG: readonly (readonly [string, Partial<LicenseOrder>, RegExp])[] = [
  ['type', { type: 'gold' }, /--type is one of floating, named, server, standalone, not "gold"/],
  ['server with seats', { type: 'server' }, /A server license has no seats: leave out --seats\./],
  ['server with a class', { ...SERVER, classes: ['a=1'] }, /leave out --class\./],
  ['server beyond its seats', { ...SERVER, overdrafts: ['1'] }, /leave out --overdraft\./],
  ['server with a stage', { ...SERVER, stages: ['2027-01-01..=1'] }, /leave out --stage\./],
  ['server that counts', { ...SERVER, counting: 'user' }, /leave out --count\./],
  ['server to be borrowed', { ...SERVER, borrow: '1:1d' }, /leave out --borrow\./],
  ['standalone with seats', { ...STANDALONE, seats: '1' }, /A standalone license has no seats/],
  ['standalone anywhere', { ...STANDALONE, hostCode: undefined }, /needs --host-code, which/],
  ['standalone on trial', { ...STANDALONE, trial: '9' }, /no agent to keep count: .* --trial\./],
  ['standalone, metered', { ...STANDALONE, meters: ['a=1'] }, /leave out --meter\./],
  ['standalone with a term', { ...STANDALONE, term: '60' }, /leave out --term\./],
  ['standalone, any resource', { ...STANDALONE, resource: 'any' }, /names its --resource/],
  ['a spoiled host code', { ...STANDALONE, hostCode: '0000' }, /--host-code does not fit\. It is/],
  [
    'a host code of many computers',
    { ...STANDALONE, hostCode: codeOf({ kind: 'cpu', value: 'a common one' }) },
    /tells too little/,
  ],
  ['named per host', { type: 'named', counting: 'host' }, /A named license counts users\./],
  ['count', { counting: 'seat' }, /--count is one of process, user, host, not "seat"/],
  ['overdraft of a class', { overdrafts: ['cad=1'] }, /is of class cad, which has no seats here/],
  ['overdraft of which class', { ...twoClasses, overdrafts: ['1'] }, /needs its class in front/],
  ['overdraft twice', { overdrafts: ['1', 'generic=2'] }, /of class generic is named once/],
  ['overdraft of a word', { overdrafts: ['some'] }, /--overdraft is a whole number from 0/],
  ['stage backwards', { stages: ['2027-03-31..2027-03-30=1'] }, /ends before it begins/],
  ['stage of one day', { stages: ['2027-03-31=1'] }, /--stage is FROM\.\.UNTIL=N or CLASS:FROM/],
  ['stage of which class', { ...twoClasses, stages: ['2027-01-01..=1'] }, /its class in front/],
  ['stage from no day', { stages: ['2027-02-30..=1'] }, /The start of --stage is a day like/],
  ['stage to no day', { stages: ['2027-02-01..soon=1'] }, /The end of --stage is a day like/],
  ['stage of no number', { stages: ['2027-02-01..=x'] }, /--stage is a whole number from 0/],
  [
    'stage after the end',
    { expires: '2027-01-31', stages: ['2027-02-01..=1'] },
    /--stage begins before the license expires/,
  ],
  ['65 stages', { stages: many(65, () => '2027-01-01..=1') }, /at most 64 stages/],
  ['versions backwards', { versions: '12..10' }, /--versions 12\.\.10 ends before it begins/],
  ['versions backwards, deeper', { versions: '12.4..12.3' }, /ends before it begins/],
  ['versions of three', { versions: '1..2..3' }, /--versions is 10\.\.12, 10\.\., \.\.12 or 12/],
  ['versions of none', { versions: '..' }, /--versions is 10/],
  ['versions of nothing', { versions: '' }, /--versions is 10/],
  ['versions of words', { versions: 'ten' }, /A version is numbers with dots, .* not "ten"/],
  ['maintenance', { maintenance: 'soon' }, /--maintenance is a day like 2027-03-31/],
  ['customer in two lines', { customer: 'x\ny' }, /--customer holds an invisible character/],
  ['customer without end', { customer: 'x'.repeat(129) }, /--customer has at most 128 char/],
  ['customer of nothing', { customer: '' }, /--customer is empty/],
  ['trial', { trial: '0' }, /--trial is a whole number from 1 to 3650/],
  ['resource', { resource: '' }, /--resource is empty/],
  ['meter', { meters: ['runs'] }, /--meter is NAME=N, not "runs"/],
  ['meter of none', { meters: ['runs=0'] }, /--meter runs is a whole number from 1/],
  ['meter beyond', { meters: ['runs=4294967296'] }, /from 1 to 4294967295/],
  ['meter twice', { meters: ['runs=1', 'runs=2'] }, /Each --meter is named once/],
  ['33 meters', { meters: many(33, (i) => `m${i}=1`) }, /at most 32 meters/],
  ['borrow', { borrow: '7d' }, /--borrow is SEATS:DAYS such as 2:7d, .* not "7d"/],
  ['borrow for weeks', { borrow: '2:1w' }, /--borrow is SEATS:DAYS/],
  ['borrow too many', { borrow: '11:7d' }, /--borrow 11:7d is of more seats than there are/],
  ['borrow for no time', { borrow: '1:0d' }, /--borrow in days is a whole number from 1/],
  ['borrow too long', { borrow: '1:99999h' }, /--borrow in hours is a whole number from 1/],
  ['33 superseded', { supersedes: ids(33) }, /supersedes at most 32 others/],
  ['expired at once', { expires: '2025-12-31' }, /--expires is a day after the license starts/],
  ['33 classes', { seats: undefined, classes: many(33, (i) => `c${i}=1`) }, /at most 32 classes/],
  ['65 features', { features: many(65, (i) => `f${i}`) }, /at most 64 features/],
];

for (const [what, changes, sentence] of WRONG)
  orders(`refused with a sentence: ${what}`, () => {
    assert.throws(() => licenseOf(changes), sentence);
  });

orders('at most as many as the limits say', () => {
  licenseOf({ borrow: '15:7d', overdrafts: ['2'], stages: ['2027-01-01..=13'] });
  licenseOf({ supersedes: ids(32), meters: many(32, (i) => `m${i}=1`) });
  licenseOf({ stages: many(64, () => '2027-01-01..=1'), features: many(64, (i) => `f${i}`) });
});

orders.run();
