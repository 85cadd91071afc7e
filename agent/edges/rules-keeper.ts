/**
 * Keeps the administrator's rules in their file: what a command changes is on the disk before it
 * holds. One change after the other, and none of a text that nobody has looked at.
 */

import { ok, type Result, unreachable } from '../../protocol/result.ts';
import {
  type Operation,
  type Outcome,
  type RuleFault,
  type RulesApply,
  type RulesChange,
  refuseOperation,
} from '../core/operations.ts';
import { editRules } from '../core/rules/edit-rules.ts';
import type { ReadRules } from '../core/rules/rule-book.ts';
import { faultsToText } from '../core/rules/rules-desk.ts';
import { systemReason } from '../system-reason.ts';
import type { RulesFile } from './rules-file.ts';

type FileText = Result<string, readonly RuleFault[]>;

/** What is done with the file, and not by the core alone. */
export type RulesFileOperation = Extract<
  Operation,
  { kind: 'rules-text' | 'rules-write' | 'rules-reload' | 'rules-edit' }
>;

export const isForRulesFile = (operation: Operation): operation is RulesFileOperation =>
  operation.kind === 'rules-text' ||
  operation.kind === 'rules-write' ||
  operation.kind === 'rules-reload' ||
  operation.kind === 'rules-edit';

/** Stands below the rules that are kept: their lines are numbered as they were. */
const REMARK =
  '# In force last. The agent keeps this for a start on a faulty rules.conf; change that one.\n';

interface RulesKeeperParts {
  readonly file: RulesFile;
  /** Where the rules are kept that were in force last. */
  readonly lastGood: RulesFile;
  /** As the agent reads them. */
  readonly read: ReadRules;
  readonly apply: (operation: RulesApply) => Promise<Outcome>;
  readonly warn: (sentence: string) => void;
  /** Resolves when the agent has started, or ends. */
  readonly started: Promise<void>;
}

export class RulesKeeper {
  readonly #parts: RulesKeeperParts;
  #last: Promise<unknown> = Promise.resolve();
  /** The text in force. */
  #taken: string | undefined;
  #keeping: Promise<void> | undefined;

  constructor(parts: RulesKeeperParts) {
    this.#parts = parts;
  }

  /** Does what is asked when all that was asked before is done. */
  perform(operation: RulesFileOperation): Promise<Outcome> {
    const done = this.#last.then(() => this.#perform(operation));
    this.#last = done.catch(() => {});
    return done;
  }

  /** Resolves when the rules of the start are kept, or cannot be. */
  async settled(): Promise<void> {
    await this.#keeping;
  }

  async #perform(operation: RulesFileOperation): Promise<Outcome> {
    await this.#keeping;
    const file = await this.#parts.file.read();
    if (operation.kind === 'rules-text') return this.#show(file);
    const outcome = await this.#change(file, operation);
    return outcome.kind === 'rules-apply' ? { ...outcome, kind: operation.kind } : outcome;
  }

  #change(
    file: FileText,
    operation: Exclude<RulesFileOperation, { kind: 'rules-text' }>,
  ): Promise<Outcome> {
    switch (operation.kind) {
      case 'rules-reload':
        return this.#take(file);
      case 'rules-edit':
        return this.#edit(file, operation.change);
      case 'rules-write':
        return this.#replace(file, operation);
      default:
        return unreachable(operation);
    }
  }

  #show(file: FileText): Outcome {
    const { path } = this.#parts.file;
    if (file.ok) return { kind: 'rules-text', file: path, text: file.value };
    const [fault] = file.error;
    return refuseOperation('faulty-rules', fault?.sentence ?? `${path} cannot be read.`);
  }

  /** Whoever edited a text that is no longer there would undo what somebody else has done. */
  async #replace(
    file: FileText,
    { text, was }: Extract<Operation, { kind: 'rules-write' }>,
  ): Promise<Outcome> {
    if (!file.ok || file.value !== was) {
      const detail = `${this.#parts.file.path} was changed meanwhile: look at it again before you write over it.`;
      return refuseOperation('rules-changed', detail);
    }
    const read = this.#parts.read(text);
    if (!read.ok) return refuseOperation('faulty-rules', faultsToText(read.error));
    return this.#write(text);
  }

  async #take(file: FileText): Promise<Outcome> {
    const kept = this.#taken === undefined ? await this.#readKept() : undefined;
    const lastGood = kept === undefined ? {} : { lastGood: kept.replace(REMARK, '') };
    const outcome = await this.#parts.apply({ kind: 'rules-apply', file, ...lastGood });
    if (outcome.kind === 'rules-apply' && file.ok) {
      const isFirst = this.#taken === undefined;
      this.#taken = file.value;
      // Nobody who waits for a seat at the start waits for this: the file itself is on the disk.
      if (isFirst) this.#keeping = this.#parts.started.then(() => this.#keep(file.value, kept));
      else await this.#keep(file.value, kept);
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

  async #edit(file: FileText, change: RulesChange): Promise<Outcome> {
    if (!file.ok || file.value !== this.#taken) {
      const detail = `${this.#parts.file.path} is not as the agent has taken it up: see it with \`usher rules check ${this.#parts.file.path}\`, then \`usher rules reload\`.`;
      return refuseOperation('rules-changed', detail);
    }
    const edited = editRules(file.value, change);
    if (!edited.ok) {
      const sentences = edited.error.map(({ sentence }) => sentence);
      return refuseOperation('faulty-rules', sentences.join('\n'));
    }
    const read = this.#parts.read(edited.value);
    if (!read.ok) return refuseOperation('faulty-rules', faultsToText(read.error));
    return this.#write(edited.value);
  }

  async #write(text: string): Promise<Outcome> {
    try {
      await this.#parts.file.write(text);
    } catch (error) {
      const detail = `${this.#parts.file.path} cannot be written, and the rules are as they were: ${systemReason(error)}.`;
      return refuseOperation('rules-unwritten', detail);
    }
    return this.#take(ok(text));
  }
}
