/** A register on a bench: what is asked waits until the test has it done, lost, or answered late. */

import type { Effect } from '../../../../agent/core/effects.ts';
import type { RegisterAnswer, RegisterAsk } from '../../../../agent/core/site/register.ts';

export interface Asked {
  readonly number: number;
  readonly ask: RegisterAsk;
}

export const SILENT: RegisterAnswer = { kind: 'silent', sentence: 'No answer.' };

export class RegisterBench {
  readonly kept = new Map<string, { readonly value: Uint8Array; readonly revision: number }>();
  /** What gets no answer. */
  deafTo: (ask: RegisterAsk) => boolean = () => false;
  /** Who answers. */
  by = 'the first';
  #revision = 1;

  asked(effects: readonly Effect[]): readonly Asked[] {
    return effects.flatMap((effect) => (effect.kind === 'ask-register' ? [effect] : []));
  }

  write(key: string, value: Uint8Array | null): void {
    this.#revision++;
    if (value === null) this.kept.delete(key);
    else this.kept.set(key, { value, revision: this.#revision });
  }

  /** Deletes all keys that begin so. */
  strike(prefix: string): void {
    for (const key of [...this.kept.keys()]) if (key.startsWith(prefix)) this.kept.delete(key);
  }

  /** Makes a copy, which brings it back as it is now. `more`: revisions that nobody has seen. */
  copy(): (more?: number) => void {
    const [kept, revision] = [[...this.kept], this.#revision];
    return (more) => {
      this.kept.clear();
      for (const [key, one] of kept) this.kept.set(key, one);
      this.#revision = more === undefined ? revision : this.#revision + more;
    };
  }

  /** Does what is asked, now. */
  transact({ compares, writes, reads }: RegisterAsk): RegisterAnswer & { kind: 'transacted' } {
    const isDone = compares.every(({ key, revision, orLater }) => {
      const found = this.kept.get(key)?.revision ?? 0;
      return orLater === true ? found >= revision : found === revision;
    });
    if (isDone && writes.length > 0) {
      const revision = ++this.#revision;
      for (const { key, value, isPrefix } of writes) {
        if (isPrefix === true) this.strike(key);
        else if (value === null) this.kept.delete(key);
        else this.kept.set(key, { value, revision });
      }
    }
    const entries = [...this.kept]
      .filter(([key, { revision }]) =>
        reads.some(({ prefix, since }) => key.startsWith(prefix) && revision >= since),
      )
      .map(([key, one]) => ({ key, ...one }));
    return { kind: 'transacted', isDone, revision: this.#revision, entries, by: this.by };
  }
}

/** A member's own way to a register, which may be deaf to some of what it asks. */
export class RegisterLine extends RegisterBench {
  readonly #register: RegisterBench;

  constructor(register: RegisterBench) {
    super();
    this.#register = register;
  }

  override transact(ask: RegisterAsk) {
    return this.#register.transact(ask);
  }
}
