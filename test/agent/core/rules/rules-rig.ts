/** Short words for tests of the rules. */

import * as assert from 'uvu/assert';
import { parseRules } from '../../../../agent/core/rules/parse-rules.ts';
import type { Asker, Target } from '../../../../agent/core/rules/rule.ts';
import type { Rules } from '../../../../agent/core/rules/rules.ts';

/** Rules that must parse. */
export const rulesOf = (...lines: readonly string[]): Rules => {
  const read = parseRules(lines.join('\n'));
  assert.ok(read.ok, read.ok ? '' : JSON.stringify(read.error));
  if (!read.ok) throw new Error('unreachable');
  return read.value;
};

/** What is wrong with the lines, each as `number: sentence`. */
export const faultsOf = (...lines: readonly string[]): readonly string[] => {
  const read = parseRules(lines.join('\n'));
  return read.ok ? [] : read.error.map(({ line, sentence }) => `${line}: ${sentence}`);
};

export const asker = (user: string, others: Partial<Asker> = {}): Asker => ({
  user,
  host: 'pc',
  application: 'app',
  address: null,
  ...others,
});

/** `product` or `product/class`. */
export const target = (text: string): Target => {
  const [product = '', className = null] = text.split('/');
  return { product, class: className };
};
