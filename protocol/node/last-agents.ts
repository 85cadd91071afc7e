/**
 * Where this user's applications had seats before, so that they are asked first: they are found where
 * nothing else finds them. It is a best effort: whoever removes the file begins anew.
 */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Endpoint, endpointToText } from '../endpoint.ts';
import { parseAgentAddresses } from './agent-address.ts';
import { readFileUpTo } from './bounded-files.ts';
import { type Environment, userStateFolder } from './user-folders.ts';

/** Addresses remembered, and bytes of the file. */
const AGENTS_MAX = 8;
const FILE_MAX = 4096;

export class LastAgents {
  readonly #file: string | undefined;

  constructor(environment: Environment) {
    const folder = userStateFolder(environment);
    this.#file = folder === undefined ? undefined : join(folder, 'last-agents');
  }

  /** The addresses, the latest first. */
  read(): readonly Endpoint[] {
    if (this.#file === undefined) return [];
    try {
      const text = new TextDecoder().decode(readFileUpTo(this.#file, FILE_MAX));
      const lines = text.split('\n').slice(0, AGENTS_MAX);
      // One that is out of form spoils no other.
      return lines.flatMap((line) =>
        (parseAgentAddresses(line, 0) ?? []).flatMap(({ host, port }) => ({ address: host, port })),
      );
    } catch {
      return [];
    }
  }

  /** A seat is held there. On this computer agents are found anyway. */
  note({ address, port }: Endpoint): void {
    if (this.#file === undefined || /^(127\.|::1$)/.test(address)) return;
    const text = endpointToText({ address, port });
    const known = this.read().map(endpointToText);
    if (known[0] === text) return;
    const lines = [text, ...known.filter((one) => one !== text)].slice(0, AGENTS_MAX);
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      const draft = `${this.#file}.${process.pid}`;
      writeFileSync(draft, `${lines.join('\n')}\n`, { mode: 0o600 });
      renameSync(draft, this.#file);
    } catch {
      // A full disk or a home that may only be read keeps nobody from working.
    }
  }
}
