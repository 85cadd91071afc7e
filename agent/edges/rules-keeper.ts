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

/** Stands below the rules that are kept: their lines are numbered as they were. */
const REMARK =
  '# In force last. The agent keeps this for a start on a faulty rules.conf; change that one.\n';

interface RulesKeeperParts {
  readonly file: RulesFile;
  /** Where the rules are kept that were in force last. */
  readonly lastGood: RulesFile;
  readonly apply: (operation: RulesApply) => Promise<Outcome>;
  readonly warn: (sentence: string) => void;
}

export class RulesKeeper {
  readonly #parts: RulesKeeperParts;
  #last: Promise<unknown> = Promise.resolve();
  /** The text in force. */
  #taken: string | undefined;

  constructor(parts: RulesKeeperParts) {
    this.#parts = parts;
  }

  /** Does what is asked when all that was asked before is done. */
  perform(operation: RulesFileOperation): Promise<Outcome> {
    const done = this.#last.then(() => this.#perform(operation));
    this.#last = done.catch(() => {});
    return done;
  }

  async #perform(operation: RulesFileOperation): Promise<Outcome> {
    const text = await this.#parts.file.read();
    const outcome =
      operation.kind === 'rules-reload'
        ? await this.#take(text)
        : await this.#edit(text, operation.change);
    return outcome.kind === 'rules-apply' ? { ...outcome, kind: operation.kind } : outcome;
  }

  async #take(file: Result<string, readonly RuleFault[]>): Promise<Outcome> {
    const kept = this.#taken === undefined ? await this.#readKept() : undefined;
    const lastGood = kept === undefined ? {} : { lastGood: kept.replace(REMARK, '') };
    const outcome = await this.#parts.apply({ kind: 'rules-apply', file, ...lastGood });
    if (outcome.kind === 'rules-apply' && file.ok) {
      this.#taken = file.value;
      await this.#keep(file.value, kept);
    }
    return outcome;
  }

  /** The rules that were in force last; an empty file says as much as none. */
  async #readKept(): Promise<string | undefined> {
    const kept = await this.#parts.lastGood.read();
    return kept.ok && kept.value !== '' ? kept.value : undefined;
  }

  /** The rules are in force already: where they cannot be kept, nothing but that is said. */
  async #keep(text: string, kept: string | undefined): Promise<void> {
    const { lastGood, warn } = this.#parts;
    const whole = `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${REMARK}`;
    if (whole === kept) return;
    try {
      await lastGood.write(whole);
    } catch (error) {
      warn(
        `${lastGood.path} cannot be written, which a start on faulty rules would need: ${systemReason(error)}.`,
      );
    }
  }

  async #edit(file: Result<string, readonly RuleFault[]>, change: RulesChange): Promise<Outcome> {
    if (!file.ok || file.value !== this.#taken) {
      const detail = `${this.#parts.file.path} is not as the agent has taken it up: see it with \`usher rules check ${this.#parts.file.path}\`, then \`usher rules reload\`.`;
      return refuseOperation('rules-changed', detail);
    }
    const edited = editRules(file.value, change);
    if (!edited.ok) {
      const sentences = edited.error.map(({ sentence }) => sentence);
      return refuseOperation('faulty-rules', sentences.join('\n'));
    }
    try {
      await this.#parts.file.write(edited.value);
    } catch (error) {
      const detail = `${this.#parts.file.path} cannot be written, and the rules are as they were: ${systemReason(error)}.`;
      return refuseOperation('rules-unwritten', detail);
    }
    return this.#take(edited);
  }
}
