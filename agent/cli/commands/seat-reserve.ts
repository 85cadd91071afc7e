import type { Command } from '../command.ts';
import { addRule, FOR_FLAG, needed, PRODUCT_POSITIONAL, quoteProduct } from '../rules-command.ts';

export const seatReserve: Command = {
  name: 'seat reserve',
  summary: 'Keep seats free for somebody: adds a rule',
  positionals: [{ name: 'N', summary: 'how many seats' }, PRODUCT_POSITIONAL],
  flags: FOR_FLAG,
  settings: ['data'],
  run: (invocation) => {
    const [seats = '', product = ''] = invocation.args.positionals;
    const who = needed(invocation, 'for', 'WHO');
    return addRule(invocation, `reserve ${seats} ${quoteProduct(product)} for ${who}`);
  },
};
