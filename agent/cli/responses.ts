/** The answers to activation requests, on their way to a file, and what there is to say of them. */

import type { UploadResult } from '../vendor/master/master-operations.ts';
import type { Invocation } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Refused, by its exit code, where a request has no answer or is not answered as a whole. */
export const writeResponses = async (
  { args, terminal }: Invocation,
  results: readonly UploadResult[],
  write: (path: string, text: string) => Promise<void>,
): Promise<ExitCode> => {
  const out = args.text('out');
  const text = results.flatMap(({ response }) => response ?? []).join('\n');
  if (args.has('json')) terminal.out(`${JSON.stringify(results, null, 2)}\n`);
  else {
    for (const { sentences } of results) for (const one of sentences) terminal.err(`${one}\n`);
    if (out === undefined) terminal.out(text);
  }
  if (out !== undefined && text !== '') {
    await write(out, text);
    terminal.err(`Written to ${out}: load it with \`usher license activate --response\`.\n`);
  }
  const isWhole = results.every(({ response, refusals }) => response !== null && refusals === 0);
  return isWhole ? EXIT.done : EXIT.refused;
};
