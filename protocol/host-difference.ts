/** In what a computer differs from the one that is meant, in words. */

import type { ComponentMatch } from './host-code.ts';
import { HOST_KIND_NAMES, HOST_KINDS } from './host-component.ts';

/** Which kinds of components differ: `disk and network port differ`. No value is named. */
export const describeDifference = (components: readonly ComponentMatch[]): string => {
  const titles = HOST_KIND_NAMES.filter((kind) =>
    components.some((one) => one.kind === kind && !one.matched),
  ).map((kind) => HOST_KINDS[kind].title);
  if (titles.length === 0) return 'nothing in it tells which';
  const last = titles.at(-1) ?? '';
  const verb = titles.length === 1 ? 'differs' : 'differ';
  const list = titles.length === 1 ? last : `${titles.slice(0, -1).join(', ')} and ${last}`;
  return `${list} ${verb}`;
};
