/**
 * Seeds that once broke a promise, each with what it proved. Run by every test. A seed draws another
 * world when the simulator learns to draw more: what was found is kept by unit tests, most of them in
 * test/agent/core/found-by-seeds.test.ts.
 */

export interface KeptSeed {
  readonly seed: number;
  /** One sentence. */
  readonly proved: string;
}

export const KEPT_SEEDS: readonly KeptSeed[] = [
  {
    seed: 2,
    proved:
      'An agent without room turned each copy of a hello away: the watch took it for done twice.',
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
    seed: 54,
    proved: 'A recorded hello was done again, because the session of a waiter was forgotten early.',
  },
  {
    seed: 89,
    proved:
      'A client waited beside free seats of a license that its own calendar calls expired: rightly.',
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
    seed: 249,
    proved: 'Who joined a share was shown a license of type server that had ended.',
  },
  {
    seed: 274,
    proved: 'A grant failed along with the note that it was taken back, which stayed on the disk.',
  },
  {
    seed: 290,
    proved: 'A borrowed seat was prolonged though there were fewer seats than were lent.',
  },
  {
    seed: 446,
    proved: 'The record of a lease that was never granted was left when everybody was gone.',
  },
  {
    seed: 480,
    proved: 'A seat that nobody had reserved was called kept: the watch counted seats of no use.',
  },
  {
    seed: 1008,
    proved:
      'A repeated grant showed a license that another had added to the share, for another version.',
  },
  {
    seed: 1077,
    proved: 'A repeated grant showed the heir of its license, which did not cover the wish.',
  },
  {
    seed: 1279,
    proved: 'A trial had begun with a seat that nobody heard of: the watch called its end a waste.',
  },
  {
    seed: 1342,
    proved: 'A trial that had begun under a clock in the future went on after the clock was reset.',
  },
  {
    seed: 1820,
    proved:
      'Who was first in one line and not in another was called passed over: the watch was wrong.',
  },
  {
    seed: 5030,
    proved:
      'A seat that a client gave back by its own calendar was called a waste: it was told another reason.',
  },
  {
    seed: 20045,
    proved:
      'The answer of a borrow was lost and given again when there were fewer seats: the watch took it for a new one.',
  },
  {
    seed: 21177,
    proved: 'Reservations kept no seat where the vendor tolerates some beyond the licensed count.',
  },
  {
    seed: 21515,
    proved:
      'A waiter was told that there are fewer seats when a copy of his question came: the watch took it for an answer.',
  },
  {
    seed: 5044,
    proved:
      'The power was cut between a reset of the clock and its answer: the watch knew of no reset.',
  },
];
