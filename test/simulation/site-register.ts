/**
 * The register of a site: one truth, and no promise about when it is heard. Asks and answers are late,
 * get lost, and what was given up may be done long after; its leader pauses, and members are cut off.
 */

import type {
  RegisterAnswer,
  RegisterAsk,
  RegisterEntry,
  RegisterWrite,
  Revision,
} from '../../agent/core/site/register.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** After so long the edge of a member gives an ask up. */
const PATIENCE_MS = 1000;

export interface RegisterFaults {
  /** The share of asks, and of answers, that get lost. */
  readonly loss: number;
  /** The longest way there or back, in milliseconds, mostly and seldom. */
  readonly slow: number;
  readonly verySlow: number;
  readonly slowness: number;
}

/** A change of one key. */
export interface RegisterChange {
  readonly key: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
}

interface Kept {
  readonly value: Uint8Array;
  readonly revision: Revision;
}

export interface RegisterCopy {
  readonly kept: ReadonlyMap<string, Kept>;
  readonly revision: Revision;
}

/** Revisions that `etcdutl snapshot restore --bump-revision` may leave out. */
const BUMP = 1_000_000;

export class SiteRegister {
  readonly #world: World;
  readonly #random: Random;
  #kept = new Map<string, Kept>();
  readonly #cut = new Map<string, number>();
  #faults: RegisterFaults;
  /** etcd may be others', too: its revisions outgrow 32 bits meanwhile. */
  #revision = 2 ** 32 - 300;
  #pausedUntil = 0;
  /** What was asked in an earlier one gets nowhere. */
  #life = 0;
  #downUntil = 0;
  /** Looks at what there is after every change. */
  onChange: (changes: readonly RegisterChange[]) => void = () => {};

  constructor(world: World, random: Random, faults: RegisterFaults) {
    this.#world = world;
    this.#random = random;
    this.#faults = faults;
  }

  get(key: string): Uint8Array | undefined {
    return this.#kept.get(key)?.value;
  }

  *keys(prefix: string): Iterable<string> {
    for (const key of this.#kept.keys()) if (key.startsWith(prefix)) yield key;
  }

  get revision(): Revision {
    return this.#revision;
  }

  /** As it is now. */
  copy(): RegisterCopy {
    return { kept: new Map(this.#kept), revision: this.#revision };
  }

  /**
   * Brings it back as it was, after `down` milliseconds: who has asked is not answered any more. Its
   * revisions start from those of the copy, or from far beyond all that there were (`isBumped`).
   */
  bringBack({ kept, revision }: RegisterCopy, isBumped: boolean, down: number): void {
    const before = this.#revision;
    this.#kept = new Map(kept);
    this.#revision = isBumped ? before + BUMP : revision;
    this.#life++;
    this.#downUntil = this.#world.now + down;
    const how = isBumped ? ', with later revisions' : '';
    this.#world.note(
      `the register is brought back as of ${revision} from ${before}${how}, in ${Math.round(down)} ms`,
    );
  }

  /** Nothing is done for a while: there is no leader. */
  pause(length: number): void {
    this.#pausedUntil = this.#world.now + length;
    this.#world.note(`the register pauses for ${Math.round(length)} ms`);
  }

  /** A member and the register do not hear each other for a while. */
  cut(member: string, length: number): void {
    this.#cut.set(member, this.#world.now + length);
    this.#world.note(`${member} is cut off from the register for ${Math.round(length)} ms`);
  }

  calm(): void {
    this.#faults = { loss: 0, slow: 5, verySlow: 5, slowness: 0 };
    this.#cut.clear();
    this.#pausedUntil = 0;
  }

  ask(member: string, ask: RegisterAsk, onAnswer: (answer: RegisterAnswer) => void): void {
    let isOver = false;
    const answer = (said: RegisterAnswer): void => {
      if (isOver) return;
      isOver = true;
      onAnswer(said);
    };
    this.#world.in(PATIENCE_MS, () => answer({ kind: 'silent', sentence: 'No answer.' }));
    if (this.#isLost(member)) return;
    const life = this.#life;
    this.#world.in(this.#delay(), () => this.#arrive(member, life, ask, answer));
  }

  #arrive(
    member: string,
    life: number,
    ask: RegisterAsk,
    answer: (said: RegisterAnswer) => void,
  ): void {
    if (life !== this.#life || this.#world.now < this.#downUntil) return;
    const wait = this.#pausedUntil - this.#world.now;
    if (wait > 0) return this.#world.in(wait + 1, () => this.#arrive(member, life, ask, answer));
    const said = this.#transact(ask);
    this.#world.note(`the register ${said.isDone ? 'does' : 'refuses'} ${askToText(ask)}`);
    if (this.#isLost(member)) return;
    this.#world.in(this.#delay(), () => answer(said));
  }

  #isLost(member: string): boolean {
    const isCut = this.#world.now < (this.#cut.get(member) ?? 0);
    return isCut || this.#random.chance(this.#faults.loss);
  }

  #delay(): number {
    const { slow, verySlow, slowness } = this.#faults;
    return this.#random.skewed(0.5, this.#random.chance(slowness) ? verySlow : slow);
  }

  #transact({ compares, writes, reads }: RegisterAsk): RegisterAnswer & { kind: 'transacted' } {
    const isDone = compares.every(({ key, revision, orLater }) => {
      const found = this.#kept.get(key)?.revision ?? 0;
      return orLater === true ? found >= revision : found === revision;
    });
    if (isDone && writes.length > 0) {
      const revision = ++this.#revision;
      const single = writes.flatMap((write): readonly RegisterWrite[] =>
        write.isPrefix === true
          ? [...this.keys(write.key)].map((key) => ({ key, value: null }))
          : [write],
      );
      const changes = single.map(({ key, value }) => {
        const before = this.get(key);
        if (value === null) this.#kept.delete(key);
        else this.#kept.set(key, { value: value.slice(), revision });
        return { key, before, after: this.get(key) };
      });
      this.onChange(changes);
    }
    const entries = new Map<string, RegisterEntry>();
    for (const { prefix, since } of reads) {
      for (const [key, { value, revision }] of this.#kept) {
        if (!key.startsWith(prefix) || revision < since) continue;
        entries.set(key, { key, value: value.slice(), revision });
      }
    }
    return {
      kind: 'transacted',
      isDone,
      revision: this.#revision,
      entries: [...entries.values()],
    };
  }
}

const askToText = ({ compares, writes }: RegisterAsk): string =>
  `${compares.map(({ key, revision }) => `${key}=${revision}`).join(' ')} | ${writes
    .map(({ key, value }) => `${value === null ? '−' : '+'}${key}`)
    .join(' ')}`;
