/** Licenses as people read them. */

import type { License } from '../../protocol/license.ts';
import { REFUSALS } from '../../protocol/refusal.ts';
import type { LicenseView, PoolView } from '../core/operations.ts';
import { renderColumns, renderDay, renderTable } from './columns.ts';

const seats = (pools: readonly PoolView[]): string =>
  pools.map((pool) => `${pool.class} ${pool.lent}/${pool.seats}`).join(', ');

export const renderLicenses = (licenses: readonly LicenseView[]): string =>
  renderTable(
    ['id', 'product', 'customer', 'state', 'seats in use', 'expires'],
    licenses.map((one) => [
      one.id,
      one.product,
      one.customer,
      one.state,
      seats(one.pools),
      renderEnd(one.expires),
    ]),
    'No licenses. Add one with `usher license add FILE`.',
  );

/** What a license says, row by row. */
export const licenseRows = (license: License): readonly (readonly string[])[] => [
  ['License', license.id],
  ['Product', license.product],
  ['Customer', license.customer],
  ['Issued', renderDay(license.issued)],
  ['Starts', renderDay(license.starts)],
  ['Expires', renderEnd(license.expires)],
  ['Term', `${license.term} s`],
  ...license.pools.map((pool) => ['Seats', `${pool.seats}, class ${pool.class}`]),
  ['Features', license.features.length === 0 ? 'none named' : license.features.join(', ')],
  ['Activation', license.activation],
  [
    'Hosts',
    `virtual: ${license.hosts.virtual}, container: ${license.hosts.container}, unknown: ${license.hosts.unknown}`,
  ],
];

export const renderLicense = (one: LicenseView): string => {
  const rows = [
    ...licenseRows(one),
    ['State', one.state],
    ['In use', seats(one.pools)],
    ['Signed with', one.signer],
  ];
  const why = renderRefusal(one);
  return `${renderColumns(rows)}\n${why === '' ? '' : `\n${why.trim()}\n`}`;
};

/** Why a license lends nothing and what to do, after a blank; nothing when it lends. */
export const renderRefusal = ({ refusal }: LicenseView): string =>
  refusal === null ? '' : ` ${REFUSALS[refusal].sentence} ${REFUSALS[refusal].administrator}`;

/** The last day on which it lends; the date in the license is the first moment after it. */
const renderEnd = (expires: License['expires']): string =>
  expires === null ? 'never' : `end of ${renderDay(expires - 1)}`;
