/** Asks the register for shares as they should be: a change of each block at a time. */

import type { Instant } from '../../../protocol/units.ts';
import type { Block } from './block.ts';
import type { RegisterAnswer, RegisterAsk, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { type Need, planShares } from './share-plan.ts';
import { encodeShares, type Share } from './share-record.ts';
import { deadKey, joinedKey, type MemberId } from './site-keys.ts';

export type Transacted = Extract<RegisterAnswer, { kind: 'transacted' }>;

export interface SharesParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  /** Takes in what was answered; `true` where it is news. */
  readonly learn: (answer: Transacted, now: Instant) => boolean;
  /** What a block is about to give away is not lent any more. */
  readonly limit: (block: Block) => void;
}

/** Who is there. */
export interface Surroundings extends Pick<Need, 'alive'> {
  /** The dead of whose seats nobody holds one any more, and what proves it. */
  readonly gone: ReadonlyMap<MemberId, Revision>;
  /** Of this member's own key, which every change compares. */
  readonly fence: Revision;
}

export class Shares {
  readonly #parts: SharesParts;
  #asking = 0;
  #isOvertaken = false;

  constructor(parts: SharesParts) {
    this.#parts = parts;
  }

  /** Changes that are under way. */
  get asking(): number {
    return this.#asking;
  }

  /** Whether a change was refused since this was asked, as another was faster: it is of use at once. */
  takeOvertaken(): boolean {
    const isOvertaken = this.#isOvertaken;
    this.#isOvertaken = false;
    return isOvertaken;
  }

  /** Asks for a block to be shared otherwise, if it should be; `false` where it need not be. */
  plan(
    block: Block,
    use: Pick<Need, 'lent' | 'demand' | 'spare'>,
    surroundings: Surroundings,
    onAnswer: (isNews: boolean) => void,
  ): boolean {
    if (block.isAsking || block.shares === undefined) return true;
    const { alive, gone } = surroundings;
    const { me } = this.#parts;
    const total = block.counted?.total ?? 0;
    const need = { ...use, me, total, isQuiet: block.isQuiet, alive, gone };
    const planned = planShares(block.shares, need);
    const wish = planned ?? (block.isDoubtful ? block.shares : undefined);
    if (wish !== undefined) this.#ask(block, encodeShares(wish), wish, surroundings, onAnswer);
    return wish !== undefined;
  }

  /** Asks for exactly these shares of a block. */
  put(
    block: Block,
    planned: readonly Share[],
    surroundings: Surroundings,
    onAnswer: (isNews: boolean) => void,
  ): void {
    this.#ask(block, encodeShares(planned), planned, surroundings, onAnswer);
  }

  /** Has the register forget a block that nobody has or wants anything of. */
  forget(block: Block, surroundings: Surroundings, onAnswer: (isNews: boolean) => void): void {
    this.#ask(block, null, [], surroundings, onAnswer);
  }

  #ask(
    block: Block,
    value: Uint8Array | null,
    planned: readonly Share[],
    { fence, gone }: Surroundings,
    onAnswer: (isNews: boolean) => void,
  ): void {
    const { me, calls, learn, limit } = this.#parts;
    const before = block.shares ?? [];
    const struck = before.filter(({ member }) => !planned.some((one) => one.member === member));
    block.asks(planned.find(({ member }) => member === me)?.seats ?? 0);
    const ask: RegisterAsk = {
      compares: [
        { key: block.key, revision: block.revision },
        { key: joinedKey(me), revision: fence },
        // Each is as dead as it was seen to be, for as long.
        ...struck.map(({ member }) => ({ key: deadKey(member), revision: gone.get(member) ?? 0 })),
      ],
      writes: [{ key: block.key, value }],
      reads: block.reads,
    };
    this.#asking++;
    calls.ask(ask, (answer, { at }) => {
      this.#asking--;
      const isHeard = answer.kind === 'transacted';
      const isNews = isHeard && learn(answer, at.mono);
      const isThere = isHeard && answer.entries.some(({ key }) => key === block.key);
      const isGone = isHeard && !isThere && block.learnAbsent(answer.revision);
      block.answered(answer.kind === 'silent');
      this.#isOvertaken ||= isNews && !answer.isDone;
      onAnswer(isNews || isGone);
    });
    limit(block);
  }
}
