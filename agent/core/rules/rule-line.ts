/** Reads one line of the rules. Its grammar is told in parse-rules.ts. */

import { err, ok, type Result, unreachable } from '../../../protocol/result.ts';
import { LineReader } from './line-reader.ts';
import { namePattern } from './name-pattern.ts';
import {
  MEMBERS_MAX,
  type Member,
  type Rule,
  type RuleLine,
  type SeatRule,
  type Who,
} from './rule.ts';
import { readWords } from './rule-words.ts';

const VERBS = ['group', 'reserve', 'exclude', 'limit', 'borrow', 'idle', 'priority'] as const;

/** The rule of a line, `undefined` where it is blank or a comment, or what is wrong in a sentence. */
export const parseRuleLine = (line: string, number: number): Result<Rule | undefined, string> => {
  const read = readWords(line);
  if (!read.ok) return read;
  const { words, text } = read.value;
  if (words.length === 0) return ok(undefined);
  const reader = new LineReader(words);
  const rule = readRule(reader, { number, text });
  reader.end();
  return reader.fault === undefined ? ok(rule) : err(reader.fault);
};

const readRule = (reader: LineReader, line: RuleLine): Rule | undefined => {
  const verb = reader.keyword(VERBS);
  switch (verb) {
    case 'group':
      return readGroup(reader, line);
    case 'reserve':
      return readReserve(reader, line);
    case 'exclude': {
      const who = reader.who();
      reader.keyword(['from']);
      return { kind: verb, line, who, scope: reader.scope() };
    }
    case 'limit':
      return readLimit(reader, line);
    case 'borrow':
      return readBorrow(reader, line);
    case 'idle': {
      const longest = reader.accepts('never') ? undefined : reader.duration();
      return { kind: verb, line, longest, ...readFor(reader) };
    }
    case 'priority':
      return { kind: verb, line, priority: reader.priority(), ...readFor(reader) };
    case undefined:
      return undefined;
    default:
      return unreachable(verb);
  }
};

/** `PRODUCT for WHO`. */
const readFor = (reader: LineReader): Pick<SeatRule, 'scope' | 'who'> => {
  const scope = reader.scope();
  reader.keyword(['for']);
  return { scope, who: reader.who() };
};

const readGroup = (reader: LineReader, line: RuleLine): Rule => {
  const name = namePattern(reader.name('the name of the group'));
  if (name.isGlob) reader.spoil('A group has a plain name, without * and ?.');
  reader.keyword(['=']);
  const members: Member[] = [];
  do members.push(reader.member());
  while (reader.accepts(',') && members.length <= MEMBERS_MAX);
  if (members.length > MEMBERS_MAX) {
    reader.spoil(`A group has at most ${MEMBERS_MAX} members: make several groups of them.`);
  }
  return { kind: 'group', line, name, members };
};

const readReserve = (reader: LineReader, line: RuleLine): Rule => {
  const seats = reader.count();
  const rest = readFor(reader);
  if (rest.scope.product === null) {
    reader.spoil('Seats are reserved of one product: name it instead of everything.');
  }
  return { kind: 'reserve', line, seats, ...rest };
};

/** `limit N PRODUCT for WHO`, `for each user`, `for each host in group NAME`. */
const readLimit = (reader: LineReader, line: RuleLine): Rule => {
  const most = reader.count();
  const scope = reader.scope();
  reader.keyword(['for']);
  if (!reader.accepts('each')) {
    return { kind: 'limit', line, most, scope, who: reader.who(['each']), each: undefined };
  }
  const each = reader.keyword(['user', 'host']);
  if (!reader.accepts('in')) {
    return { kind: 'limit', line, most, scope, who: { kind: 'everyone' }, each };
  }
  reader.keyword(['group']);
  const name = namePattern(reader.name('the name of a group'));
  return { kind: 'limit', line, most, scope, who: { kind: 'group', name }, each };
};

/** `borrow PRODUCT for WHO up to 7 days, at most 3 seats`; the two ends may be left out. */
const readBorrow = (reader: LineReader, line: RuleLine): Rule => {
  const scope = reader.scope();
  reader.keyword(['for']);
  if (reader.accepts('nobody')) {
    const who: Who = { kind: 'nobody' };
    return { kind: 'borrow', line, scope, who, longest: undefined, seats: undefined };
  }
  const who = reader.who(['nobody']);
  let longest: BorrowEnd['longest'];
  let seats: BorrowEnd['seats'];
  if (reader.accepts('up')) {
    reader.keyword(['to']);
    longest = reader.duration();
  }
  const goesOn = reader.accepts(',');
  if (goesOn || reader.accepts('at')) {
    if (goesOn) reader.keyword(['at']);
    reader.keyword(['most']);
    seats = reader.count();
    if (!reader.accepts('seats')) reader.keyword(['seat', 'seats']);
  }
  return { kind: 'borrow', line, scope, who, longest, seats };
};

type BorrowEnd = Pick<Extract<Rule, { kind: 'borrow' }>, 'longest' | 'seats'>;

/** What two rules have in common that say, or contradict, the same. */
export const subjectOf = (rule: Rule): string => {
  if (rule.kind === 'group') return JSON.stringify([rule.kind, rule.name.folded]);
  const { kind, scope, who } = rule;
  const subject = 'name' in who ? who.name.folded : 'range' in who ? rangeKey(who) : '';
  const each = kind === 'limit' ? rule.each : undefined;
  return JSON.stringify([kind, scope.product, scope.class, who.kind, subject, each ?? null]);
};

const rangeKey = ({ range }: Extract<Member, { kind: 'address' }>): string =>
  `${range.first.join('.')}-${range.last.join('.')}`;
