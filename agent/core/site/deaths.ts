/** Finds members dead that are silent. From then on such a one can change nothing before it joins anew. */

import type { Instant } from '../../../protocol/units.ts';
import type { RegisterEntry, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { beatKey, deadKey, joinedKey, type MemberId } from './site-keys.ts';
import { MEMBER_READS } from './site-reads.ts';
import type { Silent, Witness } from './witness.ts';

export interface DeathsParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  readonly witness: Witness;
  /** Something was heard of the members. */
  readonly onHeard: () => void;
}

export class Deaths {
  readonly #parts: DeathsParts;
  /** Members that are being found dead. */
  readonly #dying = new Set<MemberId>();

  constructor(parts: DeathsParts) {
    this.#parts = parts;
  }

  /** When to call `find` next; `undefined` while it is being decided on. */
  due(now: Instant): Instant | undefined {
    const { me, witness } = this.#parts;
    return this.#dying.size === 0 ? witness.due(me, now) : undefined;
  }

  /** `fence`: of this member. To be called at every step: it costs next to nothing before it is due. */
  find(fence: Revision, now: Instant): void {
    const due = this.#parts.witness.due(this.#parts.me, now);
    if (due === undefined || now < due) return;
    for (const silent of this.#parts.witness.silent(this.#parts.me, now)) {
      if (!this.#dying.has(silent.member)) this.#find(silent, fence);
    }
  }

  #find({ member, card, compares }: Silent, fence: Revision): void {
    const { calls, me } = this.#parts;
    this.#dying.add(member);
    const ask = {
      compares: [...compares, { key: joinedKey(me), revision: fence }],
      writes: [
        { key: joinedKey(member), value: null },
        { key: beatKey(member), value: null },
        { key: deadKey(member), value: card },
      ],
      reads: MEMBER_READS,
    };
    calls.ask(ask, (answer, { at }) => {
      this.#dying.delete(member);
      if (answer.kind === 'transacted') this.#hear(answer.entries, answer.revision, at.mono);
    });
  }

  /** Another may have been faster, or the member is not dead. */
  #hear(entries: readonly RegisterEntry[], revision: Revision, now: Instant): void {
    this.#parts.witness.learn(entries, revision, now);
    this.#parts.onHeard();
  }
}
