/** Runs work that may read no clock and draw no chance: whoever tries stops it. */

const forbid = (what: string) => (): never => {
  throw new Error(`${what} was asked while a seed ran: it would not mean the same twice`);
};

/** Deterministic work, and what it returns. A date may be made of a number, but not of now. */
export const withoutChance = <T>(work: () => T): T => {
  const { random } = Math;
  const { now } = performance;
  const RealDate = globalThis.Date;
  class NoDate extends RealDate {
    static override now = forbid('Date.now');
    constructor(...args: readonly unknown[]) {
      if (args.length === 0) forbid('new Date()')();
      super(...(args as [number]));
    }
  }
  Math.random = forbid('Math.random');
  performance.now = forbid('performance.now');
  globalThis.Date = NoDate as unknown as DateConstructor;
  try {
    return work();
  } finally {
    Math.random = random;
    performance.now = now;
    globalThis.Date = RealDate;
  }
};
