import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import type { HostIdentity, KeptHost } from '../../../../agent/core/host/host-identity.ts';
import { LOOK_EVERY } from '../../../../agent/core/host/host-watch.ts';
import { isWarning, noteToSentence } from '../../../../agent/core/notes.ts';
import type { HostView, LicenseView, StatusView } from '../../../../agent/core/operations.ts';
import { keyHostCode, makeHostCode } from '../../../../protocol/host-code.ts';
import { type HostValues, toHostComponents } from '../../../../protocol/host-component.ts';
import type { License } from '../../../../protocol/license.ts';
import type { Reply } from '../../../../protocol/replies.ts';
import { swiftPrimitives } from '../../../simulation/swift-primitives.ts';
import { AgentRig, acquire, makeLicense, only, renew, VENDOR } from '../agent-rig.ts';

const { sha512 } = swiftPrimitives;
const codeOf = (values: HostValues): Uint8Array => makeHostCode(toHostComponents(values), sha512);

const HOME = {
  'machine-id': ['8f2c1f5f0b5e4d7f'],
  disk: ['S4EVNX0R123456'],
  mac: ['f0:1f:af:12:34:56'],
  cpu: ['intel i7'],
};
const NEW_CARD = { ...HOME, mac: ['f0:1f:af:99:99:99'] };
const ELSEWHERE = { ...HOME, disk: ['WD-WCC6Y7'], mac: ['04:d4:c4:01:02:03'], cpu: ['amd 5'] };

/** An agent that has looked at its computer. */
const rigOn = (values: HostValues, kept: KeptHost = 'new'): AgentRig => {
  const rig = new AgentRig(1, [], 1000, kept);
  rig.hostCode = codeOf(values);
  rig.look();
  return rig;
};

/** What is kept of a computer that was looked at. */
const keptOf = (values: HostValues): HostIdentity => {
  const rig = new AgentRig();
  rig.hostCode = codeOf(values);
  return only(rig.look(), 'keep-host').identity;
};

const moveTo = (rig: AgentRig, values: HostValues): readonly Effect[] => {
  rig.hostCode = codeOf(values);
  return rig.look();
};

const boundTo = (values: HostValues, terms: Partial<License> = {}): Partial<License> => ({
  hostCode: keyHostCode(codeOf(values), VENDOR.publicKey, sha512),
  ...terms,
});

const codeIn = (reply: Reply | undefined): string | undefined =>
  reply?.kind === 'refused' || reply?.kind === 'ending' ? reply.code : reply?.kind;

const licensesOf = (rig: AgentRig): readonly LicenseView[] => {
  const { outcome } = only(rig.operate({ kind: 'license-list' }), 'answer');
  return outcome.kind === 'license-list' ? outcome.licenses : [];
};
const statesOf = (rig: AgentRig): readonly string[] => licensesOf(rig).map(({ state }) => state);
const hostOf = (rig: AgentRig): HostView | undefined => {
  const { outcome } = only(rig.operate({ kind: 'host-show' }), 'answer');
  return outcome.kind === 'host-show' ? outcome.host : undefined;
};
const statusOf = (rig: AgentRig): StatusView | undefined => {
  const { outcome } = only(rig.operate({ kind: 'status' }), 'answer');
  return outcome.kind === 'status' ? outcome.status : undefined;
};

const sentences = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'note' ? noteToSentence(effect.note) : []));

const keeper = suite('host keeper');

keeper('the first computer that an agent sees is its own, and is kept without its values', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  rig.hostCode = codeOf(HOME);
  const { identity } = only(rig.look(), 'keep-host');
  assert.is(identity.parts.length, 4);
  assert.equal(
    rig.look().filter(({ kind }) => kind === 'keep-host'),
    [],
    'once',
  );
  assert.equal(statesOf(rig), ['active']);
  assert.is(hostOf(rig)?.standing, 'own');
  assert.is(statusOf(rig)?.hostIdentity, 'own');
});

keeper('on another computer every license is worth nothing, and which parts differ is said', () => {
  const rig = rigOn(ELSEWHERE, keptOf(HOME));
  rig.add(makeLicense(1), makeLicense(2, { type: 'server', pools: [] }));
  assert.equal(statesOf(rig), ['wrong-host', 'wrong-host']);
  const [view] = licensesOf(rig);
  assert.is(view?.refusal, 'wrong-host');
  assert.is(view?.otherHost?.bound, 'agent');
  const parts = view?.otherHost?.components ?? [];
  assert.equal(
    parts.map(({ kind, matched }) => [kind, matched]),
    [
      ['machine-id', true],
      ['disk', false],
      ['mac', false],
      ['cpu', false],
    ],
  );
  const ann = rig.client(1);
  assert.is(codeIn(ann.read(ann.ask(acquire(1)))), 'wrong-host');
  assert.is(statusOf(rig)?.hostIdentity, 'other');
});

keeper('a key that cannot be opened here is on another computer', () => {
  const rig = new AgentRig(1, [], 1000, 'lost');
  rig.hostCode = codeOf(HOME);
  assert.match(sentences(rig.look())[0] ?? '', /key was sealed on another computer/);
  assert.equal(sentences(rig.look()), [], 'once');
  rig.add(makeLicense(1));
  assert.equal(statesOf(rig), ['wrong-host']);
  assert.is(hostOf(rig)?.standing, 'lost');
  assert.equal(
    rig.look().filter(({ kind }) => kind === 'keep-host'),
    [],
  );
});

keeper('another card is still this computer, and is known from then on', () => {
  const rig = rigOn(HOME, keptOf(HOME));
  rig.add(makeLicense(1));
  const effects = moveTo(rig, NEW_CARD);
  assert.equal(sentences(effects), [
    'Parts of this computer have changed (network port); it is known by them from now on.',
  ]);
  const { identity } = only(effects, 'keep-host');
  assert.equal(statesOf(rig), ['active']);
  const later = rigOn({ ...NEW_CARD, 'machine-id': ['aaaabbbbcccc'] }, identity);
  assert.is(hostOf(later)?.standing, 'own');
});

keeper(
  'a computer that becomes another while the agent runs is told once, and so is its return',
  () => {
    const rig = rigOn(HOME, keptOf(HOME));
    const gone = moveTo(rig, ELSEWHERE);
    assert.match(sentences(gone)[0] ?? '', /disk, network port and processor differ/);
    assert.ok(gone.some((effect) => effect.kind === 'note' && isWarning(effect.note)));
    assert.equal(sentences(rig.look()), []);
    assert.match(sentences(moveTo(rig, HOME))[0] ?? '', /own computer again/);
  },
);

keeper('who holds a seat keeps it to the end of its term, and it is not renewed', () => {
  const rig = rigOn(HOME, keptOf(HOME));
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  assert.is(codeIn(ann.take(1)), 'granted');
  moveTo(rig, ELSEWHERE);
  rig.now += 5000;
  const reply = ann.read(ann.ask(renew(2)));
  assert.is(reply?.kind, 'ending');
  assert.is(codeIn(reply), 'wrong-host');
  moveTo(rig, HOME);
  assert.is(ann.read(ann.ask(renew(3)))?.kind, 'renewed', 'back at home it goes on');
});

for (const terms of [
  {},
  { type: 'named' },
  { type: 'server', pools: [] },
] satisfies Partial<License>[]) {
  const type: License['type'] = terms.type ?? 'floating';
  keeper(`a ${type} license for a host code is worth something on that computer only`, () => {
    const here = rigOn(HOME);
    here.add(makeLicense(1, boundTo(HOME, terms)), makeLicense(2, boundTo(ELSEWHERE, terms)));
    assert.equal(statesOf(here), ['active', 'wrong-host']);
    const other = licensesOf(here)[1]?.otherHost;
    assert.is(other?.bound, 'license');
    const differing = other?.components.filter(({ matched }) => !matched).map(({ kind }) => kind);
    assert.equal(differing, ['disk', 'mac', 'cpu']);
    assert.is(hostOf(here)?.standing, 'own');
  });
}

keeper('the computer of a standalone license is not the agent’s', () => {
  const rig = rigOn(HOME);
  rig.add(makeLicense(1, boundTo(ELSEWHERE, { type: 'standalone', pools: [] })));
  assert.equal(statesOf(rig), ['active']);
});

keeper('a license that has fitted once goes with its agent however its computer changes', () => {
  const rig = rigOn(HOME);
  rig.add(makeLicense(1, boundTo(HOME)));
  assert.equal(statesOf(rig), ['active']);
  moveTo(rig, NEW_CARD);
  const renewed = { ...NEW_CARD, disk: ['NEW'], 'machine-id': ['aaaabbbbcccc'] };
  moveTo(rig, { ...NEW_CARD, disk: ['NEW'] });
  const { identity } = only(moveTo(rig, renewed), 'keep-host');
  assert.equal(statesOf(rig), ['active'], 'of what was signed only the processor is left');
  const copied = rigOn(ELSEWHERE, identity);
  copied.add(makeLicense(1, boundTo(HOME)));
  assert.equal(statesOf(copied), ['wrong-host'], 'but not to another computer');
  const adopted = rigOn(renewed);
  adopted.add(makeLicense(1, boundTo(HOME)));
  assert.equal(statesOf(adopted), ['wrong-host'], 'nor to another agent');
});

keeper('what a license is worth is judged anew with every look', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1, boundTo(HOME)));
  assert.equal(statesOf(rig), ['wrong-host'], 'nothing was seen of the computer yet');
  moveTo(rig, HOME);
  assert.equal(statesOf(rig), ['active']);
});

keeper('what could not be kept is kept after the next look, and not before', () => {
  const rig = new AgentRig();
  rig.hostCode = codeOf(HOME);
  only(rig.look(), 'keep-host');
  const keeps = (effects: readonly Effect[]): number =>
    effects.filter(({ kind }) => kind === 'keep-host').length;
  assert.is(keeps(rig.step({ kind: 'host-not-kept' })), 0);
  assert.is(keeps(rig.step({ kind: 'wake' })), 0);
  assert.is(keeps(rig.look()), 1);
  assert.is(keeps(rig.look()), 0);
});

keeper('a seat that is asked for is refused when the look shows another computer', () => {
  const rig = rigOn(HOME, keptOf(HOME));
  rig.add(makeLicense(1));
  rig.now += LOOK_EVERY;
  rig.hostCode = codeOf(ELSEWHERE);
  const ann = rig.client(1);
  assert.is(codeIn(ann.read(ann.ask(acquire(1)))), 'wrong-host');
});

keeper.run();
