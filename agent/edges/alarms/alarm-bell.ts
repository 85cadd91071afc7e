/** Tells administrators what the watch finds, as often as it takes and no more often than stated. */

import { timerMs } from '../../../protocol/node/clock.ts';
import type { Moment } from '../../../protocol/units.ts';
import type { AlarmNews, AlarmView } from '../../core/alarms/alarm-watch.ts';
import { ALARM_PREFIX, type AlarmRules, AlarmWatch } from '../../core/alarms/alarm-watch.ts';
import type { Telling } from '../../core/site/site-operations.ts';
import type { Write } from '../../core/write.ts';
import type { StoreEntry } from '../store-reading.ts';

const STATE_KEY = `${ALARM_PREFIX}raised`;
/** What has happened is looked at once after so long, however much it is. */
const AFTER_MS = 1000;
/** Timers of Node do not last longer; then it is looked at again. */
const WAIT_MAX_MS = 86_400_000;
/** A message is tried again after these times, and then given up. */
const RETRIES_MS: readonly number[] = [1000, 10_000, 60_000, 600_000];
const WAITING_MAX = 100;

export interface AlarmParts {
  readonly rules: AlarmRules;
  readonly now: () => Moment;
  readonly view: () => Promise<AlarmView>;
  /** Asks that this agent tell of a member's death, or of its end, and no other. */
  readonly claim: (telling: Telling) => Promise<unknown>;
  /** Each tells it in its own way; rejects when that did not work. */
  readonly tellers: readonly ((news: AlarmNews) => Promise<void>)[];
  readonly write: (writes: readonly Write[]) => Promise<void>;
  readonly say: (sentence: string, isWarning: boolean) => void;
  readonly retries?: readonly number[];
}

export class AlarmBell {
  readonly #parts: AlarmParts;
  readonly #watch: AlarmWatch;
  readonly #retrying = new Set<NodeJS.Timeout>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #stopped = false;
  /** What is in the store. */
  #kept: string;

  constructor(parts: AlarmParts) {
    this.#parts = parts;
    this.#watch = new AlarmWatch(parts.rules);
    this.#kept = this.#watch.toText();
  }

  /** Takes up what was said before the agent was started again. */
  restored(entries: readonly StoreEntry[]): void {
    for (const [key, value] of entries) {
      if (key === STATE_KEY) this.#watch.restore(new TextDecoder().decode(value));
    }
    this.#kept = this.#watch.toText();
  }

  /** Something has happened. */
  news(): void {
    this.#lookIn(AFTER_MS);
  }

  #lookIn(wait: number): void {
    const dueAt = timerMs() + wait;
    if (this.#stopped || dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(
      () => {
        this.#dueAt = Number.POSITIVE_INFINITY;
        void this.#look();
      },
      Math.min(wait, WAIT_MAX_MS),
    ).unref();
  }

  async #look(): Promise<void> {
    const { view, claim, now, write, say, tellers } = this.#parts;
    const seen = await view();
    const at = now();
    const { news, claims, next } = this.#watch.judge(seen, at);
    if (next !== null) this.#lookIn(Math.max(0, next - at.mono));
    for (const one of news) {
      say(one.sentence, one.event === 'raised');
      for (const teller of tellers) void this.#tell(teller, one, 0);
    }
    await this.#keep(write);
    if (this.#stopped) return;
    // What has become of it is seen by looking again.
    for (const telling of claims) void claim(telling).then(() => this.news());
  }

  /** Unwritten it is said once more after a restart. */
  async #keep(write: AlarmParts['write']): Promise<void> {
    const text = this.#watch.toText();
    if (text === this.#kept) return;
    this.#kept = text;
    await write([{ key: STATE_KEY, value: new TextEncoder().encode(text) }]).catch(() => {});
  }

  async #tell(
    teller: AlarmParts['tellers'][number],
    news: AlarmNews,
    attempt: number,
  ): Promise<void> {
    try {
      await teller(news);
    } catch (error) {
      const { retries = RETRIES_MS, say } = this.#parts;
      const wait = retries[attempt];
      if (this.#stopped) return;
      if (wait === undefined || this.#retrying.size >= WAITING_MAX) {
        const why = error instanceof Error ? error.message : String(error);
        return say(`An alarm could not be sent: ${why}.`, true);
      }
      const timer = setTimeout(() => {
        this.#retrying.delete(timer);
        void this.#tell(teller, news, attempt + 1);
      }, wait).unref();
      this.#retrying.add(timer);
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const timer of this.#retrying) clearTimeout(timer);
  }
}
