/** What pages show of the agent: asked for once for all who show it, and again when it has changed. */

import { useEffect, useState } from 'preact/hooks';
import type { Operation, Outcome } from '../core/operations.ts';
import { ask, call, Refused } from './api.ts';

/** Milliseconds between two askings, and how many times longer than one has taken. */
const GAP_MS = 300;
const REST = 10;
/** For what takes the agent some work. */
const SLOW_GAP_MS = 30_000;

class View {
  value: unknown;
  readonly #fetch: () => Promise<unknown>;
  readonly #gap: number;
  readonly #listeners = new Set<() => void>();
  #isAsking = false;
  #isStale = true;
  #nextAt = 0;
  #timer: number | undefined;

  /** `gap`: milliseconds between two askings at least. */
  constructor(fetch: () => Promise<unknown>, gap: number) {
    this.#fetch = fetch;
    this.#gap = gap;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#ask();
    return () => this.#listeners.delete(listener);
  }

  stale(): void {
    this.#isStale = true;
    this.#ask();
  }

  #ask(): void {
    if (!this.#isStale || this.#isAsking || this.#listeners.size === 0) return;
    const wait = this.#nextAt - performance.now();
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#ask();
      }, wait);
      return;
    }
    this.#isStale = false;
    this.#isAsking = true;
    void this.#load();
  }

  async #load(): Promise<void> {
    const began = performance.now();
    try {
      this.value = await this.#fetch();
      for (const listener of this.#listeners) listener();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    } finally {
      this.#isAsking = false;
      const took = performance.now() - began;
      this.#nextAt = performance.now() + Math.max(this.#gap, took * REST);
      this.#ask();
    }
  }
}

const views = new Map<string, View>();

/** Everything shown is asked for again. */
export const allStale = (): void => {
  for (const view of views.values()) view.stale();
};

/** Nothing of what was seen is kept. */
export const forgetViews = (): void => views.clear();

/** What `fetch` brings, kept up to date under this key; `undefined` before the first. */
export const useView = <T>(key: string, fetch: () => Promise<T>, gap = GAP_MS): T | undefined => {
  const [, redraw] = useState(0);
  let view = views.get(key);
  if (view === undefined) {
    view = new View(fetch, gap);
    views.set(key, view);
  }
  const shown = view;
  useEffect(() => shown.listen(() => redraw((n) => n + 1)), [shown]);
  return shown.value as T | undefined;
};

/** The outcome of a reading operation, kept up to date; `undefined` before the first. */
export const useOperation = <K extends Operation['kind']>(
  operation: Extract<Operation, { kind: K }>,
): Extract<Outcome, { kind: K }> | undefined =>
  useView(JSON.stringify(operation), () => ask<K>(operation));

/** What the agent answers to this, kept up to date, but asked for every half a minute at most. */
export const useSlowAnswer = <T>(path: string, body: object): T | undefined =>
  useView(path + JSON.stringify(body), () => call<T>(path, body), SLOW_GAP_MS);

/** What the agent answers at this path, kept up to date. */
export const useAnswer = <T>(path: string): T | undefined => useView(path, () => call<T>(path));
