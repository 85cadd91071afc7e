/** What a license promises, in plain words, row by row. */

import { hostCodeToText } from '../../protocol/host-code.ts';
import {
  ANY_RESOURCE,
  type Counting,
  GENERIC_CLASS,
  type License,
  type LicenseType,
  type PoolGrant,
} from '../../protocol/license.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import type { Stage } from '../../protocol/stages.ts';
import { renderDay } from './columns.ts';

type Rows = readonly (readonly string[])[];

/** A license without anything that is bytes. */
export type ReadableLicense = Omit<License, 'hostCode'> & { readonly hostCode: string | null };

export const toReadable = (license: License): ReadableLicense => {
  const { hostCode } = license;
  const text = hostCode === null ? null : hostCodeToText(hostCode, nativePrimitives.sha512);
  return { ...license, hostCode: text };
};

/** Everything that a license says; what it leaves open is left out, but for what people look for. */
export const licenseRows = (license: ReadableLicense): Rows => [
  ['License', license.id],
  ['Type', TYPES[license.type]],
  ['Product', license.product],
  ['Customer', license.customer],
  ['Issued', renderDay(license.issued)],
  ['Starts', renderDay(license.starts)],
  ['Expires', renderEnd(license.expires)],
  ...(license.trial === null
    ? []
    : [['Trial', `${renderLength(license.trial)} from its first use`]]),
  ...seatRows(license),
  ['Features', license.features.length === 0 ? 'none named' : license.features.join(', ')],
  ...versionRows(license),
  ...resourceRows(license),
  ...license.meters.map(({ name, allowance }) => ['Allowance', `${name}: ${grouped(allowance)}`]),
  ...supersedesRows(license),
  ...bindingRows(license),
];

const TYPES: Readonly<Record<LicenseType, string>> = {
  floating: 'floating: its seats are shared by anyone',
  named: 'named: its seats are for users who are assigned',
  server: 'server: no user limit on this server',
  standalone: 'standalone: for one computer, without an agent',
};

const COUNTED: Readonly<Record<Counting, string>> = {
  process: 'a seat for each process',
  user: 'a seat for each user',
  host: 'a seat for each host',
};

/** The last day on which it lends; the date in the license is the first moment after it. */
export const renderEnd = (expires: License['expires']): string =>
  expires === null ? 'never' : `end of ${renderDay(expires - 1)}`;

const seatRows = ({ type, pools, counting, borrow, term }: ReadableLicense): Rows => {
  const hasSeats = pools.length > 0;
  return [
    ...pools.map((pool) => ['Seats', renderPool(pool)]),
    ...(hasSeats ? [['Counted', COUNTED[counting]]] : []),
    ...(borrow === null
      ? []
      : [
          [
            'Borrowing',
            `${count(borrow.seats)} at a time, for up to ${renderLength(borrow.longest)}`,
          ],
        ]),
    ...(type === 'standalone' ? [] : [['Term', `${term} s`]]),
  ];
};

/** `10 seats of class cad, 15 from 2027-03-01 to 2027-03-31; 2 more tolerated and reported`. */
const renderPool = ({ class: name, seats, overdraft, stages }: PoolGrant): string => {
  const whose = name === GENERIC_CLASS ? 'any class' : `class ${name}`;
  const more = overdraft === 0 ? '' : `; ${grouped(overdraft)} more tolerated and reported`;
  return `${[`${count(seats)} of ${whose}`, ...stages.map(renderStage)].join(', ')}${more}`;
};

const renderStage = ({ from, until, seats }: Stage): string =>
  until === null
    ? `${grouped(seats)} from ${renderDay(from)} on`
    : `${grouped(seats)} from ${renderDay(from)} to ${renderDay(until - 1)}`;

const count = (seats: number): string => `${grouped(seats)} ${seats === 1 ? 'seat' : 'seats'}`;

const grouped = (number: number): string => number.toLocaleString('en-US');

const LENGTHS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In the largest unit that leaves no rest. */
const renderLength = (length: number): string => {
  const [name, size] = LENGTHS.find(([, one]) => length % one === 0) ?? ['second', 1];
  const many = length / size;
  return `${grouped(many)} ${many === 1 ? name : `${name}s`}`;
};

const versionRows = ({ versions: { oldest, newest }, maintenance }: ReadableLicense): Rows => {
  const words = [
    ...(oldest !== null && oldest === newest ? [`only ${oldest}`] : rangeWords(oldest, newest)),
    ...(maintenance === null ? [] : [`released up to ${renderDay(maintenance - 1)}`]),
  ];
  return words.length === 0 ? [] : [['Versions', words.join(', ')]];
};

const rangeWords = (oldest: string | null, newest: string | null): readonly string[] => {
  if (oldest !== null && newest !== null) return [`${oldest} to ${newest}`];
  if (oldest !== null) return [`from ${oldest} on`];
  return newest === null ? [] : [`up to ${newest}`];
};

const resourceRows = ({ resource }: ReadableLicense): Rows => {
  if (resource === null) return [];
  const choice = 'one database or project that the administrator chooses';
  return [['Only for', resource === ANY_RESOURCE ? choice : resource]];
};

const supersedesRows = ({ supersedes }: ReadableLicense): Rows =>
  supersedes.length === 0 ? [] : [['Supersedes', supersedes.join(', ')]];

const activationRows = (terms: License['activation']): Rows => {
  if (terms === null) return [['Activation', 'none']];
  const { agents, emergency, refresh, master } = terms;
  const grace = refresh === null || refresh.grace === 0 ? '' : renderLength(refresh.grace);
  return [
    ['Activation', `for ${grouped(agents)} ${agents === 1 ? 'agent' : 'agents'} at a time`],
    ...(emergency === null
      ? []
      : [
          [
            'Emergency',
            `up to ${renderLength(emergency.longest)}, once, within ${renderLength(emergency.window)} of its issue`,
          ],
        ]),
    ...(refresh === null
      ? []
      : [
          [
            'Refresh',
            `every ${renderLength(refresh.every)}${grace === '' ? '' : `, with ${grace} of grace`}`,
          ],
        ]),
    ...(master === null ? [] : [['Master', master]]),
  ];
};

/** On which hosts it holds. */
const bindingRows = ({ activation, hosts, hostCode }: ReadableLicense): Rows => [
  ...activationRows(activation),
  ['Hosts', `virtual: ${hosts.virtual}, container: ${hosts.container}, unknown: ${hosts.unknown}`],
  ...(hostCode === null ? [] : [['Host code', hostCode]]),
];
