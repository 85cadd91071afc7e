/**
 * Reads the administrator's rules: one rule a line, `#` begins a comment, blank lines are free.
 *
 *     group NAME = MEMBER, MEMBER, …
 *     reserve N PRODUCT for WHO
 *     exclude WHO from PRODUCT
 *     limit N PRODUCT for WHO                 all of them together
 *     limit N PRODUCT for each user           each on its own; or: each host
 *     limit N PRODUCT for each user in group NAME
 *     borrow PRODUCT for WHO [up to TIME] [, at most N seats]
 *     borrow PRODUCT for nobody
 *     idle TIME PRODUCT for WHO               or: idle never PRODUCT for WHO
 *     priority NUMBER PRODUCT for WHO         -100 to 100, higher first, 0 without a rule
 *
 *     PRODUCT   NAME, NAME/CLASS, or everything (also *), which no reservation takes
 *     MEMBER    user NAME, host NAME, application NAME, group NAME, address RANGE
 *     WHO       a MEMBER, or everyone
 *     RANGE     10.1.2.3, 10.1.0.0/16, 10.1.0.5-10.1.0.9, or the same in IPv6
 *     TIME      N seconds, minutes, hours or days
 *
 * In names of users, hosts and applications `*` stands for any text and `?` for one character, and
 * case does not matter; products and classes are written as the license writes them. A name with
 * blanks, commas or signs stands in "quotation marks". A group may be used before its line.
 *
 * All reservations, exclusions and limits that fit a request hold. Of priorities, idle times and
 * borrowing the first line that fits decides. Once a line about borrowing names a product, only
 * those may borrow it whom a line names.
 */

import { utf8ToBytes } from '../../../protocol/bytes.ts';
import { isPlainText } from '../../../protocol/fields.ts';
import { err, ok, type Result } from '../../../protocol/result.ts';
import { checkGroups, unknownGroup } from './groups.ts';
import {
  FAULTS_MAX,
  GROUPS_MAX,
  type GroupRule,
  RULES_MAX,
  RULES_SIZE_MAX,
  type Rule,
  type RuleFault,
} from './rule.ts';
import { parseRuleLine, subjectOf } from './rule-line.ts';
import { Rules } from './rules.ts';

/** The rules of a whole file, or the first hundred faults in the order of their lines. */
export const parseRules = (text: string): Result<Rules, readonly RuleFault[]> => {
  const size = text.length > RULES_SIZE_MAX ? text.length : utf8ToBytes(text).length;
  if (size > RULES_SIZE_MAX) {
    const sentence = `The rules are longer than ${RULES_SIZE_MAX} bytes: use groups, or patterns with *.`;
    return err([{ line: 1, sentence }]);
  }
  const { rules, faults } = readLines(splitLines(text));
  faults.push(...checkCounts(rules));
  // A group that could not be read is no unknown group: first things first.
  if (faults.length === 0) faults.push(...checkDuplicates(rules), ...checkReferences(rules));
  if (faults.length === 0) return ok(new Rules(rules));
  return err(faults.sort((one, other) => one.line - other.line).slice(0, FAULTS_MAX));
};

/** The lines without their ends, whichever system wrote them; a byte-order mark is dropped. */
export const splitLines = (text: string): readonly string[] =>
  text.replace(/^\ufeff/, '').split(/\r?\n/);

const readLines = (
  lines: readonly string[],
): { readonly rules: readonly Rule[]; readonly faults: RuleFault[] } => {
  const rules: Rule[] = [];
  const faults: RuleFault[] = [];
  for (const [index, line] of lines.entries()) {
    const sentence = strangeText(line);
    const read = sentence === undefined ? parseRuleLine(line, index + 1) : err(sentence);
    if (!read.ok) faults.push({ line: index + 1, sentence: read.error });
    else if (read.value !== undefined) rules.push(read.value);
    if (faults.length >= FAULTS_MAX) break;
  }
  return { rules, faults };
};

const strangeText = (line: string): string | undefined => {
  if (line.includes('\ufffd')) return 'The line is not written in UTF-8: save the file as UTF-8.';
  if (isPlainText(line.replaceAll('\t', ' '))) return undefined;
  return 'The line holds an invisible character: type it anew.';
};

const isGroup = (rule: Rule): rule is GroupRule => rule.kind === 'group';

const checkCounts = (rules: readonly Rule[]): readonly RuleFault[] => {
  const faults: RuleFault[] = [];
  const [tooMany] = rules.slice(RULES_MAX);
  if (tooMany !== undefined) {
    const sentence = `There are more than ${RULES_MAX} rules: use groups, or patterns with *.`;
    faults.push({ line: tooMany.line.number, sentence });
  }
  const [group] = rules.filter(isGroup).slice(GROUPS_MAX);
  if (group !== undefined) {
    const sentence = `There are more than ${GROUPS_MAX} groups: put some of them together.`;
    faults.push({ line: group.line.number, sentence });
  }
  return faults;
};

const checkDuplicates = (rules: readonly Rule[]): readonly RuleFault[] => {
  const lines = new Map<string, number>();
  const faults: RuleFault[] = [];
  for (const rule of rules) {
    const subject = subjectOf(rule);
    const first = lines.get(subject);
    if (first === undefined) lines.set(subject, rule.line.number);
    else faults.push({ line: rule.line.number, sentence: duplicateSentence(rule, first) });
  }
  return faults;
};

const duplicateSentence = (rule: Rule, first: number): string =>
  rule.kind === 'group'
    ? `Group ${rule.name.text} is made on line ${first} already: put its members together there.`
    : `Line ${first} is a rule "${rule.kind}" on the same seats for the same already: keep one of the two.`;

const checkReferences = (rules: readonly Rule[]): readonly RuleFault[] => {
  const groups = rules.filter(isGroup);
  const names = new Map(groups.map(({ name }) => [name.folded, name.text]));
  const faults: RuleFault[] = [];
  for (const rule of rules) {
    for (const one of rule.kind === 'group' ? rule.members : [rule.who]) {
      if (one.kind !== 'group' || names.has(one.name.folded)) continue;
      faults.push({ line: rule.line.number, sentence: unknownGroup(one.name, names.values()) });
      if (faults.length >= FAULTS_MAX) return faults;
    }
  }
  return [...faults, ...checkGroups(groups)];
};
