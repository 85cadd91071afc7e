/** Draws from metered allowances as an application does, and repeats them when in doubt. */

import type { ErrandEnd } from '../../protocol/client/errand.ts';
import type { Holder } from '../../protocol/holder.ts';
import { type ClientParts, ErrandRun } from './errand-run.ts';
import { METER } from './licenses.ts';

/** Draws that may be repeated later. */
const MEMORY = 5;

/** One draw as it was asked for. */
export interface DrawAsked {
  readonly id: Uint8Array;
  readonly product: string;
  readonly amount: number;
  /** The only agent that may be asked again. */
  agent: Uint8Array | null;
}

export class Drawer {
  readonly #parts: ClientParts;
  readonly #asked: (draw: DrawAsked) => void;
  readonly #draws: DrawAsked[] = [];

  /** `asked`: who is to know of every draw before an agent does. */
  constructor(parts: ClientParts, asked: (draw: DrawAsked) => void) {
    this.#parts = parts;
    this.#asked = asked;
  }

  /** Draws something, or draws once more what was drawn before. */
  draw(product: string, holder: Holder): void {
    const { random, host } = this.#parts;
    if (host.isAsleep) return;
    const old = random.chance(0.4) ? random.pick(this.#draws) : undefined;
    this.ask(old ?? this.#newDraw(product), holder);
  }

  ask(draw: DrawAsked, holder: Holder, onEnd: (end: ErrandEnd) => void = () => {}): void {
    const { random } = this.#parts;
    const secret = random.bytes(32);
    const agent = draw.agent === null ? null : { key: draw.agent, endpoint: undefined };
    const asked = { product: draw.product, agent, patience: 5000, secret, sent: 0, lastId: 0 };
    const { id: drawId, amount } = draw;
    const question = {
      kind: 'draw',
      product: draw.product,
      meter: METER,
      amount,
      drawId,
      holder,
    } as const;
    new ErrandRun(this.#parts, asked, question, (end) => {
      const key = end.kind === 'answered' ? end.agent.key : end.asked;
      // Once in doubt, always the same agent; `null` says that certainly nobody has counted it.
      draw.agent ??= key;
      onEnd(end);
    });
  }

  #newDraw(product: string): DrawAsked {
    const { random } = this.#parts;
    const draw: DrawAsked = {
      id: random.bytes(16),
      product,
      amount: random.pick([1, 1, 2, 7]),
      agent: null,
    };
    if (this.#draws.length >= MEMORY) this.#draws.shift();
    this.#draws.push(draw);
    this.#asked(draw);
    return draw;
  }
}
