/** Blocks that go to a file or to standard output. */

import { writeNewFile } from '../edges/files.ts';
import type { Invocation } from './command.ts';

/** Writes a block where `--out` says, and tells where; else prints it. */
export const armoredTo = async ({ args, terminal }: Invocation, text: string): Promise<void> => {
  const out = args.text('out');
  if (out === undefined) return terminal.out(text);
  await writeNewFile(out, text, 0o644);
  terminal.err(`Written to ${out}.\n`);
};
