/**
 * Keeps the administrator's rules in their file: what a command changes is on the disk before it
 * holds. One change after the other, and none of a text that nobody has looked at.
 */

import { bytesToUtf8, equalBytes } from '../../protocol/bytes.ts';
import { ok, type Result, unreachable } from '../../protocol/result.ts';
import type { TakeShared } from '../core/charter/charter-effects.ts';
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

/** What is wrong is in the line that was given; the agent's own rules are as they were. */
const FORMS = 'See those in force with `usher rules show`, and the forms with `usher rules help`.';

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

/** Of which the rules are the same on every member. */
export interface SiteOfRules {
  /** Has the site take a text in the place of another, before it is this member's; or is refused. */
  readonly share: (text: string, was: string, who: string) => Promise<Outcome>;
  /** As it is known which text of the site was here last. */
  readonly hash: (text: string) => Uint8Array;
  /** Where rules are kept that those of the site take the place of. */
  readonly aside: () => RulesFile;
}

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
  /** Where the agent is a member of one. */
  readonly site?: SiteOfRules;
}

export class RulesKeeper {
  readonly #parts: RulesKeeperParts;
  #last: Promise<unknown> = Promise.resolve();
  /** The text in force. */
  #taken: string | undefined;
  #keeping: Promise<void> | undefined;
  /** A text of the site that cannot be taken up. */
  #unreadable: Uint8Array | undefined;

  constructor(parts: RulesKeeperParts) {
    this.#parts = parts;
  }

  /** Does what is asked when all that was asked before is done. */
  perform(operation: RulesFileOperation, who = ''): Promise<Outcome> {
    return this.#inTurn(() => this.#perform(operation, who));
  }

  /** Has the site's rules in the file and in force, and calls back when they are; it never rejects. */
  takeShared(asked: TakeShared, done: () => void): Promise<void> {
    return this.#inTurn(() => this.#takeShared(asked, done)).catch((error: unknown) => {
      const { warn, file } = this.#parts;
      warn(`The site's rules cannot be written to ${file.path}: ${systemReason(error)}.`);
    });
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#last.then(job);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Resolves when the rules of the start are kept, or cannot be. */
  async settled(): Promise<void> {
    await this.#keeping;
  }

  async #perform(operation: RulesFileOperation, who: string): Promise<Outcome> {
    await this.#keeping;
    const file = await this.#parts.file.read();
    if (operation.kind === 'rules-text') return this.#show(file);
    const outcome = await this.#change(file, operation, who);
    return outcome.kind === 'rules-apply' ? { ...outcome, kind: operation.kind } : outcome;
  }

  #change(
    file: FileText,
    operation: Exclude<RulesFileOperation, { kind: 'rules-text' }>,
    who: string,
  ): Promise<Outcome> {
    switch (operation.kind) {
      case 'rules-reload':
        return this.#reload(file, who);
      case 'rules-edit':
        return this.#edit(file, operation.change, who);
      case 'rules-write':
        return this.#replace(file, operation, who);
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
    who: string,
  ): Promise<Outcome> {
    if (!file.ok || file.value !== was) {
      const detail = `${this.#parts.file.path} was changed meanwhile: look at it again before you write over it.`;
      return refuseOperation('rules-changed', detail);
    }
    const read = this.#parts.read(text);
    if (!read.ok) return refuseOperation('faulty-rules', faultsToText(read.error));
    return this.#write(text, who);
  }

  /** What was written by hand is offered to the site before it is in force. */
  async #reload(file: FileText, who: string): Promise<Outcome> {
    const isNews = this.#taken !== undefined && file.ok && file.value !== this.#taken;
    if (isNews && this.#parts.read(file.value).ok) {
      const refused = await this.#share(file.value, who);
      if (refused !== undefined) return refused;
    }
    return this.#take(file);
  }

  /** Why not, or `undefined` when all members will have it. */
  async #share(text: string, who: string): Promise<Outcome | undefined> {
    const outcome = await this.#parts.site?.share(text, this.#taken ?? '', who);
    return outcome?.kind === 'refused' ? outcome : undefined;
  }

  async #takeShared({ bytes, before }: TakeShared, done: () => void): Promise<void> {
    await this.#keeping;
    const file = await this.#parts.file.read();
    // The site has no rules: those that are here are its first.
    if (bytes === null) {
      if (this.#taken) await this.#share(this.#taken, '');
      return;
    }
    const text = bytesToUtf8(bytes);
    const read = text === undefined ? undefined : this.#parts.read(text);
    if (text === undefined || read?.ok !== true) return this.#cannotTake(bytes, read);
    if (!file.ok || file.value !== text) {
      if (file.ok) await this.#putAside(file.value, before);
      await this.#parts.file.write(text);
    }
    if (this.#taken !== text) await this.#take(ok(text));
    done();
  }

  /** Said once of each text: it is tried again and again. */
  #cannotTake(bytes: Uint8Array, read: ReturnType<ReadRules> | undefined): void {
    if (this.#unreadable !== undefined && equalBytes(this.#unreadable, bytes)) return;
    this.#unreadable = bytes;
    const faults = read?.ok === false ? ` ${faultsToText(read.error)}` : '';
    this.#parts.warn(
      `The site's rules cannot be read by this agent, and those before hold on here: is it older than the others?${faults}`,
    );
  }

  /** What was here is kept, unless it is what the site had before. */
  async #putAside(text: string, before: Uint8Array | null): Promise<void> {
    const { site, warn, file } = this.#parts;
    if (text === '' || site === undefined) return;
    if (before !== null && equalBytes(site.hash(text), before)) return;
    const aside = site.aside();
    await aside.write(text);
    warn(
      `The site's rules have taken the place of those in ${file.path}, which are kept as ${aside.path}. To have them again, on all members: copy them back, then \`usher rules reload\`.`,
    );
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

  async #edit(file: FileText, change: RulesChange, who: string): Promise<Outcome> {
    if (!file.ok || file.value !== this.#taken) {
      const detail = `${this.#parts.file.path} is not as the agent has taken it up: see it with \`usher rules check ${this.#parts.file.path}\`, then \`usher rules reload\`.`;
      return refuseOperation('rules-changed', detail);
    }
    const edited = editRules(file.value, change);
    if (!edited.ok) {
      const sentences = edited.error.map(({ sentence }) => sentence);
      return refuseOperation('faulty-rules', `${sentences.join('\n')} ${FORMS}`);
    }
    const read = this.#parts.read(edited.value);
    if (!read.ok) return refuseOperation('faulty-rules', `${faultsToText(read.error)} ${FORMS}`);
    return this.#write(edited.value, who);
  }

  async #write(text: string, who: string): Promise<Outcome> {
    const refused = await this.#share(text, who);
    if (refused !== undefined) return refused;
    try {
      await this.#parts.file.write(text);
    } catch (error) {
      const detail = `${this.#parts.file.path} cannot be written, and the rules are as they were: ${systemReason(error)}.`;
      return refuseOperation('rules-unwritten', detail);
    }
    return this.#take(ok(text));
  }
}
