/** What came in through the local endpoint, as an operation: everything bounded, nothing trusted. */

import { PASTE_MAX } from '../../protocol/limits.ts';
import type { Operation } from '../core/operations.ts';

/** Characters in an id that somebody typed. */
const ID_MAX = 64;

/** The operation that a JSON value describes, or `undefined`. */
export const parseOperation = (value: unknown): Operation | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, text, id, force } = value as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'status':
    case 'license-list':
    case 'seat-list':
    case 'config-reload':
      return { kind };
    case 'license-add':
      return typeof text === 'string' && text.length <= PASTE_MAX ? { kind, text } : undefined;
    case 'license-show':
    case 'license-remove':
      return isId(id) ? { kind, id: id.toLowerCase() } : undefined;
    case 'seat-disconnect':
      return isId(id) ? { kind, id: id.toLowerCase(), force: force === true } : undefined;
    default:
      return undefined;
  }
};

const isId = (id: unknown): id is string =>
  typeof id === 'string' && id.length > 0 && id.length <= ID_MAX;
