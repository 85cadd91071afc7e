/** Tells a person at a terminal what a slow step is doing and how long it took. */

/** Prints `what` before the step and its time after it, on stderr; passes the step's result on. */
export const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  process.stderr.write(`${what} … `);
  const started = performance.now();
  try {
    const result = await work();
    process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
};
