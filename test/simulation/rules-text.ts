/** Rules that administrators of a seed write, now and then with a slip. */

import { parseRules } from '../../agent/core/rules/parse-rules.ts';
import type { Random } from './random.ts';
import { type RuleLine, RuleLines, TEAM_LINE, type Whom } from './rule-lines.ts';
import type { Plan } from './swarm.ts';

/** A file of rules, and what it says where it can be read. */
export interface RulesFile {
  readonly text: string;
  readonly rules: RuleLines | undefined;
}

export const NO_RULES_FILE: RulesFile = { text: '', rules: new RuleLines([]) };

const CLASSES = [null, null, 'developer', 'execution', 'generic'] as const;

/** One file in some cannot be read. */
export const drawRulesFile = (random: Random, plan: Plan): RulesFile => {
  const drawn = Array.from({ length: random.whole(0, 5) }, () => drawLine(random, plan));
  // Not everything that can be drawn has a meaning.
  const lines = drawn.filter((line) => parseRules(`${TEAM_LINE}\n${line.text}`).ok);
  const text = [TEAM_LINE, ...lines.map((line) => line.text)].join('\n');
  return random.chance(0.1)
    ? { text: `${text}\nreserve nothing for nobody`, rules: undefined }
    : { text, rules: new RuleLines(lines) };
};

const drawLine = (random: Random, { clauses, users }: Plan): RuleLine => {
  const isGeneral = random.chance(0.2);
  const product = isGeneral ? null : random.pick(clauses.products);
  const className = isGeneral ? null : random.pick(CLASSES);
  const subject = product === null ? 'everything' : joinSubject(product, className);
  const whom = drawWhom(random, users);
  const each: Whom = random.chance(0.5)
    ? whom
    : { kind: random.pick(['each user', 'each host'] as const) };
  const line = { product, class: className, whom, amount: 0 };
  const who = whomToText(whom);
  switch (random.whole(0, 7)) {
    case 0:
    case 1: {
      const amount = random.whole(1, 2);
      return { ...line, kind: 'reserve', amount, text: `reserve ${amount} ${subject} for ${who}` };
    }
    case 2:
      return { ...line, kind: 'exclude', text: `exclude ${who} from ${subject}` };
    case 3:
    case 4: {
      const amount = random.whole(1, 3);
      const text = `limit ${amount} ${subject} for ${whomToText(each)}`;
      return { ...line, kind: 'limit', whom: each, amount, text };
    }
    case 5: {
      const longest = random.pick(['never', '15 seconds', '1 minutes']);
      return { ...line, kind: 'idle', text: `idle ${longest} ${subject} for ${who}` };
    }
    case 6: {
      const longest = random.pick(['30 seconds', '5 minutes']);
      const text = `borrow ${subject} for ${who} up to ${longest}, at most 1 seats`;
      return { ...line, kind: 'borrow', text };
    }
    default: {
      const amount = random.whole(-5, 5);
      return {
        ...line,
        kind: 'priority',
        amount,
        text: `priority ${amount} ${subject} for ${who}`,
      };
    }
  }
};

const joinSubject = (product: string, className: string | null): string =>
  className === null ? product : `${product}/${className}`;

const drawWhom = (random: Random, users: Plan['users']): Whom =>
  random.pick<Whom>([
    { kind: 'user', name: random.pick(users) },
    { kind: 'host', name: `client-${random.whole(1, 4)}` },
    { kind: 'address', name: `10.0.1.${random.whole(1, 4)}` },
    { kind: 'team' },
    { kind: 'everyone' },
  ]);

const whomToText = (whom: Whom): string => {
  switch (whom.kind) {
    case 'user':
    case 'host':
    case 'address':
      return `${whom.kind} ${whom.name}`;
    case 'team':
      return 'group team';
    default:
      return whom.kind;
  }
};
