/** Resources as people read them. */

import type { ResourceView } from '../core/operations.ts';
import type { Column } from './columns.ts';

export const RESOURCE_COLUMNS: readonly Column<ResourceView>[] = [
  { heading: 'resource', cell: ({ name }) => name },
  { heading: 'customer', cell: ({ customer }) => customer ?? '-', dispensable: 1 },
  { heading: 'in use', cell: ({ lent }) => String(lent) },
  { heading: 'seats', cell: ({ seats }) => String(seats) },
  {
    heading: 'licenses',
    cell: ({ licenses }) => licenses.join(', ') || 'none is activated for it',
  },
];
