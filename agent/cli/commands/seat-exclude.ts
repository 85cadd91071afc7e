import { type Command, JSON_FLAG } from '../command.ts';
import { addRule, FOR_FLAG, needed, quoteProduct } from '../rules-command.ts';

export const seatExclude: Command = {
  name: 'seat exclude',
  summary: 'Keep somebody from the seats of a product: adds a rule',
  positionals: [{ name: 'WHO', summary: FOR_FLAG.for.summary }],
  flags: {
    ...JSON_FLAG,
    from: { kind: 'text', value: 'PRODUCT[/CLASS]', summary: 'the product, or everything' },
  },
  settings: ['data'],
  run: (invocation) => {
    const [who = ''] = invocation.args.positionals;
    const product = needed(invocation, 'from', 'PRODUCT');
    return addRule(invocation, `exclude ${who} from ${quoteProduct(product)}`);
  },
};
