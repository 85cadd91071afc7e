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
  #revision = 1;

  asked(effects: readonly Effect[]): readonly Asked[] {
    return effects.flatMap((effect) => (effect.kind === 'ask-register' ? [effect] : []));
  }

  write(key: string, value: Uint8Array | null): void {
    this.#revision++;
    if (value === null) this.kept.delete(key);
    else this.kept.set(key, { value, revision: this.#revision });
  }

  /** Does what is asked, now. */
  transact({ compares, writes, reads }: RegisterAsk): RegisterAnswer & { kind: 'transacted' } {
    const isDone = compares.every(
      ({ key, revision }) => (this.kept.get(key)?.revision ?? 0) === revision,
    );
    if (isDone && writes.length > 0) {
      const revision = ++this.#revision;
      for (const { key, value } of writes) {
        if (value === null) this.kept.delete(key);
        else this.kept.set(key, { value, revision });
      }
    }
    const entries = [...this.kept]
      .filter(([key, { revision }]) =>
        reads.some(({ prefix, since }) => key.startsWith(prefix) && revision >= since),
      )
      .map(([key, one]) => ({ key, ...one }));
    return { kind: 'transacted', isDone, revision: this.#revision, entries };
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
