import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RegisterAnswer } from '../../../../agent/core/site/register.ts';
import { RegisterCalls } from '../../../../agent/core/site/register-calls.ts';
import type { Situation } from '../../../../agent/core/situation.ts';

const calls = suite('what is asked of a register');

const ASK = { compares: [], writes: [], reads: [] };
const NOW = {} as Situation;
const SILENT: RegisterAnswer = { kind: 'silent', sentence: 'No answer.' };

const done = (revision: number): RegisterAnswer => ({
  kind: 'transacted',
  isDone: true,
  revision,
  entries: [],
});

/** Asks, and hears what comes of each: a revision, or none. */
class Bench {
  readonly heard: (number | undefined)[] = [];
  readonly calls = new RegisterCalls();
  backs = 0;
  #asked = 0;

  constructor() {
    this.calls.onBack = () => {
      this.backs++;
    };
  }

  ask(): number {
    this.calls.ask(ASK, (answer) => {
      this.heard.push(answer.kind === 'transacted' ? answer.revision : undefined);
    });
    return ++this.#asked;
  }

  answer(number: number, answer: RegisterAnswer): void {
    this.calls.answered(number, answer, NOW);
  }
}

calls('what was asked early and is answered late proves nothing, nor does silence', () => {
  const bench = new Bench();
  const [first, second, third] = [bench.ask(), bench.ask(), bench.ask()];
  bench.answer(second, done(12));
  bench.answer(first, done(10));
  bench.answer(third, SILENT);
  bench.answer(first, done(2));
  assert.equal(bench.heard, [12, 10, undefined], 'each is answered once');
  bench.answer(bench.ask(), done(12));
  assert.is(bench.backs, 0);
});

calls('an answer of before what was known proves that the register has gone back, once', () => {
  const bench = new Bench();
  bench.answer(bench.ask(), done(12));
  const [first, second, third] = [bench.ask(), bench.ask(), bench.ask()];
  bench.answer(first, done(3));
  bench.answer(second, done(4));
  bench.answer(third, done(14));
  assert.equal(bench.heard, [12, undefined, undefined, undefined], 'nothing of that is believed');
  assert.is(bench.backs, 1);
  bench.answer(bench.ask(), done(5));
  bench.answer(bench.ask(), done(6));
  assert.is(bench.heard.at(-1), 6);
  assert.is(bench.backs, 1);
});

calls.run();
