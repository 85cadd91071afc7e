/** What `npm run bench` is asked for. */

import { err, ok, type Result } from '../../protocol/result.ts';
import { BENCH_NAMES, type BenchName } from './bench-run.ts';

export interface BenchOrder {
  readonly names: readonly BenchName[];
  readonly json: boolean;
  /** A server of keygen-relay's kind to measure in the same run. */
  readonly relay?: URL;
}

const isBenchName = (name: string): name is BenchName =>
  (BENCH_NAMES as readonly string[]).includes(name);

/** From `[NAME…] [--json] [--against echo | --against relay URL]`, or a sentence. */
export const parseBenchOrder = (words: readonly string[]): Result<BenchOrder, string> => {
  const json = words.includes('--json');
  const rest = words.filter((word) => word !== '--json');
  const at = rest.indexOf('--against');
  if (at >= 0) return parseAgainst(rest.slice(at + 1), json);
  const unknown = rest.find((name) => !isBenchName(name));
  if (unknown !== undefined)
    return err(
      `There is no benchmark “${unknown}”: name ${BENCH_NAMES.join(', ')} or none for all, --against echo or --against relay URL, and --json for programs.`,
    );
  const names = rest.length === 0 ? BENCH_NAMES : [...new Set(rest.filter(isBenchName))];
  return ok({ names, json });
};

const parseAgainst = (
  [whom, where]: readonly string[],
  json: boolean,
): Result<BenchOrder, string> => {
  if (whom === 'echo') return ok({ names: ['renew'], json });
  if (whom !== 'relay') return err('--against is followed by echo, or by relay and its URL.');
  if (where === undefined || !URL.canParse(where) || !/^http:/.test(where))
    return err('--against relay is followed by its URL, such as http://localhost:6349.');
  return ok({ names: ['acquire'], json, relay: new URL(where) });
};
