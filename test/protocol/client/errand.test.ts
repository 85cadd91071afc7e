import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { equalBytes } from '../../../protocol/bytes.ts';
import {
  Errand,
  type ErrandEffect,
  type ErrandEnd,
  type ErrandEvent,
  type ErrandOptions,
  type Question,
} from '../../../protocol/client/errand.ts';
import type { Endpoint } from '../../../protocol/endpoint.ts';
import { nativePrimitives as primitives } from '../../../protocol/node/native-primitives.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { Reply } from '../../../protocol/replies.ts';
import type { Request } from '../../../protocol/requests.ts';
import { instant } from '../../../protocol/units.ts';
import { HOLDER, WISH } from '../../../scripts/vectors/fixed.ts';
import { BenchAgent } from './bench-agent.ts';

const PROBE: Question = { kind: 'probe', wish: WISH };
const DRAW: Question = {
  kind: 'draw',
  product: 'acme-cad',
  meter: 'runs',
  amount: 3,
  drawId: new Uint8Array(16).fill(4),
  holder: HOLDER,
};

/** An errand among agents; broadcasts reach those that `hears`. */
class Lane {
  readonly errand: Errand;
  readonly agents: readonly BenchAgent[];
  hears: (agent: BenchAgent) => boolean = () => true;
  end: ErrandEnd | undefined;
  now = 0;
  #wakeAt = 0;

  constructor(agents: readonly BenchAgent[], options: Partial<ErrandOptions> = {}) {
    this.agents = agents;
    this.errand = new Errand({
      product: 'acme-cad',
      agent: null,
      patience: 5000,
      secret: new Uint8Array(32).fill(5),
      sent: 0,
      lastId: 0,
      nonce: new Uint8Array(16).fill(6),
      primitives,
      ...options,
    });
  }

  /** Asks and lets time pass until there is an end. */
  ask(question: Question): ErrandEnd {
    this.end = undefined;
    this.#step({ kind: 'ask', question });
    for (let i = 0; i < 100 && this.end === undefined; i++) {
      this.now = Math.max(this.now, this.#wakeAt);
      this.#step({ kind: 'wake' });
    }
    assert.ok(this.end, 'no end in a hundred wakes');
    return this.end as ErrandEnd;
  }

  /** What agents say arrives when what caused it is done. */
  #step(event: ErrandEvent): void {
    const arriving: [Endpoint, Uint8Array][] = [];
    const give = (agent: BenchAgent, bytes: Uint8Array): void => {
      const said = agent.hear(bytes);
      if (said !== undefined) arriving.push([agent.endpoint, said]);
    };
    const take = (effects: readonly ErrandEffect[]): void => {
      for (const effect of effects) this.#perform(effect, give);
    };
    take(this.errand.step(event, instant(this.now)));
    for (let next = arriving.shift(); next !== undefined; next = arriving.shift()) {
      const [from, bytes] = next;
      take(this.errand.step({ kind: 'datagram', from, bytes }, instant(this.now)));
    }
  }

  #perform(effect: ErrandEffect, give: (agent: BenchAgent, bytes: Uint8Array) => void): void {
    switch (effect.kind) {
      case 'wake-at':
        this.#wakeAt = effect.at;
        return;
      case 'end':
        this.end = effect.end;
        return;
      case 'ask-around':
        for (const agent of this.agents.filter(this.hears)) give(agent, effect.bytes);
        return;
      case 'send': {
        const { address } = effect.to;
        const agent = this.agents.find(({ endpoint }) => endpoint.address === address);
        if (agent !== undefined) give(agent, effect.bytes);
      }
    }
  }
}

const free = ({ id }: Request): Reply => ({
  kind: 'free',
  id,
  inUse: 1,
  seats: 2,
  overdraft: false,
});

const refuse =
  (code: RefusalCode) =>
  ({ id }: Request): Reply => ({ kind: 'refused', id, code, inUse: 2, seats: 2 });

const drawn = ({ id }: Request): Reply => ({ kind: 'drawn', id, left: 7, documents: [] });

const agentThat = (number: number, answer: BenchAgent['answer']): BenchAgent => {
  const agent = new BenchAgent(number);
  agent.answer = answer;
  return agent;
};

/** `answered` with the kind of reply, or the failure. */
const told = (end: ErrandEnd): string => {
  if (end.kind === 'answered') return end.reply.kind;
  return end.failure.kind === 'refused' ? end.failure.code : end.failure.kind;
};

const errands = suite('errand');

errands('finds an agent, asks it, and says what it answered and who it is', () => {
  const agent = agentThat(1, free);
  const end = new Lane([agent]).ask(PROBE);
  assert.is(told(end), 'free');
  if (end.kind !== 'answered') return;
  assert.is(end.agent.name, 'agent-1');
  assert.ok(equalBytes(end.agent.key, agent.key));
  assert.equal(agent.asked, [{ ...PROBE, id: 1 }]);
});

errands('asks again under the same id and another number until it is answered', () => {
  const agent = agentThat(1, (request) => (agent.asked.length < 4 ? undefined : free(request)));
  assert.is(told(new Lane([agent]).ask(PROBE)), 'free');
  assert.equal(
    agent.asked.map(({ id }) => id),
    [1, 1, 1, 1],
  );
  assert.is(new Set(agent.numbers).size, 4);
});

errands('goes on to others after a refusal and after silence, and tells what says most', () => {
  const lane = new Lane([
    agentThat(1, () => undefined),
    agentThat(2, refuse('no-seat')),
    agentThat(3, free),
  ]);
  assert.is(told(lane.ask(PROBE)), 'free');
  const full = new Lane([agentThat(1, refuse('no-license')), agentThat(2, refuse('no-seat'))]);
  assert.is(told(full.ask(PROBE)), 'no-seat');
  assert.is(told(new Lane([]).ask(PROBE)), 'no-agent');
});

errands('an agent that has started anew is asked in its new epoch', () => {
  const agent = agentThat(1, free);
  const lane = new Lane([agent]);
  const { epoch } = agent;
  let heard = 0;
  agent.hear = (bytes) => {
    if (++heard === 2) agent.epoch = epoch.map((byte) => byte + 1);
    return BenchAgent.prototype.hear.call(agent, bytes);
  };
  assert.is(told(lane.ask(PROBE)), 'free');
  assert.is(agent.asked.length, 1);
});

errands('what is asked next is asked of the agent that answered, and of no other', () => {
  const [first, second] = [agentThat(1, free), agentThat(2, free)];
  second.free = 0;
  const lane = new Lane([first, second]);
  lane.ask(PROBE);
  assert.is(told(lane.ask(PROBE)), 'free');
  assert.equal(
    first.asked.map(({ id }) => id),
    [1, 2],
  );
  first.answer = refuse('no-document');
  assert.is(told(lane.ask(PROBE)), 'no-document');
  first.answer = () => undefined;
  assert.is(told(lane.ask(PROBE)), 'silent');
  assert.is(second.asked.length, 0);
});

errands('a session is taken up again with the agent that it was with, wherever that is', () => {
  const [sought, other] = [agentThat(1, free), agentThat(2, free)];
  sought.free = 0;
  const agent = { key: sought.key, endpoint: undefined };
  const lane = new Lane([other, sought], { agent, sent: 2 ** 40, lastId: 2 ** 20 });
  assert.is(told(lane.ask(PROBE)), 'free');
  assert.is(other.asked.length, 0);
  assert.is(sought.asked[0]?.id, 2 ** 20 + 1);
  // Numbers begin where the session left off.
  assert.is(sought.numbers[0], 2 ** 40 + 1);
  assert.is(told(new Lane([other], { agent }).ask(PROBE)), 'no-agent');
});

errands('an agent that no broadcast reaches is asked where it was', () => {
  const agent = agentThat(1, free);
  const { key, endpoint } = agent;
  const lane = new Lane([agent], { agent: { key, endpoint } });
  lane.hears = () => false;
  assert.is(told(lane.ask(PROBE)), 'free');
});

errands('a draw that may have been counted is carried to nobody else', () => {
  const [first, second] = [agentThat(1, () => undefined), agentThat(2, drawn)];
  const end = new Lane([first, second]).ask(DRAW);
  assert.is(told(end), 'silent');
  assert.ok(end.kind === 'failed' && end.asked !== null && equalBytes(end.asked, first.key));
  assert.is(second.asked.length, 0);
  const unsure = new Lane([agentThat(1, refuse('store-failing')), second]);
  assert.is(told(unsure.ask(DRAW)), 'store-failing');
  assert.is(second.asked.length, 0);
});

errands('a draw is carried on from an agent that has certainly not counted it', () => {
  const [first, second] = [agentThat(1, refuse('meter-empty')), agentThat(2, drawn)];
  assert.is(told(new Lane([first, second]).ask(DRAW)), 'drawn');
  assert.equal(first.asked, second.asked);
});

errands('a draw of which an impostor took the offer is asked of the true agent', () => {
  const agent = agentThat(1, drawn);
  const impostor = new BenchAgent(1, { address: '10.0.0.9', port: 24_711 });
  assert.is(told(new Lane([impostor, agent]).ask(DRAW)), 'drawn');
});

errands('a question that fits into no datagram is refused at once', () => {
  const features = Array.from({ length: 64 }, (_, i) => `feature ${i} ${'x'.repeat(40)}`);
  const lane = new Lane([agentThat(1, free)]);
  assert.is(told(lane.ask({ kind: 'probe', wish: { ...WISH, features } })), 'too-long');
  assert.is(told(lane.ask(PROBE)), 'free');
});

errands.run();
