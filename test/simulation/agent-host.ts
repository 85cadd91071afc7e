/** A simulated computer that runs an agent, kills it, and starts it again on what its disk kept. */

import type { MasterAnswer } from '../../agent/core/activation/master-answer.ts';
import { Agent } from '../../agent/core/agent.ts';
import { SEED_SIZE } from '../../agent/core/agent-parts.ts';
import type { TakeShared } from '../../agent/core/charter/charter-effects.ts';
import type { ParentAnswer } from '../../agent/core/children/parent-answer.ts';
import type { Effect } from '../../agent/core/effects.ts';
import type { Event } from '../../agent/core/events.ts';
import type { HostVerdict } from '../../agent/core/host/host-verdict.ts';
import { type Note, noteToSentence } from '../../agent/core/notes.ts';
import type { CoreOperation, Outcome } from '../../agent/core/operations.ts';
import type { RegisterAnswer, RegisterAsk } from '../../agent/core/site/register.ts';
import { siteMaking } from '../../agent/core/site/site-making.ts';
import type { AgentKeys } from '../../protocol/activation.ts';
import { agentSigningKeys } from '../../protocol/borrow-token.ts';
import { type Endpoint, endpointToText } from '../../protocol/endpoint.ts';
import { DEFAULT_PORT } from '../../protocol/limits.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Host } from './clocks.ts';
import type { Disk } from './disk.ts';
import { type Flight, flightToText, lendBytes, type Network } from './network.ts';
import type { Random } from './random.ts';
import { RuleLines } from './rule-lines.ts';
import { NO_RULES_FILE, type RulesFile } from './rules-text.ts';
import { eventToText, writesToText } from './step-text.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import type { World } from './world.ts';

/** The share of restarts after which the agent has another address. */
const MOVES = 0.2;
const NO_RULES = new RuleLines([]);

const PHYSICAL: HostVerdict = { verdict: 'physical', score: 0, evidence: [], host: 'physical' };

/** Those who see everything that an agent hears and does. */
export interface AgentWatch {
  readonly booted: (host: AgentHost) => void;
  readonly stepped: (
    host: AgentHost,
    event: Event,
    effects: readonly Effect[],
    flight: Flight | undefined,
  ) => void;
}

export interface AgentHostParts {
  readonly world: World;
  readonly network: Network;
  readonly host: Host;
  readonly disk: Disk;
  readonly random: Random;
  readonly watch: AgentWatch;
  readonly address: string;
  readonly idleSessionsMax: number;
  /** It is a member of a site. */
  readonly site?: boolean;
}

export class AgentHost {
  readonly publicKey: Uint8Array;
  /** Where the agent is found; another place after some restarts. */
  endpoint: Endpoint;
  /** The administrator's file of rules. */
  rulesFile: RulesFile = NO_RULES_FILE;
  /** The rules in force, as far as they were taken up since the start. */
  rules = NO_RULES;
  /** Carries what is asked of a parent. */
  onAsk: ((number: number, body: Uint8Array) => void) | undefined;
  /** Carries what is asked of the register of a site. */
  onAskRegister:
    | ((ask: RegisterAsk, onAnswer: (answer: RegisterAnswer) => void) => void)
    | undefined;
  /** Hears what the agent tells of itself. */
  onNote: ((note: Note) => void) | undefined;
  /** Keeps what its site has in common. */
  onTakeShared: ((asked: TakeShared) => void) | undefined;
  readonly #parts: AgentHostParts;
  readonly #secret: Uint8Array;
  readonly #answers = new Map<number, (outcome: Outcome) => void>();
  readonly #calls = new Map<number, (answer: ParentAnswer) => void>();
  /** By operation: the rules that it applies. */
  readonly #applied = new Map<number, RuleLines>();
  #agent: Agent | undefined;
  #timers = 0;
  #secrets = 0;
  #operations = 0;
  #moves = 0;

  constructor(parts: AgentHostParts) {
    this.#parts = parts;
    this.#secret = parts.random.bytes(32);
    this.publicKey = swiftPrimitives.agreementKeys(this.#secret).publicKey;
    this.endpoint = { address: parts.address, port: DEFAULT_PORT };
  }

  get keys(): AgentKeys {
    const { publicKey } = agentSigningKeys(this.#secret, swiftPrimitives);
    return { signingKey: publicKey, boxKey: this.publicKey };
  }

  get name(): string {
    return this.#parts.host.name;
  }

  get host(): Host {
    return this.#parts.host;
  }

  get disk(): Disk {
    return this.#parts.disk;
  }

  /** The agent that runs here, if one does. */
  get agent(): Agent | undefined {
    return this.#agent;
  }

  /** Starts an agent on what the disk has, in pieces of any size. */
  boot(): void {
    const { world, network, disk, random, watch, address, idleSessionsMax, site } = this.#parts;
    if (this.#agent !== undefined) return;
    if (random.chance(MOVES))
      this.endpoint = { address: `${address}${++this.#moves}`, port: DEFAULT_PORT };
    world.note(`${this.name} starts`);
    this.#agent = new Agent({
      name: this.name,
      version: '0.0.0',
      primitives: swiftPrimitives,
      secret: this.#secret,
      seed: random.bytes(SEED_SIZE),
      vendorKeys: null,
      idleSessionsMax,
      ...(site === true ? { site: siteMaking } : {}),
    });
    const entries = disk.open({
      committed: (ticket) => this.#step({ kind: 'committed', ticket }),
      failed: (ticket, reason) => this.#step({ kind: 'commit-failed', ticket, reason }),
    });
    watch.booted(this);
    this.#restore(entries);
    this.rules = NO_RULES;
    this.applyRules();
    this.#step({ kind: 'host-judged', verdict: PHYSICAL });
    network.open(this.endpoint, (flight) => this.#parts.host.receive(() => this.#hear(flight)));
  }

  /** Takes up the file of rules as it is now. */
  applyRules(): void {
    const { text, rules } = this.rulesFile;
    if (rules !== undefined) this.#applied.set(this.#operations + 1, rules);
    this.operate({ kind: 'rules-apply', file: { ok: true, value: text } }, () => {});
  }

  #restore(entries: readonly (readonly [string, Uint8Array])[]): void {
    const size = this.#parts.random.whole(1, 20);
    for (let i = 0; i < entries.length; i += size) {
      this.#step({ kind: 'restored', entries: entries.slice(i, i + size) });
    }
  }

  /** The power is cut; it comes back after `down` milliseconds. */
  crash(down: number): void {
    const { world, network, disk } = this.#parts;
    if (this.#agent === undefined) return;
    world.note(`${this.name} crashes`);
    this.#agent = undefined;
    this.#answers.clear();
    this.#calls.clear();
    this.#applied.clear();
    network.close(this.endpoint);
    disk.crash();
    world.in(down, () => this.boot());
  }

  /** Asks the agent as an administrator would; no answer comes when it crashes before. */
  operate(operation: CoreOperation, onAnswer: (outcome: Outcome) => void): void {
    if (this.#agent === undefined) return;
    const number = ++this.#operations;
    this.#answers.set(number, onAnswer);
    this.#step({ kind: 'operator', number, operation });
  }

  /** What the site has in common is in its place. */
  saysTaken({ what, revision }: TakeShared): void {
    this.#step({ kind: 'shared-taken', what, revision });
  }

  /** The agent of a child calls; no answer comes when this one crashes before. */
  callParent(body: Uint8Array, onAnswer: (answer: ParentAnswer) => void): void {
    if (this.#agent === undefined) return;
    const number = ++this.#operations;
    this.#calls.set(number, onAnswer);
    this.#step({ kind: 'child-called', number, body });
  }

  /** What came of a call; one of before a crash is nobody's. */
  hearAnswer(number: number, answer: MasterAnswer): void {
    this.#step({ kind: 'master-answered', number, answer });
  }

  #hear(flight: Flight): void {
    this.#parts.world.note(`${this.name} hears ${flightToText(flight)}`);
    lendBytes(flight, (bytes) =>
      this.#step({ kind: 'datagram', from: flight.from, bytes }, flight),
    );
  }

  #step(event: Event, flight?: Flight): void {
    const agent = this.#agent;
    if (agent === undefined) return;
    if (event.kind !== 'datagram') this.#parts.world.note(`${this.name}: ${eventToText(event)}`);
    const effects = agent.step(event, this.#parts.host.moment());
    for (const effect of effects) {
      if (effect.kind === 'answer' && effect.outcome.kind === 'rules-apply') {
        this.rules = this.#applied.get(effect.number) ?? this.rules;
      }
    }
    this.#parts.watch.stepped(this, event, effects, flight);
    for (const effect of effects) this.#perform(effect, agent);
    if (effects.some(({ kind }) => kind === 'look-at-host')) {
      this.#step({ kind: 'host-judged', verdict: PHYSICAL });
    }
  }

  #perform(effect: Effect, agent: Agent): void {
    const { world, network, disk, host } = this.#parts;
    switch (effect.kind) {
      case 'send':
        world.note(`${this.name} sends to ${endpointToText(effect.to)}`, effect.bytes);
        return network.send(this.endpoint, effect.to, effect.bytes);
      case 'commit':
        world.note(`${this.name} commits ${effect.ticket}: ${writesToText(effect.writes)}`);
        return disk.commit(effect.ticket, effect.writes);
      case 'wake-at': {
        const timer = ++this.#timers;
        return host.setTimer(effect.at, () => {
          if (timer === this.#timers && agent === this.#agent) this.#step({ kind: 'wake' });
        });
      }
      case 'answer': {
        world.note(`${this.name} answers ${effect.number}: ${effect.outcome.kind}`);
        const answer = this.#answers.get(effect.number);
        this.#answers.delete(effect.number);
        return answer?.(effect.outcome);
      }
      case 'parent-answers': {
        const answer = this.#calls.get(effect.number);
        this.#calls.delete(effect.number);
        return answer?.(effect.answer);
      }
      case 'ask-master':
        return this.onAsk?.(effect.number, effect.body);
      case 'draw-secret':
        // No randomness of the world's: it would come out otherwise for all that follows.
        return this.#step({
          kind: 'secret-drawn',
          secret: new Uint8Array(32).fill(++this.#secrets),
        });
      case 'ask-register':
        return this.onAskRegister?.(effect.ask, (answer) => {
          // One of before a crash is nobody's.
          if (agent !== this.#agent) return;
          this.#step({ kind: 'register-answered', number: effect.number, answer });
        });
      case 'take-shared':
        return this.onTakeShared?.(effect);
      case 'look-at-host':
      case 'keep-host':
      case 'keep-marks':
      case 'ask-around':
      case 'site-changed':
        return;
      case 'note':
        world.note(`${this.name}: ${noteToSentence(effect.note)}`);
        return this.onNote?.(effect.note);
      default:
        return unreachable(effect);
    }
  }
}
