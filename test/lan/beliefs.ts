/** A history of what clients believed, and what may never be in one. */

export interface Mark {
  /** Milliseconds on one clock for all. */
  readonly at: number;
  readonly client: string;
  readonly kind: 'begins' | 'ceases' | 'hears-nothing' | 'hears' | 'fails';
  /** '' where there is none. */
  readonly lease: string;
  readonly why: string;
}

export interface Beliefs {
  /** Who believed in a seat at a time, at most. */
  readonly most: number;
  /** Moments at which more believed than there are seats, or two in one lease. */
  readonly faults: readonly string[];
  readonly seats: number;
  /** When all seats were believed in for the last time; `null` for never. */
  readonly fullAt: number | null;
  /** Milliseconds in which somebody believed in a seat, of all of them. */
  readonly held: number;
  /** Times that a seat was lost by who wanted it on, and milliseconds without until it was had again. */
  readonly lost: number;
  readonly without: number;
  /** Milliseconds from hearing nothing to hearing again, in their order. */
  readonly silences: readonly number[];
}

/** At one moment who ceases is counted before who begins. */
const inOrder = (marks: readonly Mark[]): readonly Mark[] =>
  [...marks].sort(
    (one, other) =>
      one.at - other.at || Number(one.kind === 'begins') - Number(other.kind === 'begins'),
  );

/** Goes through the history of clients that shared so many seats. `isExcused`: a loss at a time counts not. */
export const judgeBeliefs = (
  marks: readonly Mark[],
  seats: number,
  isExcused: (at: number) => boolean = () => false,
): Beliefs => {
  const believers = new Map<string, Mark>();
  const silent = new Map<string, number>();
  const losers = new Map<string, number>();
  const faults: string[] = [];
  const silences: number[] = [];
  let fullAt: number | null = null;
  let [most, taken, held, lost, without] = [0, 0, 0, 0, 0];
  for (const mark of inOrder(marks)) {
    const { at, client, kind, lease, why } = mark;
    if (kind === 'begins') {
      const other = [...believers.values()].find((one) => one.lease === lease);
      if (other !== undefined) faults.push(`${at}: ${client} and ${other.client} have ${lease}`);
      believers.set(client, mark);
      taken++;
      without += at - (losers.get(client) ?? at);
      losers.delete(client);
      most = Math.max(most, believers.size);
      if (believers.size === seats) fullAt = at;
      if (believers.size > seats) faults.push(`${at}: ${believers.size} believe, ${client} last`);
    } else if (kind === 'ceases') {
      held += at - (believers.get(client)?.at ?? at);
      believers.delete(client);
      silent.delete(client);
      if (why !== 'done' && !isExcused(at)) {
        lost++;
        losers.set(client, at);
      }
    } else if (kind === 'hears-nothing') {
      if (!silent.has(client)) silent.set(client, at);
    } else if (kind === 'hears') {
      const since = silent.get(client);
      if (since !== undefined) silences.push(at - since);
      silent.delete(client);
    }
  }
  // Who has lost his seat and never had one again was without to the end.
  const end = Math.max(...marks.map(({ at }) => at), 0);
  for (const since of losers.values()) without += end - since;
  silences.sort((one, other) => one - other);
  return { most, faults, seats: taken, fullAt, held, lost, without, silences };
};

export interface Death {
  /** As marks have it. */
  readonly at: number;
  /** The agent's name. */
  readonly agent: string;
}

/** A seat that has moved: from a death until its client heard another agent. */
export interface Move {
  readonly from: number;
  readonly to: number;
}

/** Of each whose seat has moved, in the order of how long that took. */
export const judgeMoves = (marks: readonly Mark[], deaths: readonly Death[]): readonly Move[] => {
  const sorted = inOrder(marks);
  const clients = new Set(marks.map(({ client }) => client));
  const moves = deaths.flatMap(({ at, agent }) =>
    [...clients].flatMap((client) => {
      const own = sorted.filter((mark) => mark.client === client && TELLING.includes(mark.kind));
      const before = own.findLast((mark) => mark.at <= at);
      if (before?.why !== agent || before.kind === 'ceases') return [];
      const next = own.find((mark) => mark.at > at);
      return next?.kind === 'hears' && next.why !== agent ? [{ from: at, to: next.at }] : [];
    }),
  );
  return moves.sort((one, other) => one.to - one.from - (other.to - other.from));
};

/** The agent at which most believe in a seat by now; '' where nobody does. */
export const busiestAgent = (marks: readonly Mark[]): string => {
  const agents = new Map<string, string>();
  for (const { client, kind, why } of marks) {
    if (kind === 'begins' || kind === 'hears') agents.set(client, why);
    else if (kind === 'ceases') agents.delete(client);
  }
  const counts = new Map<string, number>();
  for (const agent of agents.values()) counts.set(agent, (counts.get(agent) ?? 0) + 1);
  const [first] = [...counts].sort(([, one], [, other]) => other - one);
  return first?.[0] ?? '';
};

/** Marks that say who was heard, or that nobody is any more. */
const TELLING: readonly Mark['kind'][] = ['begins', 'hears', 'ceases'];
