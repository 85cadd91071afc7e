/** What an administrator is to be told of: each alarm is raised once, and its end is said once. */

import type { Moment } from '../../../protocol/units.ts';
import { type MasterView, reasonOf } from '../activation/master-view.ts';
import type { DeadView, OverView, Telling } from '../site/site-operations.ts';

export const ALARM_PREFIX = 'alarm/';

export interface AlarmRules {
  /** Days before its end at which a license is told of. */
  readonly licenseDays: number;
  /** Minutes for which every seat must be lent. */
  readonly fullMinutes: number;
  /** Hours for which a master must not have answered. */
  readonly masterHours: number;
  /** Minutes for which a member of the site must have been dead. */
  readonly memberMinutes: number;
}

export interface AlarmView {
  /** Those that lend, or would. */
  readonly licenses: readonly {
    readonly id: string;
    readonly product: string;
    readonly ends: number | null;
  }[];
  readonly pools: Iterable<{
    readonly product: string;
    readonly class: string;
    readonly lent: number;
    readonly licensed: number;
  }>;
  readonly masters: readonly Pick<MasterView, 'master' | 'standing' | 'failure'>[];
  /** Members of the site, if it is one; `null` while nothing is heard of them. */
  readonly dead: readonly DeadView[] | null;
  /** Of them, those that were told of, and are back or forgotten. */
  readonly over: readonly OverView[];
}

/** What is new. */
export interface AlarmVerdict {
  readonly news: readonly AlarmNews[];
  /** Deaths of members, and their ends, that this agent would tell of, if no other one is to. */
  readonly claims: readonly Telling[];
  /** The instant in milliseconds at which there may be more without any event. */
  readonly next: number | null;
}

export interface AlarmNews {
  readonly event: 'raised' | 'ended';
  /** The same for both. */
  readonly id: string;
  readonly sentence: string;
}

const DAY = 86_400;
/** Calendars are looked at this often, in milliseconds: clocks are set meanwhile. */
const CALENDAR_MS = DAY * 1000;
const DEAD_PREFIX = 'member-dead/';
/** What nobody is known to tell of is claimed again after so long. */
const CLAIM_MS = 10_000;
/** Who has told of a death has so long to tell its end, before another does. */
const END_MS = 60_000;

export class AlarmWatch {
  readonly #rules: AlarmRules;
  /** By id, alarms that were raised, with what was said. */
  readonly #raised = new Map<string, string>();
  /** Since when, in milliseconds, every seat of a pool is lent. */
  readonly #fullSince = new Map<string, number>();
  /** Since when, in milliseconds, a master is seen to be silent. */
  readonly #silentSince = new Map<string, number>();
  /** Since when, in milliseconds, a member is seen to be dead that nobody tells of. */
  #deadSince: ReadonlyMap<string, number> = new Map();
  /** Since when, in milliseconds, a death is seen to be over that another has told of. */
  #overSince: ReadonlyMap<string, number> = new Map();

  constructor(rules: AlarmRules) {
    this.#rules = rules;
  }

  judge(view: AlarmView, at: Moment): AlarmVerdict {
    const now = new Map<string, string>();
    const claims: Telling[] = [];
    const dates = [
      ...this.#judgeLicenses(view, at, now),
      ...this.#judgePools(view, at, now),
      ...this.#judgeMasters(view, at, now),
      ...this.#judgeDead(view, at, now, claims),
      ...this.#judgeOver(view, at, now, claims),
    ];
    const news: AlarmNews[] = [];
    for (const [id, sentence] of now) {
      if (!this.#raised.has(id)) {
        news.push({ event: 'raised', id, sentence });
        this.#raised.set(id, sentence);
      }
    }
    for (const [id, sentence] of [...this.#raised]) {
      if (now.has(id)) continue;
      news.push({ event: 'ended', id, sentence: `This is over: ${sentence}` });
      this.#raised.delete(id);
    }
    return { news, claims, next: dates.length === 0 ? null : Math.min(...dates) };
  }

  #judgeLicenses(
    { licenses }: AlarmView,
    { mono, wall }: Moment,
    now: Map<string, string>,
  ): number[] {
    const dates: number[] = [];
    for (const { id, product, ends } of licenses) {
      if (ends === null) continue;
      const left = ends - wall - this.#rules.licenseDays * DAY;
      if (left > 0) dates.push(mono + Math.min(left * 1000, CALENDAR_MS));
      else {
        const days = Math.ceil((ends - wall) / DAY);
        const when = days > 0 ? `ends in ${days} ${days === 1 ? 'day' : 'days'}` : 'has ended';
        now.set(`license-ends/${id}`, `License ${id} for ${product} ${when}.`);
      }
    }
    return dates;
  }

  #judgePools({ pools }: AlarmView, { mono }: Moment, now: Map<string, string>): number[] {
    const sums = new Map<string, { name: string; lent: number; licensed: number }>();
    for (const { product, class: className, lent, licensed } of pools) {
      const key = `${product}/${className}`;
      const sum = sums.get(key) ?? { name: `${product} ${className}`, lent: 0, licensed: 0 };
      sums.set(key, { ...sum, lent: sum.lent + lent, licensed: sum.licensed + licensed });
    }
    const dates: number[] = [];
    const minutes = this.#rules.fullMinutes;
    for (const [key, { name, lent, licensed }] of sums) {
      if (licensed === 0 || lent < licensed) {
        this.#fullSince.delete(key);
        continue;
      }
      const since = this.#fullSince.get(key) ?? mono;
      this.#fullSince.set(key, since);
      const due = since + minutes * 60_000;
      const id = `seats-full/${key}`;
      // After a restart it is still what it was.
      if (mono >= due || this.#raised.has(id)) {
        now.set(id, `Every seat of ${name} (${licensed}) has been taken for ${minutes} minutes.`);
      } else dates.push(due);
      if (lent > licensed) {
        now.set(
          `overdraft/${key}`,
          `More seats of ${name} are lent than the ${licensed} that are licensed.`,
        );
      }
    }
    return dates;
  }

  #judgeMasters({ masters }: AlarmView, { mono }: Moment, now: Map<string, string>): number[] {
    const dates: number[] = [];
    const hours = this.#rules.masterHours;
    for (const { master, standing, failure } of masters) {
      const id = `master-silent/${master}`;
      if (standing === 'answers') this.#silentSince.delete(master);
      // After a restart nobody knows better until it was asked again.
      if (standing === 'unasked' && this.#raised.has(id)) now.set(id, this.#raised.get(id) ?? '');
      if (standing !== 'silent') continue;
      const since = this.#silentSince.get(master) ?? mono;
      this.#silentSince.set(master, since);
      const due = since + hours * 3_600_000;
      if (mono < due && !this.#raised.has(id)) dates.push(due);
      else {
        const span = `${hours} ${hours === 1 ? 'hour' : 'hours'}`;
        const why = failure === null ? '.' : `: ${reasonOf({ master, failure })}`;
        now.set(id, `The master ${master} has not answered for ${span}${why}`);
      }
    }
    return dates;
  }

  /**
   * All members see a death: of those that have somebody to tell one is to do so, by the register. A
   * member that is only started again is back before the time has passed.
   */
  #judgeDead(
    { dead, over }: AlarmView,
    { mono }: Moment,
    now: Map<string, string>,
    claims: Telling[],
  ): number[] {
    if (dead === null) {
      for (const [id, said] of this.#raised) if (id.startsWith(DEAD_PREFIX)) now.set(id, said);
      return [];
    }
    const dates: number[] = [];
    const since = new Map<string, number>();
    const ended = new Set(over.map(({ id }) => id));
    const minutes = this.#rules.memberMinutes;
    const span = `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
    for (const { id, name, told } of dead) {
      const alarm = DEAD_PREFIX + id;
      if (told === 'here' || (this.#raised.has(alarm) && !ended.has(id))) {
        now.set(
          alarm,
          `Member ${name} (${id}) of the site has been dead for ${span}. Start it again or, if it does not come back, \`usher site forget ${id}\`.`,
        );
      } else if (told === 'nowhere') {
        const from = this.#deadSince.get(id) ?? mono;
        since.set(id, from);
        const due = from + minutes * 60_000;
        if (mono >= due) claims.push({ member: id, what: 'death' });
        dates.push(mono >= due ? mono + CLAIM_MS : due);
      }
    }
    this.#deadSince = since;
    return dates;
  }

  /**
   * Who has told of a death tells its end, unless it is gone itself: then another does, and by the
   * register one. From when it is asked to, it owes that: what it owes is kept over a restart.
   */
  #judgeOver(
    { dead, over }: AlarmView,
    { mono }: Moment,
    now: Map<string, string>,
    claims: Telling[],
  ): number[] {
    if (dead === null) return [];
    const dates: number[] = [];
    const since = new Map<string, number>();
    for (const { id, name, end } of over) {
      const alarm = DEAD_PREFIX + id;
      // It has died anew, and is told of by what the record does not know.
      if (now.has(alarm)) continue;
      if (end === 'elsewhere') this.#raised.delete(alarm);
      if (end !== 'nowhere') continue;
      const from = this.#overSince.get(id) ?? mono;
      since.set(id, from);
      const said = this.#raised.get(alarm);
      if (said === undefined && mono < from + END_MS) {
        dates.push(from + END_MS);
        continue;
      }
      const owed = said ?? `Member ${name} (${id}) of the site was dead, as another member told.`;
      this.#raised.set(alarm, owed);
      now.set(alarm, owed);
      claims.push({ member: id, what: 'end' });
      dates.push(mono + CLAIM_MS);
    }
    this.#overSince = since;
    return dates;
  }

  /** What was said, and its end not yet, for the store. */
  toText(): string {
    return JSON.stringify([...this.#raised]);
  }

  /** Takes up what was said before a restart. */
  restore(text: string): void {
    let stored: unknown;
    try {
      stored = JSON.parse(text);
    } catch {
      return;
    }
    for (const pair of Array.isArray(stored) ? stored : []) {
      const [id, sentence]: readonly unknown[] = Array.isArray(pair) ? pair : [];
      if (typeof id === 'string' && typeof sentence === 'string') this.#raised.set(id, sentence);
    }
  }
}
