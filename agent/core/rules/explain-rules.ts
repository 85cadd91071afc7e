/** Says line by line what the rules mean for one request, and why. */

import { unreachable } from '../../../protocol/result.ts';
import { belongsTo, type Standing } from './groups.ts';
import {
  type Asker,
  covers,
  type GroupRule,
  type ReserveRule,
  type RuleLine,
  type Scope,
  type SeatRule,
  type Target,
  type Who,
} from './rule.ts';
import type { Rules } from './rules.ts';

export interface RuleExplanation {
  readonly line: RuleLine;
  /** One sentence. */
  readonly says: string;
  /** Whether the line has a say on this request. */
  readonly applies: boolean;
}

interface Situation {
  readonly asker: Asker;
  readonly target: Target;
  readonly standing: Standing;
  readonly mayBorrow: boolean;
  /** By kind of rule the line that decides, where the first one that fits does. */
  readonly deciding: ReadonlyMap<SeatRule['kind'], RuleLine>;
}

const FIRST_DECIDES: readonly SeatRule['kind'][] = ['borrow', 'idle', 'priority'];

/** Every rule in the order of the lines. It knows no counts: what is held now is not in it. */
export const explainRules = (
  rules: Rules,
  asker: Asker,
  target: Target,
): readonly RuleExplanation[] => {
  const standing = rules.standing(asker);
  const deciding = decidingLines(rules, target, standing);
  const mayBorrow = rules.borrow(asker, target).allowed;
  const situation = { asker, target, standing, mayBorrow, deciding };
  return rules.all.map((rule) =>
    rule.kind === 'group' ? explainGroup(rule, situation) : explainRule(rule, situation),
  );
};

const decidingLines = (
  { all }: Rules,
  target: Target,
  standing: Standing,
): ReadonlyMap<SeatRule['kind'], RuleLine> => {
  const lines = new Map<SeatRule['kind'], RuleLine>();
  for (const rule of all) {
    if (rule.kind === 'group' || lines.has(rule.kind)) continue;
    if (!FIRST_DECIDES.includes(rule.kind) || !covers(rule.scope, target)) continue;
    if (belongsTo(rule.who, standing)) lines.set(rule.kind, rule.line);
  }
  return lines;
};

const explainGroup = (
  { line, name, members }: GroupRule,
  { asker, standing }: Situation,
): RuleExplanation => {
  const member = members.find((one) => belongsTo(one, standing));
  if (member === undefined) {
    return { line, applies: false, says: `${asking(asker)} is not in group ${name.text}.` };
  }
  const says = `${asking(asker)} is in group ${name.text}, as ${whoWords(member)}.`;
  return { line, applies: true, says };
};

const explainRule = (rule: SeatRule, situation: Situation): RuleExplanation => {
  const { line } = rule;
  const no = (reason: string): RuleExplanation => ({
    line,
    applies: false,
    says: `Does not apply: ${reason}.`,
  });
  const yes = (says: string): RuleExplanation => ({ line, applies: true, says: `${says}.` });
  const { asker, target, standing, mayBorrow, deciding } = situation;
  const elsewhere = otherSeats(rule, target);
  if (elsewhere !== undefined) return no(elsewhere);
  const isMeant = belongsTo(rule.who, standing);
  if (rule.kind === 'reserve') return yes(reserveWords(rule, situation, isMeant));
  if (rule.kind === 'borrow' && !mayBorrow) {
    const may = rule.who.kind === 'nobody' ? 'Nobody' : `Only ${whoWords(rule.who)}`;
    return yes(`${may} may borrow ${seatWords(rule.scope)}, so ${asking(asker)} may not`);
  }
  if (!isMeant) return no(`it is for ${whoWords(rule.who)} only`);
  const first = deciding.get(rule.kind) ?? line;
  if (first !== line) return no(`line ${first.number} comes first`);
  return yes(`${reason(rule.who, asker)}, so ${outcome(rule, asker)}`);
};

/** Why a rule about other seats has no say. A reservation may reach seats of other classes. */
const otherSeats = ({ kind, scope }: SeatRule, target: Target): string | undefined => {
  if (covers(scope, target)) return undefined;
  if (scope.product !== null && scope.product !== target.product) {
    return `it is about ${scope.product}, not ${target.product}`;
  }
  if (kind === 'reserve') return undefined;
  const asked = target.class === null ? 'and no class was asked for' : `not ${target.class}`;
  return `it is about class ${scope.class}, ${asked}`;
};

const reserveWords = (
  { seats, scope, who }: ReserveRule,
  { asker, target }: Situation,
  isMeant: boolean,
): string => {
  const kept = `${count(seats)} of ${seatWords(scope)} ${seats === 1 ? 'is' : 'are'} kept`;
  const isOther = scope.class !== null && scope.class !== target.class;
  if (isMeant && !isOther) {
    const isAlone = who.kind === 'user' && !who.name.isGlob;
    const others = isAlone || who.kind === 'everyone' ? '' : ` and the rest of ${whoWords(who)}`;
    return `${reason(who, asker)}, so ${kept} for ${asking(asker)}${others}`;
  }
  const reach = isOther ? `, of generic seats where class ${scope.class} has too few free` : '';
  const not = isMeant ? 'for requests of other classes' : `for ${asking(asker)}`;
  return `${kept} for ${whoWords(who)}${reach}, not ${not}`;
};

/** What follows for somebody whom the rule means. */
const outcome = (rule: Exclude<SeatRule, ReserveRule>, asker: Asker): string => {
  const seats = seatWords(rule.scope);
  switch (rule.kind) {
    case 'exclude':
      return `${asking(asker)} gets no seat of ${seats}`;
    case 'limit': {
      if (rule.each === undefined) {
        return `${whoWords(rule.who)} may hold at most ${count(rule.most)} of ${seats} together`;
      }
      return `${rule.each} ${asker[rule.each]} may hold at most ${count(rule.most)} of ${seats}`;
    }
    case 'borrow': {
      const time = rule.longest === undefined ? '' : ` for up to ${timeWords(rule.longest)}`;
      const most = rule.seats === undefined ? '' : `, at most ${count(rule.seats)} at a time`;
      return `${asking(asker)} may borrow ${seats}${time}${most}`;
    }
    case 'idle':
      return rule.longest === undefined
        ? `an idle seat of ${seats} stays with ${asking(asker)}`
        : `a seat of ${seats} that is idle for ${timeWords(rule.longest)} is given up`;
    case 'priority':
      return `${asking(asker)} waits for ${seats} with priority ${rule.priority}`;
    default:
      return unreachable(rule);
  }
};

/** `alice on ws-12`: who asks, for a sentence. */
const asking = ({ user, host }: Asker): string => {
  if (user === '') return host === '' ? 'this client' : `the client on ${host}`;
  return host === '' ? user : `${user} on ${host}`;
};

const whoWords = (who: Who): string => {
  if ('range' in who) return `address ${who.range.text}`;
  return 'name' in who ? `${who.kind} ${who.name.text}` : who.kind;
};

/** Why the asker is meant. */
const reason = (who: Who, asker: Asker): string => {
  switch (who.kind) {
    case 'everyone':
    case 'nobody':
      return `It is for ${who.kind}`;
    case 'group':
      return `${asking(asker)} is in ${whoWords(who)}`;
    case 'address':
      return `Address ${asker.address} is in ${who.range.text}`;
    case 'user':
    case 'host':
    case 'application':
      return who.name.isGlob
        ? `${capital(who.kind)} ${asker[who.kind]} fits ${who.name.text}`
        : `It is for ${whoWords(who)}`;
    default:
      return unreachable(who);
  }
};

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

const seatWords = ({ product, class: className }: Scope): string => {
  if (product === null) return 'any product';
  return className === null ? product : `${product}/${className}`;
};

const count = (seats: number): string => `${seats} ${seats === 1 ? 'seat' : 'seats'}`;

const LENGTHS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `7 days`: in the largest unit that divides it. */
const timeWords = (length: number): string => {
  const [unit, size] = LENGTHS.find(([, each]) => length % each === 0) ?? (['second', 1] as const);
  return `${length / size} ${unit}${length === size ? '' : 's'}`;
};
