/** Rules as several agents that share their seats as one site keep them. */

import { ok, type Result } from '../../../protocol/result.ts';
import { parseRules } from './parse-rules.ts';
import type { RuleFault } from './rule.ts';
import { type NameLine, Rules } from './rules.ts';

/**
 * The rules of a whole file, or its faults. A limit is called what its line says, so that all members
 * count it under one name, wherever in their files it stands.
 */
export const parseSiteRules = (text: string): Result<Rules, readonly RuleFault[]> => {
  const read = parseRules(text);
  return read.ok ? ok(new Rules(read.value.all, byText)) : read;
};

const byText: NameLine = ({ text }) => encodeURIComponent(text);
