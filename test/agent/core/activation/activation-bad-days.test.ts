/** Bad days of an agent with activated licenses: power cuts, old backups, wrong clocks, lost answers. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import type { HostMark } from '../../../../agent/core/host/host-mark.ts';
import type { Write } from '../../../../agent/core/write.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { DeskRig } from '../desk-rig.ts';
import { StoreModel } from '../store-model.ts';
import {
  ActivationRig,
  answered,
  blocksOf,
  callIn,
  DAY,
  idOf,
  marksIn,
  NOW,
  requestIn,
  responseText,
  terms,
} from './activation-rig.ts';

/** What is written and said by one operation, in the order of the commits. */
interface Step {
  readonly writes: readonly Write[];
  /** What the world hears once these writes are on the disk. */
  readonly effects: readonly Effect[];
}

/** Does an operation a commit at a time; the store is left as it was before. */
const stepsOf = (rig: ActivationRig, effects: readonly Effect[]): readonly Step[] => {
  const steps: Step[] = [];
  const waiting = [...effects];
  for (let effect = waiting.shift(); effect !== undefined; effect = waiting.shift()) {
    if (effect.kind !== 'commit') continue;
    const { ticket, writes } = effect;
    const next = rig.desk.rig.step({ kind: 'committed', ticket });
    steps.push({ writes, effects: next });
    waiting.push(...next);
  }
  return steps;
};

/** The store after so many of the steps. */
const storeAfter = (
  before: readonly (readonly [string, Uint8Array])[],
  steps: readonly Step[],
  count: number,
): StoreModel => {
  const store = new StoreModel(before);
  for (const { writes } of steps.slice(0, count)) store.write(writes);
  return store;
};

const heardAfter = (first: readonly Effect[], steps: readonly Step[], count: number) => [
  ...first,
  ...steps.slice(0, count).flatMap(({ effects }) => effects),
];

const isAnswered = (effects: readonly Effect[]): boolean =>
  effects.some(({ kind }) => kind === 'answer');

test('power cut while a response is loaded: nothing of it holds, or all', () => {
  const rig = ActivationRig.with();
  rig.desk.license(2, terms());
  const response = rig.vendor.activate(rig.request(), NOW);
  const before = rig.desk.store.entries();
  const text = responseText(response);
  const first = rig.desk.rig.operate({ kind: 'license-response', text });
  const steps = stepsOf(rig, first);
  assert.ok(steps.length > 0);
  for (let count = 0; count <= steps.length; count++) {
    rig.restart(storeAfter(before, steps, count));
    const states = [rig.state(1), rig.state(2)];
    assert.is(states[0], states[1], `after ${count} commits`);
    if (isAnswered(heardAfter(first, steps, count))) assert.is(states[0], 'active');
    assert.is(rig.refusal(response), 'loaded', 'loaded again it is as if nothing had been');
    assert.equal([rig.state(1), rig.state(2)], ['active', 'active']);
  }
});

test('power cut in an emergency: once it lends it is spent, and its marks come back', () => {
  const rig = ActivationRig.with();
  const before = rig.desk.store.entries();
  const emergency = { kind: 'license-emergency', id: idOf(1) } as const;
  const first = rig.desk.rig.operate(emergency);
  const steps = stepsOf(rig, first);
  for (let count = 0; count <= steps.length; count++) {
    const store = storeAfter(before, steps, count);
    const heard = heardAfter(first, steps, count);
    // The marks were not written before the power was cut.
    rig.restart(store, []);
    const isSpent = rig.state() === 'emergency';
    if (isAnswered(heard)) assert.ok(isSpent, `after ${count} commits`);
    if (isSpent) assert.is(rig.desk.refused(emergency)[0], 'already-active');
  }
});

test('marks that were lost are kept again at the next start', () => {
  const rig = ActivationRig.with();
  const marks = marksIn(rig.begin({ kind: 'license-emergency', id: idOf(1) }));
  assert.is(marks.length, 1);
  const start = (known: readonly HostMark[]): readonly HostMark[] => {
    const { rig: agent, store } = new DeskRig(rig.desk.store, 7, 2, known);
    agent.step({ kind: 'restored', entries: store.entries() });
    return marksIn(agent.step({ kind: 'wake' }));
  };
  assert.equal(start([]), marks);
  assert.equal(start(marks), [], 'and not where they are');
});

test('power cut while a license is given back: lent or receipted, and never both', () => {
  const rig = ActivationRig.with();
  rig.activate();
  const before = rig.desk.store.entries();
  const give = {
    kind: 'license-deactivate',
    id: idOf(1),
    online: false,
    credentials: null,
  } as const;
  const first = rig.desk.rig.operate(give);
  const steps = stepsOf(rig, first);
  for (let count = 0; count <= steps.length; count++) {
    rig.restart(storeAfter(before, steps, count));
    const receipt = heardAfter(first, steps, count).flatMap((effect) =>
      effect.kind === 'answer' && effect.outcome.kind === 'license-deactivate'
        ? blocksOf('receipt', effect.outcome.receipt ?? '')
        : [],
    );
    const lends = rig.work(`user${count}`) === 'granted';
    assert.not.ok(lends && receipt.length > 0, `after ${count} commits`);
    if (count === steps.length) assert.not.ok(lends);
  }
});

test('an answer that is lost is asked for again, and counts once', () => {
  const rig = ActivationRig.with();
  const activate = { kind: 'license-activate', ids: [], credentials: null } as const;
  const lost = callIn(rig.begin(activate));
  rig.vendor.activate(requestIn(lost), NOW);
  rig.restart();
  const call = callIn(rig.begin(activate));
  const [one, other] = [lost, call].map((each) => rig.vendor.read(requestIn(each)).request);
  assert.ok((other?.number ?? 0) > (one?.number ?? 0), 'its number grows over a power cut');
  assert.is.not(other?.nonce.join(), one?.nonce.join());
  rig.answer(call, answered(rig.vendor.activate(requestIn(call), NOW)));
  assert.is(rig.state(), 'active');
});

test('a data folder from last month brings back no license that was given back, and no emergency', () => {
  const rig = ActivationRig.with();
  rig.desk.license(2, terms());
  rig.load(rig.vendor.activate(rig.request(idOf(1)), NOW));
  const backup = new StoreModel(rig.desk.store.entries());
  let marks: readonly HostMark[] = [];
  const give = {
    kind: 'license-deactivate',
    id: idOf(1),
    online: false,
    credentials: null,
  } as const;
  for (const operation of [give, { kind: 'license-emergency', id: idOf(2) } as const]) {
    const kept = marksIn(rig.begin(operation));
    marks = kept.length > 0 ? kept : marks;
  }
  assert.is(marks.length, 2);
  rig.pass(30 * DAY);
  rig.restart(backup, marks);
  assert.equal([rig.state(1), rig.view(1).refusal], ['installed', 'license-returned']);
  assert.is(rig.view(2).emergencyUntil, NOW + 5 * DAY);
  assert.is.not(rig.work(), 'granted');
  // Without the marks the vendor says it, when it is asked; that is the window.
  const request = rig.request(idOf(1));
  rig.load(rig.vendor.activate(request, rig.wall));
  assert.is(rig.state(1), 'active', 'a later activation lends');
});

test('a request after last month’s backup is numbered on', () => {
  const rig = ActivationRig.with();
  const backup = new StoreModel(rig.desk.store.entries());
  rig.pass(DAY);
  const last = rig.vendor.read(rig.request()).request.number;
  rig.restart(backup);
  rig.desk.rig.wall += 60;
  assert.ok(rig.vendor.read(rig.request()).request.number > last);
});

test('a clock that is a year ahead ends an emergency and an activation, and set right gives none back', () => {
  const rig = ActivationRig.with();
  rig.begin({ kind: 'license-emergency', id: idOf(1) });
  rig.desk.rig.wall += 365 * DAY;
  assert.is(rig.state(), 'installed');
  rig.desk.rig.wall -= 365 * DAY;
  assert.is(rig.state(), 'installed', 'the highest time counts');
  const emergency = { kind: 'license-emergency', id: idOf(1) } as const;
  assert.is(rig.desk.refused(emergency)[0], 'emergency-spent');
  rig.desk.done({ kind: 'clock-reset' });
  assert.is(rig.state(), 'emergency', 'what is left of its days, and no more');
  rig.pass(5 * DAY);
  assert.is(rig.state(), 'installed');
  assert.is(rig.desk.refused(emergency)[0], 'emergency-spent');
});

test('a clock that is a year behind gives no emergency before the license was issued', () => {
  const rig = ActivationRig.with({}, { issued: epochSeconds(NOW + 365 * DAY) });
  assert.is(rig.desk.refused({ kind: 'license-emergency', id: idOf(1) })[0], 'emergency-late');
});

test('a damaged record of an activation closes the store, and lends nothing', () => {
  const rig = ActivationRig.with();
  rig.activate();
  const entries = rig.desk.store.entries().map(([key, value]) => {
    if (!key.startsWith('activation/')) return [key, value] as const;
    const changed = value.slice();
    changed[changed.length - 20] = (changed.at(-20) ?? 0) ^ 1;
    return [key, changed] as const;
  });
  rig.restart(new StoreModel(entries));
  assert.is(rig.work(), 'store-damaged');
  assert.is(rig.state(), 'installed');
});

test.run();
