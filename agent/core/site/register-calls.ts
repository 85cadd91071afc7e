/** The asks of the register that are under way, and what is to be done with their answers. */

import type { Effect } from '../effects.ts';
import type { Situation } from '../situation.ts';
import { Past } from './past.ts';
import type { RegisterAnswer, RegisterAsk, Revision } from './register.ts';

/** What is done with an answer. */
type Take = (answer: RegisterAnswer, situation: Situation) => unknown;

interface Call {
  readonly take: Take;
  /** The register was known to be so far. */
  readonly floor: Revision;
}

/** What an answer is worth that is not of the register as this agent knows it. */
const BACK: RegisterAnswer = {
  kind: 'silent',
  sentence: 'The register has gone back: etcd was brought back from an older copy.',
};

export class RegisterCalls {
  /** Of what has answered. */
  readonly past = new Past();
  /** The register has gone back: nothing that is known of it holds any more. */
  onBack: () => void = () => {};
  readonly #waiting = new Map<number, Call>();
  #asked: Extract<Effect, { kind: 'ask-register' }>[] = [];
  #numbers = 0;
  /** What was asked up to this one may be answered by a register that there is no more. */
  #over = 0;

  ask(ask: RegisterAsk, take: Take): void {
    const number = ++this.#numbers;
    this.#waiting.set(number, { take, floor: this.past.highest });
    this.#asked.push({ kind: 'ask-register', number, ask });
  }

  /** Whether something was asked that nobody has taken yet. */
  get hasAsked(): boolean {
    return this.#asked.length > 0;
  }

  answered(number: number, answer: RegisterAnswer, situation: Situation): void {
    const call = this.#waiting.get(number);
    if (call === undefined) return;
    this.#waiting.delete(number);
    if (answer.kind !== 'transacted') return void call.take(answer, situation);
    const isOver = number <= this.#over;
    if (!isOver && this.past.takes(answer, call.floor)) return void call.take(answer, situation);
    // Nobody knows what there is of that now.
    call.take(BACK, situation);
    if (isOver) return;
    this.#over = this.#numbers;
    this.past.forget();
    this.onBack();
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
