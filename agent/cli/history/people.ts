/** Users and hosts of a report. */

import { type PersonSummary, summarizePerson } from '../../core/usage/usage-report.ts';
import type { Column } from '../columns.ts';
import type { Invocation } from '../command.ts';
import { hoursText, percent, type UsageReport } from './report.ts';

/** Those that `--hosts` says, in no order. */
export const peopleOf = ({ args }: Invocation, { user, host }: UsageReport): PersonSummary[] =>
  (args.has('hosts') ? host : user)
    .map(summarizePerson)
    .filter(({ seatHours, granted }) => seatHours > 0 || granted > 0);

export const personColumns = ({ args }: Invocation): readonly Column<PersonSummary>[] => [
  { heading: args.has('hosts') ? 'host' : 'user', cell: ({ name }) => name },
  { heading: 'product', cell: ({ product }) => product, dispensable: 3 },
  { heading: 'seat-hours', cell: ({ seatHours }) => hoursText(seatHours) },
  { heading: 'idle hours', cell: ({ idleHours }) => hoursText(idleHours) },
  { heading: 'idle', cell: ({ idleShare }) => percent(idleShare), dispensable: 2 },
  { heading: 'granted', cell: ({ granted }) => String(granted), dispensable: 1 },
];

export const PERSON_CSV = [
  ['name', ({ name }: PersonSummary) => name],
  ['product', ({ product }: PersonSummary) => product],
  ['seat_hours', ({ seatHours }: PersonSummary) => seatHours],
  ['idle_hours', ({ idleHours }: PersonSummary) => idleHours],
  ['granted', ({ granted }: PersonSummary) => granted],
  ['refused', ({ refused }: PersonSummary) => refused],
] as const;
