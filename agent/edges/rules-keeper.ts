/**
 * Keeps the administrator's rules in their file: what a command changes is on the disk before it
 * holds. One change after the other, and none of a text that nobody has looked at.
 */

import type { Result } from '../../protocol/result.ts';
import {
  type Operation,
  type Outcome,
  type RuleFault,
  type RulesApply,
  type RulesChange,
  refuseOperation,
} from '../core/operations.ts';
import { editRules } from '../core/rules/edit-rules.ts';
import { systemReason } from '../system-reason.ts';
import type { RulesFile } from './rules-file.ts';

/** What is done with the file, and not by the core alone. */
export type RulesFileOperation = Extract<Operation, { kind: 'rules-reload' | 'rules-edit' }>;

export const isForRulesFile = (operation: Operation): operation is RulesFileOperation =>
  operation.kind === 'rules-reload' || operation.kind === 'rules-edit';

export class RulesKeeper {
  readonly #file: RulesFile;
  readonly #apply: (operation: RulesApply) => Promise<Outcome>;
  #last: Promise<unknown> = Promise.resolve();
  /** The text in force. */
  #taken: string | undefined;

  constructor(file: RulesFile, apply: (operation: RulesApply) => Promise<Outcome>) {
    this.#file = file;
    this.#apply = apply;
  }

  /** Does what is asked when all that was asked before is done. */
  perform(operation: RulesFileOperation): Promise<Outcome> {
    const done = this.#last.then(() => this.#perform(operation));
    this.#last = done.catch(() => {});
    return done;
  }

  async #perform(operation: RulesFileOperation): Promise<Outcome> {
    const text = await this.#file.read();
    const outcome =
      operation.kind === 'rules-reload'
        ? await this.#take(text)
        : await this.#edit(text, operation.change);
    return outcome.kind === 'rules-apply' ? { ...outcome, kind: operation.kind } : outcome;
  }

  async #take(file: Result<string, readonly RuleFault[]>): Promise<Outcome> {
    const outcome = await this.#apply({ kind: 'rules-apply', file });
    if (outcome.kind === 'rules-apply' && file.ok) this.#taken = file.value;
    return outcome;
  }

  async #edit(file: Result<string, readonly RuleFault[]>, change: RulesChange): Promise<Outcome> {
    if (!file.ok || file.value !== this.#taken) {
      const detail = `${this.#file.path} is not as the agent has taken it up: see it with \`usher rules check ${this.#file.path}\`, then \`usher rules reload\`.`;
      return refuseOperation('rules-changed', detail);
    }
    const edited = editRules(file.value, change);
    if (!edited.ok) {
      const sentences = edited.error.map(({ sentence }) => sentence);
      return refuseOperation('faulty-rules', sentences.join('\n'));
    }
    try {
      await this.#file.write(edited.value);
    } catch (error) {
      const detail = `${this.#file.path} cannot be written, and the rules are as they were: ${systemReason(error)}.`;
      return refuseOperation('rules-unwritten', detail);
    }
    return this.#take(edited);
  }
}
