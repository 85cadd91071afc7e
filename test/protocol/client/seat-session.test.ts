import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SeatEffect, SeatState } from '../../../protocol/client/seat-events.ts';
import { SeatSession } from '../../../protocol/client/seat-session.ts';
import type { Endpoint } from '../../../protocol/endpoint.ts';
import { epochSeconds, instant } from '../../../protocol/units.ts';
import { AgentRig, makeLicense, only, PRODUCT } from '../../agent/core/agent-rig.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';

const sessions = suite('seat session');

const SELF: Endpoint = { address: '10.0.0.1', port: 5000 };
const AGENT: Endpoint = { address: '10.0.0.2', port: 24_711 };
const PATIENCE = 10_000;

/** A session beside an agent on a bench; nothing passes between them but by hand. */
class Pair {
  readonly rig = new AgentRig();
  readonly session: SeatSession;
  readonly states: SeatState[] = [];
  wakeAt = 0;
  /** What the session has sent and nobody has passed on. */
  sent: Uint8Array[] = [];

  constructor() {
    this.rig.add(makeLicense(1));
    this.session = new SeatSession({
      product: PRODUCT,
      class: null,
      features: [],
      holder: { user: 'ann', host: 'desk', process: 1, application: 'acad' },
      vendorKeys: null,
      patience: PATIENCE,
      secret: new Uint8Array(32).fill(5),
      nonce: new Uint8Array(16).fill(6),
      primitives: swiftPrimitives,
      documents: new Map(),
    });
    this.#step({ kind: 'start' });
  }

  get lastState(): SeatState | undefined {
    return this.states.at(-1);
  }

  #step(event: Parameters<SeatSession['step']>[0]): void {
    const wall = epochSeconds(1_800_000_000);
    const effects = this.session.step(event, { mono: instant(this.rig.now), wall });
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: SeatEffect): void {
    if (effect.kind === 'wake-at') this.wakeAt = effect.at;
    else if (effect.kind === 'state') this.states.push(effect.state);
    else this.sent.push(effect.bytes);
  }

  /** Lets time pass to the session's next deadline. */
  wake(): void {
    this.rig.now = Math.max(this.rig.now, this.wakeAt);
    this.#step({ kind: 'wake' });
  }

  /** Passes everything that was sent to the agent and returns its answers. */
  ask(): readonly Uint8Array[] {
    const sent = this.sent;
    this.sent = [];
    return sent.flatMap((bytes) => {
      const effects = this.rig.hear(SELF, bytes);
      const commits = effects.some(({ kind }) => kind === 'commit');
      const all = commits ? [...effects, ...this.rig.settle(effects)] : effects;
      return all.flatMap((effect) => (effect.kind === 'send' ? [effect.bytes] : []));
    });
  }

  answer(datagrams: readonly Uint8Array[]): void {
    for (const bytes of datagrams) this.#step({ kind: 'datagram', from: AGENT, bytes });
  }
}

sessions('finds an agent, takes a seat, proves its license and holds it', () => {
  const pair = new Pair();
  for (let i = 0; i < 3; i++) pair.answer(pair.ask());
  assert.equal(
    pair.states.map(({ kind }) => kind),
    ['seeking', 'held'],
  );
});

sessions(
  'an agent that falls silent is no refusal: the search goes on while there is patience',
  () => {
    const pair = new Pair();
    pair.answer(pair.ask());
    // Nothing that it says from now on arrives, until it has been given up.
    for (let i = 0; i < 7; i++) pair.wake();
    assert.is(pair.lastState?.kind, 'seeking');
    assert.ok(pair.rig.now < PATIENCE);
    for (let i = 0; i < 4; i++) pair.answer(pair.ask());
    assert.is(pair.lastState?.kind, 'held');
  },
);

sessions('an agent that stays silent is told when patience is over, without waiting busily', () => {
  const pair = new Pair();
  pair.answer(pair.ask());
  let wakes = 0;
  for (; !pair.session.isOver && wakes < 1000; wakes++) pair.wake();
  const state = pair.lastState;
  assert.is(state?.kind === 'failed' && state.failure.kind, 'silent');
  assert.is(pair.rig.now, PATIENCE);
  assert.ok(wakes < 30, `${wakes} wakes`);
});

sessions('an agent that refuses ends the search early', () => {
  const pair = new Pair();
  pair.rig.client(7).take(1);
  for (let i = 0; i < 4 && !pair.session.isOver; i++) {
    pair.answer(pair.ask());
    pair.wake();
  }
  const state = pair.lastState;
  assert.is(
    state?.kind === 'failed' && state.failure.kind === 'refused' && state.failure.code,
    'no-seat',
  );
  assert.ok(pair.rig.now < 1000);
});

sessions('a seat is renewed in time even when proving its license took long', () => {
  const pair = new Pair();
  for (let i = 0; i < 2; i++) pair.answer(pair.ask());
  const sentAt = pair.rig.now;
  const piece = pair.ask();
  pair.rig.now += 3000;
  pair.answer(piece);
  assert.is(pair.lastState?.kind, 'held');
  assert.ok(pair.wakeAt <= sentAt + 0.37 * 60_000, `renews at ${pair.wakeAt}`);
});

sessions('a license that is removed while it is proven is a refusal, not a forgery', () => {
  const pair = new Pair();
  for (let i = 0; i < 2; i++) pair.answer(pair.ask());
  pair.rig.change({ kind: 'license-remove', id: '' });
  for (let i = 0; i < 4 && !pair.session.isOver; i++) {
    pair.answer(pair.ask());
    pair.wake();
  }
  const state = pair.lastState;
  assert.is(state?.kind === 'failed' && state.failure.kind, 'refused');
  assert.is(pair.rig.agent.leaseCount, 0);
});

sessions('stops believing at the end of its term, counted from the first asking', () => {
  const pair = new Pair();
  pair.answer(pair.ask());
  const granted = pair.ask();
  pair.rig.now += 700;
  pair.answer(granted);
  pair.answer(pair.ask());
  assert.is(pair.session.until, 60_000);
  pair.rig.now = 60_000;
  pair.wake();
  assert.is(pair.session.until, undefined);
  assert.is(pair.lastState?.kind === 'lost' && pair.lastState.code, 'not-renewed');
});

sessions('what the agent announces is believed, and the seat given back', () => {
  const pair = new Pair();
  for (let i = 0; i < 3; i++) pair.answer(pair.ask());
  const id = pair.session.leaseId;
  const effects = pair.rig.operate({ kind: 'seat-disconnect', id, force: false });
  pair.answer([only(effects, 'send').bytes]);
  assert.is(pair.lastState?.kind === 'lost' && pair.lastState.code, 'disconnected');
  pair.answer(pair.ask());
  assert.ok(pair.session.isOver);
  assert.is(pair.rig.agent.leaseCount, 0);
});

sessions.run();
