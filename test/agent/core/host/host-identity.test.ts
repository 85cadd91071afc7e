import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  judgeIdentity,
  type KnownPart,
  tellsHost,
} from '../../../../agent/core/host/host-identity.ts';
import { keyHostCode, makeHostCode } from '../../../../protocol/host-code.ts';
import {
  HOST_KIND_NAMES,
  type HostComponent,
  type HostKind,
  type HostValues,
  toHostComponents,
} from '../../../../protocol/host-component.ts';
import { HOST_COMPONENTS_MAX } from '../../../../protocol/limits.ts';
import { nativePrimitives } from '../../../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../../../protocol/units.ts';

const { sha512 } = nativePrimitives;
const DAY = 86_400;
const AGENT_KEY = new Uint8Array(32).fill(7);

const keyed = (components: readonly HostComponent[]): Uint8Array =>
  keyHostCode(makeHostCode(components, sha512), AGENT_KEY, sha512);
const codeOf = (values: HostValues): Uint8Array => keyed(toHostComponents(values));

/** An agent that has looked at these computers, one a day. */
const known = (...seen: readonly HostValues[]): readonly KnownPart[] => {
  let parts: readonly KnownPart[] = [];
  for (const [day, values] of seen.entries()) {
    const { matches, refreshed } = judgeIdentity(parts, codeOf(values), epochSeconds(day * DAY));
    assert.ok(matches, `day ${day}`);
    parts = refreshed ?? parts;
  }
  return parts;
};

const isOwn = (parts: readonly KnownPart[], values: HostValues, day = 0): boolean =>
  judgeIdentity(parts, codeOf(values), epochSeconds(day * DAY)).matches;

const SERVER: HostValues = {
  'machine-id': ['8f2c1f5f0b5e4d7f9b1d4c3a2e1f0a9b'],
  system: ['4c4c4544-0042-3510-8053-b7c04f573533'],
  board: ['Dell Inc., PowerEdge R250'],
  disk: ['S4EVNX0R123456', 'S4EVNX0R123457'],
  mac: ['f0:1f:af:12:34:56', 'f0:1f:af:12:34:57'],
  cpu: ['Intel(R) Xeon(R) E-2314'],
};
const OTHER: HostValues = {
  'machine-id': ['99999999222222223333333344444444'],
  system: ['11114544-0042-3510-8053-b7c04f111111'],
  board: ['ASUSTeK, PRIME B450'],
  disk: ['WD-WCC6Y7'],
  mac: ['04:d4:c4:01:02:03'],
  cpu: ['AMD Ryzen 5 3600'],
};
const NEW_CARD = { mac: ['00:1b:21:00:00:01'] };
const REINSTALLED = { 'machine-id': ['aaaabbbbccccddddeeeeffff00001111'] };
const NEW_DISK = { disk: ['NEW-DISK-1'] };

const identity = suite('host identity');

identity('parts may go one after another until none of the first is left', () => {
  const steps: HostValues[] = [SERVER];
  for (const kind of HOST_KIND_NAMES) {
    const last = steps.at(-1) ?? SERVER;
    if (last[kind] !== undefined) steps.push({ ...last, [kind]: OTHER[kind] ?? [] });
  }
  assert.equal(steps.at(-1), OTHER);
  const parts = known(...steps);
  assert.ok(isOwn(parts, OTHER, 10));
  assert.not.ok(isOwn(known(SERVER), OTHER), 'but not all at once');
  assert.not.ok(isOwn(parts, SERVER, 10), 'and the first computer is another one then');
});

identity('two changes at once that are too much are not, one after the other', () => {
  const after = { ...SERVER, ...NEW_CARD, ...REINSTALLED, ...NEW_DISK };
  const both = { ...SERVER, system: [], ...NEW_CARD, ...REINSTALLED };
  assert.not.ok(isOwn(known(SERVER), both));
  assert.ok(isOwn(known(SERVER, { ...SERVER, ...NEW_CARD }), after, 1));
});

const SITUATIONS: readonly (readonly [string, HostValues, boolean])[] = [
  ['nothing has changed', SERVER, true],
  ['a dock', { ...SERVER, mac: [...(SERVER.mac ?? []), ...NEW_CARD.mac] }, true],
  ['a VPN adapter', { ...SERVER, mac: [...(SERVER.mac ?? []), '02:50:41:00:00:01'] }, true],
  ['a new network card', { ...SERVER, ...NEW_CARD }, true],
  ['a re-installed system', { ...SERVER, ...REINSTALLED }, true],
  ['a re-installed system on a new disk', { ...SERVER, ...REINSTALLED, ...NEW_DISK }, true],
  [
    'a copied disk in another machine',
    { ...OTHER, 'machine-id': SERVER['machine-id'] ?? [] },
    false,
  ],
  [
    'a moved disk in another machine',
    { ...OTHER, 'machine-id': SERVER['machine-id'] ?? [], disk: SERVER.disk ?? [] },
    false,
  ],
  [
    'a copied disk in another machine of the model',
    {
      ...OTHER,
      'machine-id': SERVER['machine-id'] ?? [],
      board: SERVER.board ?? [],
      cpu: SERVER.cpu ?? [],
    },
    false,
  ],
  [
    'a virtual machine that shows only the system',
    { 'machine-id': SERVER['machine-id'] ?? [] },
    false,
  ],
  ['nothing can be seen', {}, false],
];

for (const [what, present, expected] of SITUATIONS) {
  identity(`${what}: ${expected ? 'accepted' : 'refused'}`, () => {
    const { matches, refreshed } = judgeIdentity(known(SERVER), codeOf(present), epochSeconds(60));
    assert.is(matches, expected);
    if (!expected) assert.is(refreshed, undefined, 'what is refused teaches nothing');
  });
}

identity('what is known says which parts differ, and which are news', () => {
  const present = { ...SERVER, ...NEW_CARD };
  const { components, changed } = judgeIdentity(known(SERVER), codeOf(present), epochSeconds(60));
  const differing = components.filter(({ matched }) => !matched).map(({ kind }) => kind);
  assert.equal(differing, ['mac', 'mac']);
  assert.equal(changed, ['mac']);
});

identity('what is not to be seen for a while is remembered, so that the set is not thinned', () => {
  const bare = { mac: SERVER.mac ?? [], system: SERVER.system ?? [] };
  const parts = known(SERVER, bare);
  assert.not.ok(isOwn(parts, { ...OTHER, mac: SERVER.mac ?? [] }, 2), 'a port alone is not enough');
  const weeks = known(SERVER, ...Array.from({ length: 45 }, () => bare));
  assert.ok(isOwn(weeks, { ...OTHER, mac: SERVER.mac ?? [] }, 46), 'after a month it is forgotten');
});

identity('a set that is the same is written anew once a week', () => {
  const parts = known(SERVER);
  const on = (day: number) => judgeIdentity(parts, codeOf(SERVER), epochSeconds(day * DAY));
  assert.is(on(6).refreshed, undefined);
  assert.is(on(7).refreshed?.[0]?.seen, 7 * DAY);
  assert.equal(on(7).changed, []);
});

identity('a computer that tells nothing binds the agent to nothing, until it tells more', () => {
  const nothing = known({ cpu: ['Intel(R) Xeon(R) E-2314'] });
  assert.ok(isOwn(nothing, OTHER));
  const { refreshed } = judgeIdentity(nothing, codeOf(SERVER), epochSeconds(DAY));
  assert.not.ok(isOwn(refreshed ?? [], OTHER, 1));
});

const anyComponents: fc.Arbitrary<readonly HostComponent[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...HOST_KIND_NAMES),
    value: fc.constantFrom('one', 'two', 'three', 'four', 'five'),
  }),
  { maxLength: 30 },
);

identity('whatever was accepted is accepted again, in bounds, and never after a refusal', () => {
  fc.assert(
    fc.property(fc.array(anyComponents, { minLength: 1, maxLength: 8 }), (looks) => {
      let parts: readonly KnownPart[] = [];
      for (const [i, look] of looks.entries()) {
        const code = keyed(look);
        const { matches, refreshed } = judgeIdentity(parts, code, epochSeconds(i * DAY));
        if (!matches) assert.is(refreshed, undefined);
        parts = refreshed ?? parts;
        assert.ok(parts.length <= HOST_COMPONENTS_MAX);
        if (!matches || !tellsHost(code)) continue;
        assert.ok(judgeIdentity(parts, code, epochSeconds(i * DAY)).matches);
      }
    }),
  );
});

identity('two computers with nothing in common but a model are never one', () => {
  const values = (side: string): fc.Arbitrary<readonly HostComponent[]> =>
    anyComponents.map((some) =>
      some.map(({ kind, value }) => ({ kind, value: isModel(kind) ? 'same' : `${side} ${value}` })),
    );
  fc.assert(
    fc.property(values('left'), values('right'), (left, right) => {
      const mine = keyed(left);
      fc.pre(tellsHost(mine));
      const { refreshed = [] } = judgeIdentity([], mine, epochSeconds(0));
      assert.not.ok(judgeIdentity(refreshed, keyed(right), epochSeconds(1)).matches);
    }),
  );
});

const isModel = (kind: HostKind): boolean => kind === 'board' || kind === 'cpu';

identity.run();
