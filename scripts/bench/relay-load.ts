/**
 * Drives a server that speaks keygen-relay's HTTP API, wherever it runs: `PUT /v1/nodes/NAME` claims
 * a seat (201) or prolongs it (202), `DELETE` gives it back (204), 410 says that none is free.
 */

import { Agent, request } from 'node:http';

export interface RelayRun {
  readonly pairs: number;
  readonly seconds: number;
  /** Claims that found no seat. */
  readonly refused: number;
}

const TIMEOUT_MS = 10_000;
/** The longest answer that is read: a license file is some kilobytes. */
const BODY_MAX = 1024 * 1024;

/** A relay at `base`, e.g. `http://localhost:6349/`. */
export class Relay implements Disposable {
  readonly #base: URL;
  readonly #agent: Agent;

  constructor(base: URL, clients: number) {
    this.#base = base;
    this.#agent = new Agent({ keepAlive: true, maxSockets: clients });
  }

  /** The status of the answer. Rejects where there is none, or one that never ends. */
  ask(method: 'PUT' | 'DELETE', name: string): Promise<number> {
    const url = new URL(`v1/nodes/${encodeURIComponent(name)}`, this.#base);
    return new Promise((resolve, reject) => {
      const asked = request(url, { method, agent: this.#agent, timeout: TIMEOUT_MS }, (answer) => {
        let size = 0;
        answer.on('data', (bytes: Uint8Array) => {
          size += bytes.length;
          if (size > BODY_MAX) asked.destroy(new Error(`${url} answers without end.`));
        });
        answer.on('end', () => resolve(answer.statusCode ?? 0));
        answer.on('error', reject);
      });
      asked.on('timeout', () => asked.destroy(new Error(`${url} does not answer.`)));
      asked.on('error', reject);
      asked.end();
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

/** Claims and releases with so many clients at a time. Rejects when the server says what it may not. */
export const runRelay = async (
  base: URL,
  { clients, milliseconds }: { readonly clients: number; readonly milliseconds: number },
): Promise<RelayRun> => {
  using relay = new Relay(base, clients);
  const start = performance.now();
  let [pairs, refused] = [0, 0];
  const client = async (name: string): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      const claimed = await relay.ask('PUT', name);
      if (claimed === 410) refused++;
      else {
        expectStatus(claimed, [201, 202]);
        expectStatus(await relay.ask('DELETE', name), [204]);
        pairs++;
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, i) => client(`usher-bench-${i}`)));
  return { pairs, refused, seconds: (performance.now() - start) / 1000 };
};

/** Prolongs a claim each with so many clients at a time; returns how many a second. */
export const runRenewals = async (
  base: URL,
  { clients, milliseconds }: { readonly clients: number; readonly milliseconds: number },
): Promise<number> => {
  using relay = new Relay(base, clients);
  let renewals = 0;
  const names = Array.from({ length: clients }, (_, i) => `usher-bench-${i}`);
  for (const name of names) expectStatus(await relay.ask('PUT', name), [201, 202]);
  const start = performance.now();
  const client = async (name: string): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      expectStatus(await relay.ask('PUT', name), [202]);
      renewals++;
    }
  };
  await Promise.all(names.map(client));
  const seconds = (performance.now() - start) / 1000;
  for (const name of names) expectStatus(await relay.ask('DELETE', name), [204]);
  return renewals / seconds;
};

const expectStatus = (status: number, good: readonly number[]): void => {
  if (!good.includes(status))
    throw new Error(`The relay answered ${status}, not ${good.join(' or ')}.`);
};
