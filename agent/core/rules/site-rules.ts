/** Rules as several agents that share their seats as one site can keep them. */

import { err, type Result } from '../../../protocol/result.ts';
import { parseRules } from './parse-rules.ts';
import type { Rule, RuleFault } from './rule.ts';
import type { Rules } from './rules.ts';

/**
 * The rules of a whole file, or its faults. What counts seats is one: each member knows only those of
 * its own, and a limit would be that of each.
 */
export const parseSiteRules = (text: string): Result<Rules, readonly RuleFault[]> => {
  const read = parseRules(text);
  if (!read.ok) return read;
  const faults = read.value.all.flatMap(faultOf);
  return faults.length === 0 ? read : err(faults);
};

const faultOf = ({ kind, line }: Rule): readonly RuleFault[] => {
  switch (kind) {
    case 'limit':
      return [{ line: line.number, sentence: refuse('keep a limit') }];
    case 'reserve':
      return [{ line: line.number, sentence: refuse('reserve seats') }];
    default:
      return [];
  }
};

const refuse = (what: string): string =>
  `Several agents as one site cannot ${what} yet: take the line out.`;
