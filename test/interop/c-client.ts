/** The C client as a process (c/driver.c). */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LOOPBACK } from '../stories/site.ts';
import type { InteropSite } from './interop-site.ts';

export interface CStep {
  readonly step: string;
  readonly code: string;
  readonly number?: number;
  readonly text?: string;
  readonly inUse?: number;
  readonly seats?: number;
  readonly agent?: string;
  readonly term?: number;
  readonly lease?: string;
  /** How long the acquire took. */
  readonly micros?: number;
}

/** Its steps as they come; what it says of its own health goes to `errors`. */
export class CClient {
  readonly steps: CStep[] = [];
  readonly code: Promise<number | null>;
  errors = '';
  readonly #process;
  readonly #waiting = new Set<() => void>();

  constructor(
    command: readonly string[],
    site: Pick<InteropSite, 'port' | 'vendorKey'>,
    ...more: readonly string[]
  ) {
    const [program = '', ...words] = command;
    const fixed = ['--port', `${site.port}`, '--product', 'acme-cad', '--interfaces', LOOPBACK];
    const key = more.includes('--vendor-key') ? [] : ['--vendor-key', site.vendorKey];
    const env = { PATH: process.env['PATH'] };
    this.#process = spawn(program, [...words, ...fixed, ...key, ...more], { env });
    const lines = createInterface({ input: this.#process.stdout });
    lines.on('line', (line) => this.#take(JSON.parse(line)));
    this.#process.stderr.on('data', (chunk: Buffer) => {
      this.errors += chunk.toString();
    });
    this.code = new Promise((resolve) => this.#process.on('close', resolve));
    this.code.then(() => this.#wakeAll());
  }

  get names(): readonly string[] {
    return this.steps.map(({ step }) => step);
  }

  get last(): CStep | undefined {
    return this.steps.at(-1);
  }

  /** Resolves with the `nth` telling of a step, or with nothing when the client ended without it. */
  async told(step: string, nth = 1): Promise<CStep | undefined> {
    for (;;) {
      const found = this.steps.filter((one) => one.step === step)[nth - 1];
      if (found !== undefined || this.#process.exitCode !== null) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** `idle`: it was not used for an hour; anything else: it is used. */
  say(word: string): void {
    this.#process.stdin.write(`${word}\n`);
  }

  release(): void {
    this.#process.stdin.end();
  }

  #take(step: CStep): void {
    this.steps.push(step);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** What a test of it is given. */
export interface CStory {
  site: InteropSite;
  /** Starts a client with these words; when the test ends, it must have ended well. */
  start: (...words: readonly string[]) => CClient;
}
