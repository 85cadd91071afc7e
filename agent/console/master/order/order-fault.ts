/** What the master says of an order, in the words of the form: it names fields as the command line does. */

import { t } from '../../text.ts';

/** Which field a word of the command line is. */
const LABELS = {
  product: 'seat.product',
  customer: 'lic.customer',
  type: 'lic.type',
  seats: 'lic.seats',
  class: 'order.class',
  overdraft: 'order.overdraft',
  stage: 'order.stage',
  count: 'lic.counting',
  feature: 'lic.features',
  versions: 'lic.versions',
  maintenance: 'lic.maintenance',
  resource: 'lic.resource',
  meter: 'order.meters',
  borrow: 'lic.borrow',
  starts: 'order.starts',
  expires: 'order.expires',
  trial: 'order.trial',
  term: 'order.term',
  supersedes: 'order.supersedes',
  'host-code': 'order.hostCode',
  agents: 'order.agents',
  emergency: 'order.emergency',
  refresh: 'order.refresh',
  master: 'order.master',
  children: 'order.children',
} as const;

export type OrderWord = keyof typeof LABELS;

export interface OrderFault {
  /** The field that does not fit, where the sentence names one. */
  readonly word: OrderWord | undefined;
  readonly sentence: string;
}

const isWord = (word: string): word is OrderWord => Object.hasOwn(LABELS, word);

export const orderFault = (sentence: string): OrderFault => {
  const [, first = ''] = /--([a-z-]+)/.exec(sentence) ?? [];
  const [, quoted = ''] = /^"([a-z]+)"/.exec(sentence) ?? [];
  const named = [first, quoted].find(isWord);
  return {
    word: named,
    sentence: sentence.replace(/--([a-z-]+)/g, (flag, word: string) =>
      isWord(word) ? `“${t(LABELS[word])}”` : flag,
    ),
  };
};
