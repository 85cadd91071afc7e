/** Finds rules on seats that no license has: they are in order, and do nothing yet. */

import { didYouMean } from './nearest-word.ts';
import type { RuleFault, SeatRule } from './rule.ts';
import type { Rules } from './rules.ts';

/**
 * A warning for each rule on a product or class that is not among these. `licensed`: the classes of
 * each product. A rule may be written before its license comes, so this is no fault of the file.
 */
export const unknownSeats = (
  rules: Rules,
  licensed: ReadonlyMap<string, readonly string[]>,
): readonly RuleFault[] =>
  rules.all.flatMap((rule) => {
    const sentence = rule.kind === 'group' ? undefined : unknownSentence(rule, licensed);
    return sentence === undefined ? [] : [{ line: rule.line.number, sentence }];
  });

const unknownSentence = (
  { scope }: SeatRule,
  licensed: ReadonlyMap<string, readonly string[]>,
): string | undefined => {
  if (scope.product === null) return undefined;
  const classes = licensed.get(scope.product);
  if (classes === undefined) {
    const hint = didYouMean(scope.product, licensed.keys());
    return `No license here is for ${scope.product}: the rule does nothing until one is.${hint}`;
  }
  if (scope.class === null || classes.includes(scope.class)) return undefined;
  const hint = didYouMean(scope.class, classes);
  return `No license of ${scope.product} has the class ${scope.class}: the rule does nothing until one has.${hint}`;
};
