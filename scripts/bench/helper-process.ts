/** A process of its own that answers questions: load generators, baselines, cores under test. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export class HelperProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts the module `name` beside this one. */
  static async start(name: string, nodeFlags: readonly string[] = []): Promise<HelperProcess> {
    const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
    const child = fork(file, [], { execArgv: [...nodeFlags], serialization: 'advanced' });
    await nextMessage(child);
    return new HelperProcess(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Asks one question at a time; rejects when the process ends instead of answering. */
  async ask<Answer>(question: object): Promise<Answer> {
    const answered = nextMessage(this.#child);
    this.#child.send(question);
    const reply = await answered;
    if (typeof reply === 'object' && reply !== null && 'error' in reply) {
      throw new Error(String(reply.error));
    }
    return (reply as { readonly answer: Answer }).answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }
}

/** The next message of a child; rejects when it ends before. */
const nextMessage = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit);
      resolve(message);
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      child.off('message', onMessage);
      reject(new Error(`A helper process ended with ${code ?? signal}.`));
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
  });

/** The other end: answers every question of the parent, in a helper's own module. */
export const answerQuestions = <Question>(
  answer: (question: Question) => Promise<unknown>,
): void => {
  process.on('message', (question: Question) => {
    answer(question).then(
      (value) => process.send?.({ answer: value }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : error }),
    );
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
};
