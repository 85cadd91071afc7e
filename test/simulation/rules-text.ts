/** Rules that administrators of a seed write, now and then with a slip. */

import { parseRules } from '../../agent/core/rules/parse-rules.ts';
import type { Random } from './random.ts';
import type { Plan } from './swarm.ts';

const GROUP = 'group team = user ada, host client-2';
const CLASSES = ['', '', '/developer', '/execution', '/generic'] as const;

/** The text of a file; one in some cannot be read. */
export const drawRulesText = (random: Random, plan: Plan): string => {
  const drawn = Array.from({ length: random.whole(0, 5) }, () => drawLine(random, plan));
  // Not everything that can be drawn has a meaning.
  const lines = drawn.filter((line) => parseRules(`${GROUP}\n${line}`).ok);
  const text = [GROUP, ...lines].join('\n');
  return random.chance(0.1) ? `${text}\nreserve nothing for nobody` : text;
};

const drawLine = (random: Random, { clauses, users }: Plan): string => {
  const product = random.chance(0.2)
    ? 'everything'
    : `${random.pick(clauses.products)}${random.pick(CLASSES)}`;
  const who = drawWho(random, users);
  const each = random.chance(0.5) ? who : random.pick(['each user', 'each host']);
  switch (random.whole(0, 7)) {
    case 0:
    case 1:
      return product === 'everything'
        ? `exclude user mallory from everything`
        : `reserve ${random.whole(1, 2)} ${product} for ${who}`;
    case 2:
      return `exclude ${who} from ${product}`;
    case 3:
    case 4:
      return `limit ${random.whole(1, 3)} ${product} for ${each}`;
    case 5:
      return `idle ${random.pick(['never', '15 seconds', '1 minutes'])} ${product} for ${who}`;
    case 6:
      return `borrow ${product} for ${who} up to ${random.pick(['30 seconds', '5 minutes'])}, at most 1 seats`;
    default:
      return `priority ${random.whole(-5, 5)} ${product} for ${who}`;
  }
};

const drawWho = (random: Random, users: Plan['users']): string =>
  random.pick([
    `user ${random.pick(users)}`,
    `host client-${random.whole(1, 4)}`,
    `address 10.0.1.${random.whole(1, 4)}`,
    'group team',
    'everyone',
  ]);
