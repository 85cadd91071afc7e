import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Distrust } from '../../../protocol/client/seat-events.ts';
import { judgeSeat } from '../../../protocol/client/seat-trust.ts';
import { GENERIC_CLASS, type License } from '../../../protocol/license.ts';
import { makeProof } from '../../../protocol/proof.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { epochSeconds } from '../../../protocol/units.ts';
import { ACTIVATION_TERMS } from '../../plain-license.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';
import { makeLicense, VENDOR_KEY } from './scripted-agent.ts';
import { WALL, WISH } from './virtual-site.ts';

const AGENT_KEY = new Uint8Array(32).fill(5);

const trust = suite('trust in a seat');

interface Shown {
  readonly license?: Partial<License>;
  readonly pool?: number | null;
  readonly seats?: number;
  readonly document?: Uint8Array;
}

const pool = (name: string) => ({ class: name, seats: 5, overdraft: 0, stages: [] });

const judge = (shown: readonly Shown[], wish: Partial<SeatWish> = {}) =>
  judgeSeat(
    shown.map(({ license = {}, pool = 0, seats = 1, document }, i) => {
      const made = makeProof(makeLicense(i + 1, license));
      const part = { document: hashDocument(made, swiftPrimitives), pool, seats };
      return { part, proof: document === undefined ? made : makeProof(document) };
    }),
    { vendorKeys: [VENDOR_KEY], agentKey: AGENT_KEY, wish: { ...WISH, ...wish } },
    WALL,
    swiftPrimitives,
  );

const faultOf = (...args: Parameters<typeof judge>): Distrust | undefined => {
  const judged = judge(...args);
  return judged.ok ? undefined : judged.error;
};

const DAY = 86_400;
const date = (days: number) => epochSeconds(WALL + days * DAY);
const SERVER: Shown = { license: { type: 'server', pools: [] }, pool: null };

trust('a plain license is believed', () => {
  const judged = judge([{}]);
  assert.is(judged.ok && judged.value.class, GENERIC_CLASS);
  assert.is(judged.ok && judged.value.licenses.length, 1);
});

trust('what is not what was granted, or not the vendor’s, is not', () => {
  assert.is(faultOf([]), 'not-proven');
  assert.is(faultOf([{ document: makeLicense(9) }]), 'not-proven');
  const stranger = swiftPrimitives.signingKeys(new Uint8Array(32).fill(99));
  const proof = makeProof(makeLicense(1, {}, stranger));
  const part = { document: hashDocument(proof, swiftPrimitives), pool: 0, seats: 1 };
  const question = { vendorKeys: [VENDOR_KEY], agentKey: AGENT_KEY, wish: WISH };
  const judged = judgeSeat([{ part, proof }], question, WALL, swiftPrimitives);
  assert.is(judged.ok ? undefined : judged.error, 'other-vendor');
});

trust('each rule of a license is looked at', () => {
  const cases: readonly [Partial<License>, Partial<SeatWish>, Distrust | undefined][] = [
    [{ product: 'other' }, {}, 'other-product'],
    [{ activation: ACTIVATION_TERMS }, {}, 'not-activated'],
    [{ starts: date(2) }, {}, 'pending'],
    [{ starts: date(0.5) }, {}, undefined],
    [{ expires: date(-2) }, {}, 'expired'],
    [{ expires: date(-0.5) }, {}, undefined],
    [{ type: 'standalone', pools: [], hostCode: new Uint8Array(8) }, {}, 'standalone'],
    [{ resource: 'alpha' }, {}, 'other-resource'],
    [{ resource: 'alpha' }, { resource: 'beta' }, 'other-resource'],
    [{ resource: 'alpha' }, { resource: 'alpha' }, undefined],
    [{ resource: 'alpha' }, { resource: 'ALPHA' }, undefined],
    [{ resource: '*' }, { resource: 'alpha' }, undefined],
    [{ resource: '*' }, {}, 'other-resource'],
    [{}, { resource: 'alpha' }, 'other-resource'],
    [{ versions: { oldest: '10', newest: '12' } }, {}, 'no-version'],
    [{ versions: { oldest: '10', newest: '12' } }, { version: '12.9' }, undefined],
    [{ versions: { oldest: '10', newest: '12' } }, { version: '13' }, 'no-version'],
    [{ maintenance: date(-10) }, {}, 'no-version'],
    [{ maintenance: date(-10) }, { released: date(-11) }, undefined],
    [{ maintenance: date(-10) }, { released: date(-9) }, 'no-maintenance'],
    [{ features: ['core'] }, { features: ['core'] }, undefined],
    [{ features: ['core'] }, { features: ['core', 'render'] }, 'no-feature'],
    [{ pools: [pool('developer')] }, { class: 'developer' }, undefined],
    [{ pools: [pool('developer')] }, { class: 'execution' }, 'no-class'],
    [{ pools: [pool(GENERIC_CLASS)] }, { class: 'execution' }, undefined],
    [{ pools: [pool('developer')] }, {}, 'no-class'],
    [{}, { weight: 2 }, 'too-few'],
  ];
  for (const [license, wish, fault] of cases) {
    const place = JSON.stringify([license, wish]);
    assert.is(faultOf([{ license }], wish), fault, place);
  }
});

trust('a pool that the license does not have is worth nothing', () => {
  assert.is(faultOf([{ pool: 1 }]), 'no-class');
  assert.is(faultOf([{ pool: null }]), 'no-class');
  assert.is(faultOf([{ ...SERVER, pool: 0 }]), 'no-class');
});

trust('a license of type server needs no count and no class', () => {
  assert.is(faultOf([SERVER], { weight: 7, class: 'developer' }), undefined);
  assert.is(faultOf([SERVER], { features: ['core'] }), 'no-feature');
});

trust('parts add up, and each must cover what was wished', () => {
  const core: Shown = { license: { features: ['core'] }, seats: 2 };
  const bare: Shown = { seats: 3 };
  assert.is(faultOf([core, { ...core, seats: 3 }], { weight: 5, features: ['core'] }), undefined);
  assert.is(faultOf([core, { ...core, seats: 2 }], { weight: 5, features: ['core'] }), 'too-few');
  assert.is(faultOf([core, bare], { weight: 5, features: ['core'] }), 'no-feature');
  const everyones: Shown = { ...SERVER, license: { ...SERVER.license, features: ['core'] } };
  assert.is(faultOf([core, bare, everyones], { weight: 5, features: ['core'] }), undefined);
  assert.is(faultOf([everyones, SERVER], { features: ['core'] }), undefined);
});

trust('two pools of one license are one license, of the class of the first', () => {
  const license = { pools: [pool('developer'), pool(GENERIC_CLASS)] };
  const proof = makeProof(makeLicense(1, license));
  const hash = hashDocument(proof, swiftPrimitives);
  const judged = judgeSeat(
    [0, 1].map((number) => ({ part: { document: hash, pool: number, seats: 1 }, proof })),
    { vendorKeys: null, agentKey: AGENT_KEY, wish: { ...WISH, weight: 2, class: 'developer' } },
    WALL,
    swiftPrimitives,
  );
  assert.ok(judged.ok);
  assert.is(judged.value.class, 'developer');
  assert.is(judged.value.licenses.length, 1);
});

trust.run();
