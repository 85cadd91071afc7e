/** Rules as several agents that share their seats as one site can keep them. */

import { err, ok, type Result } from '../../../protocol/result.ts';
import { parseRules } from './parse-rules.ts';
import type { Rule, RuleFault } from './rule.ts';
import { type NameLine, Rules } from './rules.ts';

/**
 * The rules of a whole file, or its faults. A limit is called what its line says, so that all members
 * count it under one name, wherever in their files it stands. Reservations are refused: each member
 * knows only the seats of its own.
 */
export const parseSiteRules = (text: string): Result<Rules, readonly RuleFault[]> => {
  const read = parseRules(text);
  if (!read.ok) return read;
  const faults = read.value.all.flatMap(faultOf);
  return faults.length === 0 ? ok(new Rules(read.value.all, byText)) : err(faults);
};

const byText: NameLine = ({ text }) => encodeURIComponent(text);

const faultOf = ({ kind, line }: Rule): readonly RuleFault[] =>
  kind === 'reserve' ? [{ line: line.number, sentence: RESERVE_SENTENCE }] : [];

const RESERVE_SENTENCE = 'Several agents as one site cannot reserve seats yet: take the line out.';
