/** koffi, which calls the system's own functions: loaded when it is first asked for. */

import { createRequire } from 'node:module';
import { isSea } from 'node:sea';
import type koffi from 'koffi';
import { loadNativeAddon } from './native-addons.ts';

/** The part of koffi that is used; inside the binary it is the addon itself. */
export type Koffi = Pick<
  typeof koffi,
  'config' | 'load' | 'pointer' | 'proto' | 'register' | 'struct'
>;

/** Windows' service dispatcher makes remote calls: they need more than koffi's 128 KiB. */
const STACK_BYTES = 1_048_576;

let loaded: Koffi | undefined;

/** Throws where there is no addon, or before `placeNativeAddons` said where it goes. */
export const loadKoffi = (): Koffi => {
  if (loaded !== undefined) return loaded;
  const found = (
    isSea() ? loadNativeAddon('koffi.node') : createRequire(import.meta.url)('koffi')
  ) as Koffi;
  // It can be said before the first library is opened, and never after.
  found.config({ async_stack_size: STACK_BYTES });
  loaded = found;
  return loaded;
};
