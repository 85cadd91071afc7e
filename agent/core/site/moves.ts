/**
 * Leases of the dead that are taken over here: the seat moves from the dead member's share to this
 * one's, once, in the transaction that writes it down; then it is granted like any other.
 */

import type { Block } from './block.ts';
import type { RegisterAsk, RegisterEntry, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import type { SeatShown } from './seat-tickets.ts';
import { encodeShares } from './share-record.ts';
import { joinedKey, type MemberId, movedKey } from './site-keys.ts';

export interface MovesParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
}

/** Where a move is. */
type Move = 'asked' | 'made' | 'over';

export class Moves {
  readonly #parts: MovesParts;
  readonly #moves = new Map<string, Move>();

  constructor(parts: MovesParts) {
    this.#parts = parts;
  }

  stateOf({ member, requestId }: SeatShown, clientKey: Uint8Array): Move | undefined {
    return this.#moves.get(movedKey(member, clientKey, requestId));
  }

  /** It was granted, or is not asked for any more. */
  forget({ member, requestId }: SeatShown, clientKey: Uint8Array): void {
    this.#moves.delete(movedKey(member, clientKey, requestId));
  }

  /** Asks for the seat; `learn` takes in what the register says. */
  make(
    shown: SeatShown,
    clientKey: Uint8Array,
    block: Block,
    fence: Revision,
    learn: (entries: readonly RegisterEntry[]) => void,
  ): void {
    const { me, calls } = this.#parts;
    const { member, seats, requestId } = shown;
    const moved = movedKey(member, clientKey, requestId);
    const planned = (block.shares ?? [])
      .filter((share) => share.member !== me)
      .map((share) => (share.member === member ? { ...share, seats: share.seats - seats } : share));
    const own = block.shares?.find((share) => share.member === me);
    const mine = { member: me, wanted: 0, since: 0, ...own, seats: (own?.seats ?? 0) + seats };
    const shares = [...planned, mine].sort((one, other) => (one.member < other.member ? -1 : 1));
    this.#moves.set(moved, 'asked');
    const ask: RegisterAsk = {
      compares: [
        { key: block.key, revision: block.revision },
        { key: joinedKey(me), revision: fence },
        // Nobody but the dead can have lent it, and nobody else has taken it over.
        { key: joinedKey(member), revision: 0 },
        { key: moved, revision: 0 },
      ],
      writes: [
        { key: block.key, value: encodeShares(shares) },
        { key: moved, value: new Uint8Array(0) },
      ],
      reads: [
        { prefix: block.key, since: 0 },
        { prefix: moved, since: 0 },
      ],
    };
    calls.ask(ask, (answer) => {
      if (answer.kind !== 'transacted') {
        this.#moves.delete(moved);
        return;
      }
      const isThere = answer.entries.some(({ key }) => key === moved);
      if (answer.isDone) this.#moves.set(moved, 'made');
      else if (isThere) this.#moves.set(moved, 'over');
      else this.#moves.delete(moved);
      learn(answer.entries);
    });
  }
}
