/** What is known of the masters, and parents, that licenses here name: when each was heard last. */

import type { EpochSeconds } from '../../../protocol/units.ts';
import { LICENSES_MAX } from '../licenses/license-shelf.ts';
import type { MasterAnswer } from './master-answer.ts';
import type { MasterTrouble, MasterView } from './master-view.ts';

export class Masters {
  readonly #seen = new Map<string, MasterView>();
  #areSilent = false;

  /** Whether one did not answer when it was asked last. Costs nothing: every step asks it. */
  get areSilent(): boolean {
    return this.#areSilent;
  }

  /** Takes note of what came of a call; how the master stood before. */
  hear(master: string, answer: MasterAnswer, at: EpochSeconds): MasterView['standing'] {
    const { standing: before, ...known } = this.#of(master);
    const isSilent =
      !answer.ok && (answer.code === 'unreachable' || answer.code === 'not-a-master');
    this.#keep({
      ...known,
      standing: isSilent ? 'silent' : 'answers',
      heard: isSilent ? known.heard : at,
      silentSince: isSilent ? (known.silentSince ?? at) : null,
      failure: answer.ok ? known.failure : { at, code: answer.code, sentence: answer.sentence },
    });
    return before;
  }

  /** Takes note that an answer could not be used. */
  fail(master: string, failure: MasterTrouble): void {
    this.#keep({ ...this.#of(master), failure });
  }

  /** Those of these addresses, each once. */
  view(named: Iterable<string>): readonly MasterView[] {
    return [...new Set(named)].map((master) => this.#of(master));
  }

  #of(master: string): MasterView {
    const unasked = { standing: 'unasked', heard: null, silentSince: null, failure: null } as const;
    return this.#seen.get(master) ?? { master, ...unasked };
  }

  /** Licenses come and go: what was said of the one that was called longest ago is forgotten first. */
  #keep(view: MasterView): void {
    this.#seen.delete(view.master);
    this.#seen.set(view.master, view);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > LICENSES_MAX && oldest !== undefined) this.#seen.delete(oldest);
    this.#areSilent = [...this.#seen.values()].some(({ standing }) => standing === 'silent');
  }
}
