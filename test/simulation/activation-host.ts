/** A computer with an agent: its data folder, the marks outside of it, its parts and its calendar. */

import type { MasterAnswer } from '../../agent/core/activation/master-answer.ts';
import { Agent } from '../../agent/core/agent.ts';
import { SEED_SIZE } from '../../agent/core/agent-parts.ts';
import type { Effect } from '../../agent/core/effects.ts';
import type { Event } from '../../agent/core/events.ts';
import type { KeptHost } from '../../agent/core/host/host-identity.ts';
import { type HostMark, joinMarks } from '../../agent/core/host/host-mark.ts';
import { noteToSentence } from '../../agent/core/notes.ts';
import type { CoreOperation, LicenseView, Outcome } from '../../agent/core/operations.ts';
import { CLOCK_KEY, CLOCK_RESET_KEY, WallGuard } from '../../agent/core/wall-guard.ts';
import type { Write } from '../../agent/core/write.ts';
import { agentSigningKeys } from '../../protocol/borrow-token.ts';
import { makeHostCode } from '../../protocol/host-code.ts';
import type { HostComponent } from '../../protocol/host-component.ts';
import { keyId, type LicenseId } from '../../protocol/ids.ts';
import { epochSeconds, instant } from '../../protocol/units.ts';
import { WALL_START } from './clocks.ts';
import type { Random } from './random.ts';
import { SeenTime } from './seen-time.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import type { World } from './world.ts';

const PHYSICAL = { verdict: 'physical', score: 0, evidence: [], host: 'physical' } as const;

/** What is in a data folder: the key, the store, and by what the computer is told. */
export interface Folder {
  readonly secret: Uint8Array;
  readonly store: Map<string, Uint8Array>;
  identity: KeptHost;
}

export const copyFolder = ({ secret, store, identity }: Folder): Folder => ({
  secret,
  store: new Map(store),
  identity,
});

export interface ActivationHostParts {
  readonly world: World;
  readonly random: Random;
  readonly name: string;
  /** After whatever this computer has done, but for what the calendar does. */
  readonly onStep: () => void;
  readonly onAsk: (host: ActivationHost, number: number, body: Uint8Array) => void;
}

interface Pending {
  readonly ticket: number;
  readonly writes: readonly Write[];
}

export class ActivationHost {
  folder: Folder;
  /** Outside the data folder, in two places. */
  marks: [readonly HostMark[], readonly HostMark[]] = [[], []];
  /** The power was cut before the marks were written: they are, at the next start. */
  isUnmarked = false;
  /** Its data folder came from another computer. */
  isCopy = false;
  /** It reaches nobody. */
  isAway = false;
  /** Seconds by which its calendar is wrong. */
  offset = 0;
  /** What its agent has seen of the time. */
  readonly time: SeenTime;
  readonly #parts: ActivationHostParts;
  readonly #answers = new Map<number, (outcome: Outcome) => void>();
  readonly #hardware: HostComponent[];
  #pending: Pending[] = [];
  #agent: Agent | undefined;
  #operations = 0;
  #timers = 0;
  #changes = 0;

  constructor(parts: ActivationHostParts, folder?: Folder) {
    this.#parts = parts;
    this.time = new SeenTime(parts.world, () => this.#wall);
    this.folder = folder ?? this.#newFolder();
    const kinds = ['machine-id', 'system', 'board-serial', 'disk', 'mac', 'cpu'] as const;
    this.#hardware = kinds.map((kind) => ({ kind, value: `${kind} of ${parts.name}` }));
  }

  get name(): string {
    return this.#parts.name;
  }

  get #wall(): number {
    return Math.floor(WALL_START + this.#parts.world.now / 1000 + this.offset);
  }

  get isUp(): boolean {
    return this.#agent !== undefined;
  }

  /** The key id of its agent. */
  get agent(): string {
    const { publicKey } = agentSigningKeys(this.folder.secret, swiftPrimitives);
    return keyId(swiftPrimitives.sha512, publicKey);
  }

  #newFolder(): Folder {
    return { secret: this.#parts.random.bytes(32), store: new Map(), identity: 'new' };
  }

  boot(): void {
    if (this.#agent !== undefined) return;
    const { world, random, name } = this.#parts;
    world.note(`${name} starts`);
    const marks = joinMarks(...this.marks);
    this.marks = [marks, marks];
    // What the store knows of them is kept again by the agent itself.
    this.isUnmarked = false;
    this.#agent = new Agent({
      name,
      version: '0.0.0',
      primitives: swiftPrimitives,
      secret: this.folder.secret,
      seed: random.bytes(SEED_SIZE),
      vendorKeys: null,
      keptHost: this.folder.identity,
      marks,
    });
    const entries = [...this.folder.store].sort(([left], [right]) => (left < right ? -1 : 1));
    this.#step({ kind: 'restored', entries });
    this.#look();
    this.#step({ kind: 'wake' });
    this.#parts.onStep();
  }

  /** The power is cut: of what was on its way to the disk some is there, in order. */
  crash(down: number): void {
    if (this.#agent === undefined) return;
    const { world, random, name } = this.#parts;
    world.note(`${name} crashes`);
    this.time.crash();
    const kept = random.whole(0, this.#pending.length);
    for (const { writes } of this.#pending.slice(0, kept)) this.#apply(writes);
    this.#pending = [];
    this.#answers.clear();
    this.#agent = undefined;
    world.in(down, () => this.boot());
  }

  /** The agent is stopped, and started on another data folder; a new one by default. */
  replace(folder: Folder = this.#newFolder()): void {
    this.time.forget();
    this.#agent = undefined;
    this.#pending = [];
    this.#answers.clear();
    this.folder = folder;
    this.boot();
  }

  /** Another part takes the place of one, in turn. */
  changePart(): void {
    const i = this.#changes++ % this.#hardware.length;
    const old = this.#hardware[i];
    if (old === undefined) return;
    this.#hardware[i] = { ...old, value: `${old.kind} ${this.#changes} of ${this.name}` };
    this.#parts.world.note(`${this.name} has another ${old.kind}`);
    if (this.isUp) this.#look();
  }

  operate(operation: CoreOperation, onAnswer: (outcome: Outcome) => void): void {
    if (this.#agent === undefined) return;
    const number = ++this.#operations;
    this.#answers.set(number, onAnswer);
    this.#parts.world.note(`${this.name}: ${operation.kind}`);
    this.#step({ kind: 'operator', number, operation });
    this.#parts.onStep();
  }

  /** A license as its agent sees it now. */
  view(id: LicenseId): LicenseView | undefined {
    if (this.#agent === undefined) return undefined;
    let view: LicenseView | undefined;
    const number = ++this.#operations;
    this.#answers.set(number, (outcome) => {
      if (outcome.kind === 'license-show') view = outcome.license;
    });
    this.#step({ kind: 'operator', number, operation: { kind: 'license-show', id } });
    return view;
  }

  /** What came of a call, if the agent is still the one that called. */
  listener(number: number): (answer: MasterAnswer) => boolean {
    const caller = this.#agent;
    let isOver = false;
    return (answer) => {
      if (isOver || caller === undefined || caller !== this.#agent) return false;
      isOver = true;
      this.#step({ kind: 'master-answered', number, answer });
      this.#parts.onStep();
      return true;
    };
  }

  /** Tells one start of the agent from the next. */
  get run(): object | undefined {
    return this.#agent;
  }

  #look(): void {
    const code = makeHostCode(this.#hardware, swiftPrimitives.sha512);
    this.#step({ kind: 'host-judged', verdict: PHYSICAL, code });
  }

  #step(event: Event): void {
    if (this.#agent === undefined) return;
    if (event.kind !== 'restored') this.time.look();
    const mono = instant(this.#parts.world.now);
    const effects = this.#agent.step(event, { mono, wall: epochSeconds(this.#wall) });
    for (const effect of effects) this.#perform(effect, this.#agent);
  }

  #perform(effect: Effect, agent: Agent): void {
    const { world, onAsk, name } = this.#parts;
    switch (effect.kind) {
      case 'commit':
        return this.#commit(effect, agent);
      case 'wake-at': {
        const timer = ++this.#timers;
        return world.at(effect.at, () => {
          if (timer === this.#timers && agent === this.#agent) this.#step({ kind: 'wake' });
        });
      }
      case 'answer': {
        const answer = this.#answers.get(effect.number);
        this.#answers.delete(effect.number);
        return answer?.(effect.outcome);
      }
      case 'ask-master':
        return onAsk(this, effect.number, effect.body);
      case 'keep-host':
        this.folder.identity = effect.identity;
        return;
      case 'keep-marks':
        return this.#keepMarks(effect.marks, agent);
      case 'look-at-host':
        return this.#look();
      case 'note':
        return world.note(`${name}: ${noteToSentence(effect.note)}`);
      default:
        return;
    }
  }

  #commit(pending: Pending, agent: Agent): void {
    const { world, random } = this.#parts;
    this.#pending.push(pending);
    world.in(random.skewed(1, 200), () => {
      const until = this.#pending.indexOf(pending);
      if (agent !== this.#agent || until < 0) return;
      for (const { writes } of this.#pending.splice(0, until + 1)) this.#apply(writes);
      this.#step({ kind: 'committed', ticket: pending.ticket });
      // Nothing follows from a date that was written down.
      if (pending.writes.some(({ key }) => key !== CLOCK_KEY)) this.#parts.onStep();
    });
  }

  #apply(writes: readonly Write[]): void {
    for (const { key, value } of writes) {
      if (value === null) this.folder.store.delete(key);
      else this.folder.store.set(key, value);
      // On the disk it counts, whether anybody hears of it or not.
      if (value !== null && key === CLOCK_RESET_KEY) this.time.reset(dateOf(value));
    }
  }

  #keepMarks(marks: readonly HostMark[], agent: Agent): void {
    const { world, random } = this.#parts;
    this.isUnmarked = true;
    world.in(random.skewed(1, 50), () => {
      if (agent !== this.#agent) return;
      this.marks = [marks, marks];
      this.isUnmarked = false;
    });
  }
}

/** The date that a reset has let be true. */
const dateOf = (reset: Uint8Array): number => {
  const guard = new WallGuard();
  guard.restore(CLOCK_RESET_KEY, reset);
  return guard.latest;
};
