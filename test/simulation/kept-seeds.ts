/** Seeds that once broke a promise, each with what it proved. Run by every test. */

export interface KeptSeed {
  readonly seed: number;
  /** One sentence. */
  readonly proved: string;
}

export const KEPT_SEEDS: readonly KeptSeed[] = [
  {
    seed: 2,
    proved: 'A recorded hello was done again, because the session of a waiter was forgotten early.',
  },
  {
    seed: 13,
    proved: 'A seat that needs a license of type server was granted without showing that license.',
  },
  {
    seed: 23,
    proved: 'Who shared a seat in surplus got a fresh lease, so that the surplus never ended.',
  },
  {
    seed: 45,
    proved: 'A borrow asked twice was answered with a token before it was on the disk.',
  },
  {
    seed: 48,
    proved: 'A client did not believe in a seat of a resource that it had written in capitals.',
  },
  {
    seed: 95,
    proved: 'Who shared a seat of a license that had been removed stopped the agent.',
  },
  {
    seed: 116,
    proved: 'A seat was shared by a wish that its license did not cover.',
  },
  {
    seed: 120,
    proved: 'An acquire that was repeated got another term of a license that had expired.',
  },
  {
    seed: 132,
    proved: 'A shared seat of a superseded license was lent once more.',
  },
  {
    seed: 232,
    proved: 'A shared seat that had grown was counted as it had begun after a restart.',
  },
  {
    seed: 290,
    proved: 'A borrowed seat was prolonged though there were fewer seats than were lent.',
  },
];
