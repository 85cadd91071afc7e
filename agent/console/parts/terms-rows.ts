/** What a license says, in rows of a name and a value. */

import { ANY_RESOURCE, GENERIC_CLASS, type License } from '../../../protocol/license.ts';
import { count, day, length, number, say, t } from '../text.ts';

export type Row = readonly [title: string, value: string];

type Terms = Pick<License, 'pools' | 'counting' | 'type' | 'term' | 'borrow'>;

interface CoverTerms extends Pick<License, 'features' | 'versions' | 'maintenance' | 'resource'> {
  /** The resource that an administrator has chosen. */
  readonly activatedFor?: string | null;
}

export const validRow = ({ starts, expires }: Pick<License, 'starts' | 'expires'>): Row => [
  t('lic.valid'),
  expires === null
    ? t('lic.validFor', { from: day(starts) })
    : t('lic.validTo', { from: day(starts), to: day(expires - 1) }),
];

export const hostsRow = ({ hosts }: Pick<License, 'hosts'>): Row => [
  t('lic.hosts'),
  t('lic.hostsAre', {
    virtual: say('lic.host', hosts.virtual),
    container: say('lic.host', hosts.container),
    unknown: say('lic.host', hosts.unknown),
  }),
];

export const seatRows = ({ pools, counting, type, term, borrow }: Terms): readonly Row[] => [
  ...pools.map(({ class: name, seats, overdraft }): Row => {
    const more = overdraft === 0 ? '' : `; ${t('lic.overdraft', { n: overdraft })}`;
    const title = name === GENERIC_CLASS ? t('lic.seats') : `${t('lic.seats')}, ${name}`;
    return [title, `${number(seats)}${more}`];
  }),
  ...(pools.length === 0 ? [] : [[t('lic.counting'), say('lic.counting', counting)] as const]),
  ...(type === 'standalone' ? [] : [[t('lic.term'), length(term)] as const]),
  ...(borrow === null
    ? []
    : [
        [
          t('lic.borrow'),
          t('lic.borrowGrant', {
            seats: count('seats', borrow.seats),
            time: length(borrow.longest),
          }),
        ] as const,
      ]),
];

export const coverRows = (license: CoverTerms): readonly Row[] => {
  const { features, versions, maintenance, resource, activatedFor = null } = license;
  const { oldest, newest } = versions;
  const only = resource === ANY_RESOURCE ? (activatedFor ?? t('lic.anyResource')) : resource;
  return [
    ...(features.length === 0 ? [] : [[t('lic.features'), features.join(', ')] as const]),
    ...(oldest === null && newest === null
      ? []
      : [[t('lic.versions'), `${oldest ?? '…'} – ${newest ?? '…'}`] as const]),
    ...(maintenance === null ? [] : [[t('lic.maintenance'), day(maintenance - 1)] as const]),
    ...(only === null ? [] : [[t('lic.resource'), only] as const]),
  ];
};
