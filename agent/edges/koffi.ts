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

/** Throws where there is no addon, or before `placeNativeAddons` said where it goes. */
export const loadKoffi = (): Koffi =>
  (isSea() ? loadNativeAddon('koffi.node') : createRequire(import.meta.url)('koffi')) as Koffi;
