/** What a master says, for people on a terminal. */

import type {
  ActivationView,
  LicenseSummary,
  MasterOutcome,
  PetitionView,
} from '../vendor/master/master-operations.ts';
import { renderColumns, renderDay, renderTable, renderTime } from './columns.ts';

const seatsOf = ({ pools }: LicenseSummary): string =>
  pools.length === 0
    ? '–'
    : pools
        .map((pool) => `${pool.class === 'generic' ? '' : `${pool.class} `}${pool.seats}`)
        .join(', ');

const endOf = ({ expires }: LicenseSummary): string =>
  expires === null ? 'never' : renderDay(expires - 1);

export const renderSummaries = (licenses: readonly LicenseSummary[]): string =>
  renderTable(
    ['license', 'product', 'customer', 'state', 'seats', 'active on', 'expires', 'project'],
    licenses.map((one) => [
      one.id,
      one.product,
      one.customerName,
      one.state,
      seatsOf(one),
      one.agents === 0 ? '–' : `${one.active} of ${one.agents}`,
      endOf(one),
      one.project || '–',
    ]),
    'No licenses.',
  );

/** One license with all that is known of it, and its text where that went into no file. */
export const renderIssued = (
  { license, text, activations }: Extract<MasterOutcome, { kind: 'license' }>,
  file: string | undefined,
): string => {
  const rows = [
    ['License', license.id],
    ['Product', license.product],
    [
      'Customer',
      `${license.customerName}${license.customer === null ? '' : ` (${license.customer})`}`,
    ],
    ['State', license.reason === '' ? license.state : `${license.state}: ${license.reason}`],
    ['Seats', seatsOf(license)],
    ['Expires', endOf(license)],
    [
      'Activation',
      license.agents === 0
        ? 'not needed'
        : `policy ${license.policy}, on ${license.active} of ${license.agents}`,
    ],
    ...(license.project === '' ? [] : [['Project', license.project]]),
    ...(license.successor === null ? [] : [['Succeeded by', license.successor]]),
    ...(license.expands === null ? [] : [['Expands', license.expands]]),
    ...(file === undefined ? [] : [['Written to', file]]),
  ];
  const places = activations.length === 0 ? '' : `\n${renderActivations(activations)}`;
  return `${renderColumns(rows)}\n${places}${file === undefined ? `\n${text}` : ''}`;
};

export const renderActivations = (activations: readonly ActivationView[]): string =>
  renderTable(
    ['license', 'computer', 'agent', 'state', 'ends', 'heard of'],
    activations.map(({ license, hostName, agent, state, ends, seen }) => [
      license,
      hostName || '–',
      agent,
      state,
      ends === null ? 'never' : renderDay(ends),
      renderTime(seen),
    ]),
    'No activations.',
  );

export const renderPetitions = (requests: readonly PetitionView[]): string =>
  renderTable(
    ['license', 'customer', 'computer', 'agent', 'asked', 'decision'],
    requests.map(({ license, customerName, hostName, agent, asked, decision }) => [
      license,
      customerName,
      hostName || '–',
      agent,
      renderTime(asked),
      decision,
    ]),
    'No requests.',
  );
