/** The second client as a process. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { InteropSite } from './interop-site.ts';

const CLIENT = join(process.cwd(), 'test', 'interop', 'usher_client.py');

type Step = Readonly<Record<string, unknown>>;

/** Its steps as they come, and a line that makes it release. */
export class SecondClient {
  readonly steps: Step[] = [];
  readonly code: Promise<number | null>;
  readonly #process;
  readonly #waiting = new Set<() => void>();

  constructor(site: InteropSite, ...more: readonly string[]) {
    const fixed = ['--port', `${site.port}`, '--product', 'acme-cad'];
    const key = more.includes('--vendor-key') ? [] : ['--vendor-key', site.vendorKey];
    this.#process = spawn('python3', ['-B', CLIENT, ...fixed, ...key, ...more], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: this.#process.stdout });
    lines.on('line', (line) => this.#take(JSON.parse(line)));
    this.code = new Promise((resolve) => this.#process.on('close', resolve));
    this.code.then(() => this.#wakeAll());
  }

  get names(): readonly unknown[] {
    return this.steps.map(({ step }) => step);
  }

  /** Resolves when the client has told of a step, or has ended. */
  async told(step: string): Promise<void> {
    const process = this.#process;
    while (!this.names.includes(step) && process.exitCode === null) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  release(): void {
    this.#process.stdin.end('\n');
  }

  #take(step: Step): void {
    this.steps.push(step);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
