/**
 * What is certain of the register's past: each answer is of it as it was when it was asked, or later. One
 * that is not proves that the register has gone back: etcd was brought back from an older copy. How late
 * answers are, and in which order they come, proves nothing.
 */

import type { RegisterAnswer, RegisterEntry, Revision } from './register.ts';
import { BEAT_PREFIX, DEAD_PREFIX, JOINED_PREFIX } from './site-keys.ts';

type Transacted = Extract<RegisterAnswer, { kind: 'transacted' }>;

/** Whose keys are looked at: they are read whole, again and again. */
const PREFIXES: readonly string[] = [JOINED_PREFIX, BEAT_PREFIX, DEAD_PREFIX];

export class Past {
  #highest: Revision = 0;
  readonly #written = new Map<string, Revision>();

  /** The highest revision of any answer: to be remembered with what is asked now. */
  get highest(): Revision {
    return this.#highest;
  }

  /** The highest revision at which a key of a member's was seen to be written. */
  writtenAt(key: string): Revision {
    return this.#written.get(key) ?? 0;
  }

  /** Takes in an answer; `false`: it proves that the register has gone back. `floor`: `highest` when asked. */
  takes({ revision, entries }: Transacted, floor: Revision): boolean {
    const seen = entries.filter(({ key }) => PREFIXES.some((prefix) => key.startsWith(prefix)));
    if (revision < floor || seen.some((entry) => this.#isOlder(entry, revision))) return false;
    this.#highest = Math.max(this.#highest, revision);
    for (const entry of seen) {
      this.#written.set(entry.key, Math.max(this.writtenAt(entry.key), entry.revision));
    }
    return true;
  }

  /** At a revision that is late enough a key is there as it was before what is known of it. */
  #isOlder({ key, revision }: RegisterEntry, at: Revision): boolean {
    const known = this.writtenAt(key);
    return revision < known && known <= at;
  }

  forget(): void {
    this.#highest = 0;
    this.#written.clear();
  }
}
