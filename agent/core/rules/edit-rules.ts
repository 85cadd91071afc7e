/** Changes the text of the rules by command. Comments, order and line ends stay as they are. */

import { err, ok, type Result } from '../../../protocol/result.ts';
import { didYouMean } from './nearest-word.ts';
import { parseRules } from './parse-rules.ts';
import type { RuleFault } from './rule.ts';
import { parseRuleLine } from './rule-line.ts';
import { readWords } from './rule-words.ts';

export type RulesChange =
  /** Puts a rule at the end, or before the line of this number: where the first that fits decides. */
  | { readonly kind: 'add'; readonly line: string; readonly before?: number }
  /** Takes out the rule on this line, or the one that is written so, with or without its comment. */
  | { readonly kind: 'remove'; readonly line: number | string };

type Edited = Result<string, readonly RuleFault[]>;

const BYTE_ORDER_MARK = '\ufeff';

/**
 * The changed text, which always parses; or the faults, by the line numbers of the text as it was.
 * A rule that says or contradicts what another says is refused; so is taking out a group in use.
 */
export const editRules = (text: string, change: RulesChange): Edited => {
  if (text.startsWith(BYTE_ORDER_MARK)) {
    const edited = editRules(text.slice(BYTE_ORDER_MARK.length), change);
    return edited.ok ? ok(BYTE_ORDER_MARK + edited.value) : edited;
  }
  // Each line with its end; the last may have none.
  const lines = text === '' ? [] : text.split(/(?<=\n)/);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return change.kind === 'add'
    ? addRule(lines, `${change.line.trim()}${end}`, change.before)
    : removeRule(lines, change.line, end);
};

const fault = (line: number, sentence: string): Edited => err([{ line, sentence }]);

const addRule = (lines: readonly string[], added: string, before = lines.length + 1): Edited => {
  if (!Number.isInteger(before) || before < 1 || before > lines.length + 1) {
    return fault(before, `There is no line ${before}: the rules have ${lines.length} lines.`);
  }
  const line = added.trimEnd();
  if (/[\r\n]/.test(line)) return fault(before, 'Add one rule at a time, on one line.');
  const read = parseRuleLine(line, before);
  if (!read.ok) return fault(before, read.error);
  if (read.value === undefined) return fault(before, 'There is no rule in it: nothing is added.');
  const last = lines.at(-1) ?? '\n';
  const end = added.slice(line.length);
  const ended = last.endsWith('\n') ? lines : [...lines.slice(0, -1), last + end];
  // Whether rules fit together does not depend on their order: tried at the end, numbers stay.
  const tried = parseRules([...ended, added].join(''));
  if (tried.ok) return ok(ended.toSpliced(before - 1, 0, added).join(''));
  return err(tried.error.map((one) => (one.line > lines.length ? { ...one, line: before } : one)));
};

const removeRule = (lines: readonly string[], wanted: number | string, end: string): Edited => {
  const number = typeof wanted === 'number' ? wanted : findRule(lines, wanted.trim());
  const line = lines[number - 1];
  if (line === undefined || isBlank(line)) {
    if (typeof wanted === 'number') {
      return fault(number, `Line ${wanted} holds no rule: nothing is taken out.`);
    }
    const known = lines.map(textOf).filter((text) => text !== '');
    const hint = didYouMean(wanted.trim(), known);
    return fault(number, `No rule is written so: nothing is taken out.${hint}`);
  }
  const tried = parseRules(lines.with(number - 1, end).join(''));
  return tried.ok ? ok(lines.toSpliced(number - 1, 1).join('')) : tried;
};

/** The number of the line that holds this rule, or 0. */
const findRule = (lines: readonly string[], wanted: string): number =>
  1 + lines.findIndex((line) => !isBlank(line) && [textOf(line), line.trim()].includes(wanted));

const isBlank = (line: string): boolean => textOf(line) === '';

/** The line without its comment. */
const textOf = (line: string): string => {
  const read = readWords(line);
  return read.ok ? read.value.text : line.trim();
};
