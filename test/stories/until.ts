/** Waiting for what must happen: a condition is looked at again and again, never a time slept out. */

/** Only a story that has failed waits this long. */
export const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 25;

/** Resolves with the first value of `look` that is not `undefined`; rejects when none ever is. */
export const until = async <T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  patience: number = PATIENCE_MS,
): Promise<T> => {
  const giveUpAt = performance.now() + patience;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
};
