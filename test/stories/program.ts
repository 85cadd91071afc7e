/** The program as people start it: the compiled one, or the file that USHER_STORY_PROGRAM names. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { platform } from 'node:os';
import { join, resolve } from 'node:path';
import { PATIENCE_MS } from './until.ts';

const file = process.env['USHER_STORY_PROGRAM'];

/** The program and its first arguments. */
export const PROGRAM: readonly [string, ...string[]] =
  file === undefined || file === ''
    ? [process.execPath, join(import.meta.dirname, '..', '..', '..', 'quick', 'main.js')]
    : [resolve(file)];

/** How a program ended and all that it said. */
export interface Ending {
  /** The exit code, or the name of the signal that ended it. */
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const running = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of running) killGroup(child, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** The program and what it started in turn. */
const killGroup = ({ pid }: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void => {
  try {
    if (pid !== undefined) process.kill(platform() === 'win32' ? pid : -pid, signal);
  } catch {
    // They have ended already.
  }
};

/** A program that was started and may still run. */
export class Running {
  /** It has ended and everything that it and its children said has arrived. */
  readonly ended: Promise<Ending>;
  /** It has ended; what it started may still run. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #ending: Ending | undefined;

  constructor([program, ...words]: readonly [string, ...string[]], around: Surroundings) {
    const child = spawn(program, words, {
      ...around,
      stdio: 'pipe',
      detached: platform() !== 'win32',
    });
    this.#child = child;
    running.add(child);
    // A program that ends without reading its input is no fault of the story.
    child.stdin.on('error', () => {});
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#look();
    });
    this.gone = new Promise((keep) => {
      child.on('exit', () => keep());
      child.on('error', () => keep());
    });
    this.ended = new Promise((keep, breakIt) => {
      child.on('error', breakIt);
      child.on('close', (code, signal) => {
        running.delete(child);
        this.#ending = {
          code: code ?? signal ?? 'SIGKILL',
          stdout: this.#stdout,
          stderr: this.#stderr,
        };
        keep(this.#ending);
        this.#look();
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything said so far, standard output first. */
  get said(): string {
    return this.#stdout + this.#stderr;
  }

  /** Writes to its standard input, and ends it there unless told to keep it open. */
  write(text: string | Uint8Array, { keepOpen = false } = {}): void {
    if (keepOpen) this.#child.stdin.write(text);
    else this.#child.stdin.end(text);
  }

  /** Stops listening to what it says, as `| head` does. */
  hangUp(): void {
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** How it ends; rejects, with what it said, when it does not. */
  async ending(): Promise<Ending> {
    let timer: NodeJS.Timeout | undefined;
    const hangs = new Promise<never>((_, breakIt) => {
      timer = setTimeout(() => breakIt(new Error(`It does not end:\n${this.said}`)), PATIENCE_MS);
    });
    return Promise.race([this.ended, hangs]).finally(() => clearTimeout(timer));
  }

  /** Ends it at once with all that it started. */
  async destroy(): Promise<void> {
    killGroup(this.#child, 'SIGKILL');
    await this.gone;
  }

  /** Resolves when it has said something that fits; rejects when it ends without. */
  saying(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((keep, breakIt) => {
      const fail = (why: string): void => {
        leave();
        breakIt(new Error(`${why} ${pattern} was said; all that was:\n${this.said}`));
      };
      const timer = setTimeout(() => fail('In vain waited until'), PATIENCE_MS);
      const look = (): void => {
        const found = pattern.exec(this.said);
        if (found === null) return this.#ending === undefined ? undefined : fail('It ended before');
        leave();
        keep(found);
      };
      const leave = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  #look(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
