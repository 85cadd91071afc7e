/** Calls that are carried as text: requests, each with the return receipts that stand behind it. */

import { dearmorAny } from './armor.ts';
import type { MasterCall } from './master-call.ts';
import type { Primitives } from './primitives.ts';

/** The calls in a text; `undefined` where a block is damaged, or a receipt has no request. */
export const readCarriedCalls = (
  text: string,
  primitives: Primitives,
): readonly MasterCall[] | undefined => {
  const blocks = dearmorAny(['request', 'receipt'], text, primitives);
  if (blocks === undefined) return undefined;
  const calls: { request: Uint8Array; receipts: Uint8Array[] }[] = [];
  for (const { title, block } of blocks) {
    if (!block.ok) return undefined;
    if (title === 'request') calls.push({ request: block.value, receipts: [] });
    else {
      const last = calls.at(-1);
      if (last === undefined) return undefined;
      last.receipts.push(block.value);
    }
  }
  return calls;
};
