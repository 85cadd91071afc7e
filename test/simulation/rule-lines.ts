/** Rules as the simulated administrators mean them: what they write, and what they expect of it. */

export interface Someone {
  readonly user: string;
  readonly host: string;
  /** `null` where an agent has not heard of it yet. */
  readonly address: string | null;
}

/** The seats that a rule is about: `null` is every product, every class. */
interface Subject {
  readonly product: string | null;
  readonly class: string | null;
}

/** Of the seat that somebody wants or has: the class is the one that was asked for. */
export interface Wanted {
  readonly product: string;
  readonly class: string;
}

export type Whom =
  | { readonly kind: 'user' | 'host' | 'address'; readonly name: string }
  | { readonly kind: 'team' | 'everyone' | 'each user' | 'each host' };

export interface RuleLine extends Subject {
  readonly kind: 'reserve' | 'exclude' | 'limit' | 'idle' | 'borrow' | 'priority';
  readonly whom: Whom;
  /** Seats, or the priority. */
  readonly amount: number;
  readonly text: string;
}

/** The one group that there is: who is in it, and the line that says so. */
const TEAM = { user: 'ada', host: 'client-2' } as const;
export const TEAM_LINE = `group team = user ${TEAM.user}, host ${TEAM.host}`;

/** Rules that an agent has in force. The first line of the file is the team's. */
export class RuleLines {
  readonly #lines: readonly RuleLine[];

  constructor(lines: readonly RuleLine[]) {
    this.#lines = lines;
  }

  /** Whether no seat is kept, forbidden or counted. */
  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** The line that forbids it. */
  exclusion(someone: Someone, wanted: Wanted): RuleLine | undefined {
    return this.#about('exclude', someone, wanted)[0]?.line;
  }

  priority(someone: Someone, wanted: Wanted): number {
    return this.#about('priority', someone, wanted)[0]?.line.amount ?? 0;
  }

  /** The most seats under each name that these count under. */
  caps(someone: Someone, wanted: Wanted): ReadonlyMap<string, number> {
    const limits = this.#about('limit', someone, wanted);
    return new Map(limits.map((one) => [nameOf(one, someone), one.line.amount]));
  }

  /** Everything that a seat of these is counted under. */
  names(someone: Someone, wanted: Wanted): readonly string[] {
    const kept = this.#about('reserve', someone, wanted);
    return [...this.caps(someone, wanted).keys(), ...kept.map((one) => nameOf(one, someone))];
  }

  /** Seats of a product that are kept. */
  kept(product: string): readonly Kept[] {
    return this.#numbered('reserve')
      .filter(({ line }) => line.product === product)
      .map((one) => ({
        class: one.line.class,
        seats: one.line.amount,
        name: `reserve/${one.number}`,
        isFor: (someone: Someone) => isMeant(one.line.whom, someone),
      }));
  }

  /** Those of a kind that have a say, in the order of the file. */
  #about(kind: RuleLine['kind'], someone: Someone, wanted: Wanted): readonly Numbered[] {
    return this.#numbered(kind).filter(
      ({ line }) => isAbout(line, wanted) && isMeant(line.whom, someone),
    );
  }

  #numbered(kind: RuleLine['kind']): readonly Numbered[] {
    if (this.#lines.length === 0) return [];
    const numbered = this.#lines.map((line, i) => ({ line, number: i + 2 }));
    return numbered.filter(({ line }) => line.kind === kind);
  }
}

/** Seats that are kept for some. */
export interface Kept {
  readonly class: string | null;
  readonly seats: number;
  readonly name: string;
  readonly isFor: (someone: Someone) => boolean;
}

interface Numbered {
  readonly line: RuleLine;
  readonly number: number;
}

const isAbout = (line: Subject, { product, class: name }: Wanted): boolean =>
  (line.product ?? product) === product && (line.class ?? name) === name;

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const isMeant = (whom: Whom, { user, host, address }: Someone): boolean => {
  switch (whom.kind) {
    case 'user':
      return isSame(whom.name, user);
    case 'host':
      return isSame(whom.name, host);
    case 'address':
      return whom.name === address;
    case 'team':
      return isSame(TEAM.user, user) || isSame(TEAM.host, host);
    case 'everyone':
    case 'each user':
    case 'each host':
      return true;
  }
};

const nameOf = ({ line: { kind, whom }, number }: Numbered, someone: Someone): string => {
  if (whom.kind === 'each user') return `${kind}/${number}/user/${someone.user.toLowerCase()}`;
  if (whom.kind === 'each host') return `${kind}/${number}/host/${someone.host.toLowerCase()}`;
  return `${kind}/${number}`;
};
