/**
 * The history of a site: each member tells its days of usage and its changes by the register, once a
 * minute where there is news, and asks there for those of the others. Each keeps its own in full.
 */

import { createHash } from 'node:crypto';
import type { AuditLine } from '../../core/operations.ts';
import type { RegisterAnswer, RegisterAsk, RegisterWrite } from '../../core/site/register.ts';
import type { MemberId } from '../../core/site/site-keys.ts';
import { joinUsage, type MemberDay } from '../../core/site/site-usage.ts';
import type { UsageAnswer, UsageRange } from '../../core/usage/usage-report.ts';
import { DAY } from '../../core/usage/usage-tables.ts';
import type { HistoryViews } from '../history/history-views.ts';
import {
  CHANGES_PREFIX,
  decodeChanges,
  decodeDay,
  encodeChanges,
  encodeDay,
  usageKeyOf,
  usagePrefix,
} from './member-history.ts';

/** Days that the register keeps of each member. */
export const DAYS_KEPT = 92;
const EVERY_MS = 60_000;
/** Days of one ask: an answer is bounded. */
const DAYS_AT_ONCE = 10;
/** Of changes: beyond so many seconds ago none is told. */
const CHANGES_SINCE = 31 * DAY;

export interface SiteHistoryParts {
  readonly me: MemberId;
  readonly name: () => string;
  readonly ask: (ask: RegisterAsk) => Promise<RegisterAnswer>;
  readonly views: Pick<HistoryViews, 'usage' | 'days' | 'audit' | 'changes'>;
  /** Seconds since 1970. */
  readonly wall: () => number;
}

export class SiteHistory {
  readonly #parts: SiteHistoryParts;
  /** Of each key the hash of what was told last. */
  readonly #told = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #since: number | undefined;

  constructor(parts: SiteHistoryParts) {
    this.#parts = parts;
  }

  /** Tells from now on. */
  start(): void {
    this.#timer = setInterval(() => void this.tell().catch(() => {}), EVERY_MS).unref();
  }

  /** Tells what is left to tell. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.tell().catch(() => {});
  }

  /**
   * Tells what is news: all days at first, then today and what has just become yesterday. Rejects as
   * soon as it is not heard.
   */
  async tell(): Promise<void> {
    const { me, wall } = this.#parts;
    const today = Math.floor(wall() / DAY);
    const first = this.#since ?? today - DAYS_KEPT + 1;
    const days = this.#parts.views.days(Math.max(first, 0), today);
    for await (const [day, answer] of days) await this.#tellDay(day, answer);
    await this.#put(CHANGES_PREFIX + me, encodeChanges(this.#parts.name(), await this.#changes()));
    // Once more tomorrow: the last minute of today is not over.
    this.#since = today;
    const over = today - DAYS_KEPT;
    await this.#ask([{ key: usageKeyOf(over, me), value: null }]);
  }

  async #tellDay(day: number, { pools, user, host }: UsageAnswer): Promise<void> {
    const { me, name } = this.#parts;
    const [first] = pools;
    if (first === undefined) return;
    await this.#put(
      usageKeyOf(day, me),
      encodeDay({ day, member: name(), pools: first[1], user, host }),
    );
  }

  /** What it has said already it does not say again. */
  async #put(key: string, value: Uint8Array): Promise<void> {
    const hash = createHash('sha256').update(value).digest('base64');
    if (this.#told.get(key) === hash) return;
    const answer = await this.#ask([{ key, value }]);
    if (answer.kind !== 'transacted') throw new Error(answer.sentence);
    this.#told.set(key, hash);
  }

  #ask(writes: readonly RegisterWrite[]): Promise<RegisterAnswer> {
    return this.#parts.ask({ compares: [], writes, reads: [] });
  }

  async #changes(): Promise<readonly AuditLine[]> {
    const since = this.#parts.wall() - CHANGES_SINCE;
    return (await this.#parts.views.changes()).filter(({ at }) => at >= since);
  }

  /** Of all members; by hours of this one alone, as the register has days. */
  async usage(range: UsageRange): Promise<UsageAnswer> {
    const own = await this.#parts.views.usage(range);
    if (range.byHour) return { ...own, members: null };
    const others = await this.#days(range);
    return others === undefined ? { ...own, members: null } : joinUsage(own, others, range);
  }

  /** `undefined`: the register does not answer. */
  async #days({ from, to }: UsageRange): Promise<readonly MemberDay[] | undefined> {
    const { me, ask, wall } = this.#parts;
    const first = Math.max(from, Math.floor(wall() / DAY) - DAYS_KEPT);
    const days: MemberDay[] = [];
    for (let at = first; at <= to; at += DAYS_AT_ONCE) {
      const count = Math.min(DAYS_AT_ONCE, to - at + 1);
      const reads = Array.from({ length: count }, (_, i) => ({
        prefix: usagePrefix(at + i),
        since: 0,
      }));
      const answer = await ask({ compares: [], writes: [], reads });
      if (answer.kind !== 'transacted') return undefined;
      for (const entry of answer.entries) {
        const read = entry.key.endsWith(`/${me}`) ? undefined : decodeDay(entry);
        if (read !== undefined) days.push(read);
      }
    }
    return days;
  }

  /** Everything of this member since then, and the changes of the others, oldest first. */
  async *audit(since: number): AsyncGenerator<AuditLine> {
    const { me, ask, views, name } = this.#parts;
    const answer = await ask({
      compares: [],
      writes: [],
      reads: [{ prefix: CHANGES_PREFIX, since: 0 }],
    });
    const entries = answer.kind === 'transacted' ? answer.entries : [];
    const others = entries
      .filter(({ key }) => key !== CHANGES_PREFIX + me)
      .flatMap(decodeChanges)
      .filter(({ at }) => at >= since)
      .sort((one, other) => one.at - other.at);
    let next = 0;
    for await (const line of views.audit(since)) {
      for (
        let other = others[next];
        other !== undefined && other.at < line.at;
        other = others[++next]
      ) {
        yield other;
      }
      yield { ...line, member: name() };
    }
    yield* others.slice(next);
  }
}
