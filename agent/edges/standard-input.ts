/** Standard input, up to a bound. */

import { PASTE_MAX } from '../../protocol/limits.ts';

/** Everything on standard input; what is beyond the longest paste is cut off and so refused. */
export const readStandardInput = async (): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > 4 * PASTE_MAX) break;
  }
  return new Uint8Array(Buffer.concat(chunks));
};
