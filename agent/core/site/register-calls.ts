/** The asks of the register that are under way, and what is to be done with their answers. */

import type { Effect } from '../effects.ts';
import type { Situation } from '../situation.ts';
import type { RegisterAnswer, RegisterAsk } from './register.ts';

/** What is done with an answer. */
type Take = (answer: RegisterAnswer, situation: Situation) => unknown;

export class RegisterCalls {
  readonly #waiting = new Map<number, Take>();
  #asked: Extract<Effect, { kind: 'ask-register' }>[] = [];
  #numbers = 0;

  ask(ask: RegisterAsk, take: Take): void {
    const number = ++this.#numbers;
    this.#waiting.set(number, take);
    this.#asked.push({ kind: 'ask-register', number, ask });
  }

  /** Whether something was asked that nobody has taken yet. */
  get hasAsked(): boolean {
    return this.#asked.length > 0;
  }

  answered(number: number, answer: RegisterAnswer, situation: Situation): void {
    const take = this.#waiting.get(number);
    this.#waiting.delete(number);
    take?.(answer, situation);
  }

  /** What was asked since this was called last. */
  takeAsked(): readonly Effect[] {
    if (this.#asked.length === 0) return NONE;
    const asked = this.#asked;
    this.#asked = [];
    return asked;
  }
}

const NONE: readonly Effect[] = [];
