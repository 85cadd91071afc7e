/** Hears from the agent that something has changed. */

import { keyHeader } from './api.ts';

const RETRY_MS = 2000;

export interface LiveListener {
  readonly changed: () => void;
  /** Whether the agent answers. */
  readonly reachable: (isReachable: boolean) => void;
}

/** Listens until the returned function is called; a lost connection is taken up again. */
export const listen = (listener: LiveListener): (() => void) => {
  const ending = new AbortController();
  const { signal } = ending;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await hear(listener, signal).catch(() => {});
      if (signal.aborted) return;
      listener.reachable(false);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  void run();
  return () => ending.abort();
};

const hear = async ({ changed, reachable }: LiveListener, signal: AbortSignal): Promise<void> => {
  const response = await fetch('/api/live', { headers: keyHeader(), signal });
  if (response.body === null) return;
  // Whatever was missed meanwhile, and a session that has ended, shows in what is asked for now.
  changed();
  if (!response.ok) return;
  reachable(true);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (piece.value.includes('event: changed')) changed();
  }
};
