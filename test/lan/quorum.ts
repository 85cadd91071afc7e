/** When etcd had no majority that knows a leader, by what its members said themselves. */

export interface Said {
  readonly at: number;
  readonly line: string;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a member's line says of its leader: known or not; `undefined` for nothing. */
const leaderIn = (line: string): boolean | undefined => {
  if (/raft\.node: \w+ (elected|changed) leader/.test(line)) return true;
  if (/raft\.node: \w+ lost leader|newRaft|: ended$/.test(line)) return false;
  return undefined;
};

/**
 * The times without a majority. A leader that has died is known until others miss it: these are too
 * short rather than too long. `said`: lines of `etcd N: …` in their order.
 */
export const leaderless = (
  said: readonly Said[],
  members: number,
  end: number,
): readonly Span[] => {
  const knows = new Map<string, boolean>();
  const spans: Span[] = [];
  let from: number | undefined;
  for (const { at, line } of said) {
    const member = /^etcd \d+/.exec(line)?.[0];
    const isKnown = leaderIn(line);
    if (member === undefined || isKnown === undefined) continue;
    knows.set(member, isKnown);
    const count = [...knows.values()].filter(Boolean).length;
    const isMajority = count > members / 2;
    if (!isMajority) from ??= at;
    else if (from !== undefined) {
      spans.push({ from, to: at });
      from = undefined;
    }
  }
  return from === undefined ? spans : [...spans, { from, to: end }];
};

/** Who a member's line says is leader from then on, and who says it, by their names in etcd. */
const electionIn = (line: string): { readonly by: string; readonly leader: string } | undefined => {
  const found = /raft\.node: (\w+) (?:elected|changed) leader (?:from \w+ to )?(\w+)/.exec(line);
  return found === null ? undefined : { by: found[1] ?? '', leader: found[2] ?? '' };
};

/** From the end of a leader until a majority knows another: it says nothing of it, and they miss it late. */
export const successions = (
  said: readonly Said[],
  members: number,
  end: number,
): readonly Span[] => {
  const names = new Map<string, string>();
  const spans: Span[] = [];
  const knowing = new Set<string>();
  let leader = '';
  let from: number | undefined;
  for (const { at, line } of said) {
    const member = /^etcd \d+/.exec(line)?.[0];
    if (member === undefined) continue;
    if (line.endsWith(': ended') && names.get(leader) === member) {
      from ??= at;
      knowing.clear();
    }
    const election = electionIn(line);
    if (election === undefined) continue;
    names.set(election.by, member);
    leader = election.leader;
    knowing.add(member);
    if (from === undefined || knowing.size <= members / 2) continue;
    spans.push({ from, to: at });
    from = undefined;
  }
  return from === undefined ? spans : [...spans, { from, to: end }];
};

/** Milliseconds before a loss in which it is looked for what caused it: a term, and what is added to it. */
const BEFORE_MS = 12_000;
/** So many of them without a majority leave too little time to take a seat over. */
const MISSING_MS = 4000;

/** Whether a seat that was lost at `at` may have been for want of a majority. */
export const isExcused = (spans: readonly Span[], at: number): boolean => {
  const start = at - BEFORE_MS;
  const missing = spans.map(({ from, to }) => Math.min(to, at) - Math.max(from, start));
  return missing.reduce((sum, part) => sum + Math.max(0, part), 0) >= MISSING_MS;
};
