/** Puts the administrator's rules in force, and shows them. The file that they are in is an edge's. */

import { err, unreachable } from '../../../protocol/result.ts';
import type { Effect } from '../effects.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import {
  type Operation,
  type Outcome,
  type RulesApply,
  type RulesView,
  refuseOperation,
} from '../operations.ts';
import type { Lending } from '../seats/lending.ts';
import { type RecountParts, recountAll } from '../seats/recount.ts';
import type { WaitingRoom } from '../seats/waiting-room.ts';
import type { Limits } from '../site/limits.ts';
import type { Situation } from '../situation.ts';
import type { RuleFault } from './rule.ts';
import type { Rules } from './rules.ts';
import { unknownSeats } from './unknown-seats.ts';

export interface RulesDeskParts extends RecountParts {
  readonly shelf: LicenseShelf;
  readonly lending: Lending;
  readonly waiting: WaitingRoom;
  readonly limits: Pick<Limits, 'recount'> | undefined;
}

export type RulesOperation = Extract<Operation, { kind: 'rules-show' }> | RulesApply;

export class RulesDesk {
  readonly #parts: RulesDeskParts;
  /** None before a file was applied. */
  #applied = false;

  constructor(parts: RulesDeskParts) {
    this.#parts = parts;
  }

  perform(operation: RulesOperation, { effects }: Situation): Outcome {
    switch (operation.kind) {
      case 'rules-show':
        return { kind: 'rules-show', rules: this.view() };
      case 'rules-apply':
        return this.#apply(operation, effects);
      default:
        return unreachable(operation);
    }
  }

  view(): RulesView {
    const { rules, shelf } = this.#parts;
    const licensed = new Map<string, readonly string[]>();
    for (const product of shelf.products()) {
      const pools = shelf.ofProduct(product).flatMap((one) => one.pools);
      licensed.set(product, [...new Set(pools.map((pool) => pool.class))]);
    }
    return {
      lines: rules.current.all.map(({ line }) => line),
      inForce: rules.inForce,
      lastGood: rules.lastGood,
      faults: rules.faults,
      warnings: unknownSeats(rules.current, licensed),
    };
  }

  /**
   * A faulty file changes nothing. Before the first sound one, those rules hold that were in force
   * when the agent ran last; where there are none, nothing is lent.
   */
  #apply({ file, lastGood }: RulesApply, effects: Effect[]): Outcome {
    const { rules } = this.#parts;
    const read = file.ok ? rules.read(file.value) : err(file.error);
    if (!read.ok) {
      rules.faults = read.error;
      if (!this.#applied && lastGood !== undefined) this.#fallBack(lastGood);
      rules.inForce = this.#applied;
      const note = { kind: 'rules-refused', faults: rules.faults, holding: this.#holding } as const;
      effects.push({ kind: 'note', note });
      return refuseOperation('faulty-rules', faultsToText(read.error));
    }
    // An agent that never had rules says nothing of it whenever it starts.
    const isWorthALine = !read.value.isEmpty || !rules.current.isEmpty || rules.faults.length > 0;
    const note = { kind: 'rules-taken', count: read.value.all.length } as const;
    if (isWorthALine) effects.push({ kind: 'note', note });
    this.#applied = true;
    rules.inForce = true;
    rules.lastGood = false;
    rules.faults = [];
    this.#take(read.value);
    return { kind: 'rules-apply', rules: this.view() };
  }

  #fallBack(text: string): void {
    const read = this.#parts.rules.read(text);
    if (!read.ok) return;
    this.#applied = true;
    this.#parts.rules.lastGood = true;
    this.#take(read.value);
  }

  /** Which rules hold while the file is faulty. */
  get #holding(): 'those before' | 'last good' | 'none' {
    if (!this.#applied) return 'none';
    return this.#parts.rules.lastGood ? 'last good' : 'those before';
  }

  #take(next: Rules): void {
    const { rules, waiting, lending, limits } = this.#parts;
    rules.current = next;
    recountAll(this.#parts);
    limits?.recount();
    waiting.rearrange();
    lending.seatsChanged();
  }
}

/** The faults of a file, one a line. */
export const faultsToText = (faults: readonly RuleFault[]): string =>
  faults
    .map(({ line, sentence }) => (line === 0 ? sentence : `Line ${line}: ${sentence}`))
    .join('\n');
