import type { Command } from '../command.ts';
import { addRule, FOR_FLAG, needed, PRODUCT_POSITIONAL, quoteProduct } from '../rules-command.ts';

export const seatLimit: Command = {
  name: 'seat limit',
  summary: 'Let somebody hold so many seats at most: adds a rule',
  positionals: [{ name: 'N', summary: 'how many seats' }, PRODUCT_POSITIONAL],
  flags: {
    ...FOR_FLAG,
    for: { ...FOR_FLAG.for, summary: `${FOR_FLAG.for.summary}; or "each user", "each host"` },
  },
  settings: ['data'],
  run: (invocation) => {
    const [seats = '', product = ''] = invocation.args.positionals;
    const who = needed(invocation, 'for', 'WHO');
    return addRule(invocation, `limit ${seats} ${quoteProduct(product)} for ${who}`);
  },
};
