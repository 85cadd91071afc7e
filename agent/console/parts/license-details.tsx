/** Everything that a license says, in rows; its stages as a picture; why it is refused. */

import { ANY_RESOURCE, GENERIC_CLASS } from '../../../protocol/license.ts';
import type { LicenseView, OtherHost, RefusedHost } from '../../core/operations.ts';
import { count, day, length, moment, number, say, t } from '../text.ts';
import { StageLine } from './stage-line.tsx';

type Row = readonly [title: string, value: string];

export const LicenseDetails = ({ license }: { readonly license: LicenseView }) => (
  <>
    {license.pools
      .filter(({ stages }) => stages.length > 0)
      .map((pool) => (
        <StageLine key={pool.class} pool={pool} license={license} />
      ))}
    {license.refusedHost === null ? null : <Evidence refused={license.refusedHost} />}
    {license.otherHost === null ? null : <Elsewhere other={license.otherHost} />}
    <dl class="facts">
      {rowsOf(license).map(([title, value]) => (
        <div key={title + value}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  </>
);

const rowsOf = (license: LicenseView): readonly Row[] => [
  [t('lic.customer'), license.customer],
  [t('lic.type'), say('lic.type', license.type)],
  ...seatRows(license),
  [
    t('lic.valid'),
    license.expires === null
      ? t('lic.validFor', { from: day(license.starts) })
      : t('lic.validTo', { from: day(license.starts), to: day(license.expires - 1) }),
  ],
  ...(license.nextChange === null
    ? []
    : [[t('lic.nextChange.title'), moment(license.nextChange)] as const]),
  ...coverRows(license),
  ...license.meters.map(
    ({ name, allowance, used }): Row => [
      name,
      t('lic.meter', { left: Math.max(0, allowance - used), all: allowance }),
    ],
  ),
  [
    t('lic.hosts'),
    t('lic.hostsAre', {
      virtual: say('lic.host', license.hosts.virtual),
      container: say('lic.host', license.hosts.container),
      unknown: say('lic.host', license.hosts.unknown),
    }),
  ],
  ...activationRows(license),
  [t('lic.issued'), day(license.issued)],
  [t('lic.id'), license.id],
  ...(license.successor === null
    ? []
    : [[t('lic.id'), t('lic.supersededBy', { id: license.successor })] as const]),
  [t('lic.signer'), license.signer],
];

const activationRows = ({ activation, activated }: LicenseView): readonly Row[] => {
  if (activation === null) return [];
  const by = activated === null ? t('act.by.none') : t(`act.by.${activated.by}`);
  const until = activated?.until ?? null;
  return [
    [t('act.activation'), until === null ? by : t('act.by.until', { by, day: day(until) })],
    ...(activation.master === null ? [] : [[t('act.master'), activation.master] as const]),
  ];
};

const seatRows = ({ pools, counting, type, term, borrow }: LicenseView): readonly Row[] => [
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

const coverRows = (license: LicenseView): readonly Row[] => {
  const { features, versions, maintenance, resource, activatedFor } = license;
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

/** Which parts were compared, and whether each is the same; no value is named. */
const Elsewhere = ({ other: { bound, components } }: { readonly other: OtherHost }) => (
  <section class="evidence">
    <h3>{t('lic.otherHost')}</h3>
    <p>{say('lic.otherHost', bound)}</p>
    <table>
      <thead>
        <tr>
          <th scope="col">{t('lic.otherHost.part')}</th>
          <th scope="col">{t('lic.evidence.weight')}</th>
          <th scope="col">{t('lic.otherHost.standing')}</th>
        </tr>
      </thead>
      <tbody>
        {components.map(({ title, weight, matched }, i) => (
          <tr key={`${title} ${i}`}>
            <td>{title}</td>
            <td>{weight}</td>
            <td>{t(matched ? 'lic.otherHost.same' : 'lic.otherHost.other')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const EVIDENCE_MAX = 8;

const Evidence = ({
  refused: { verdict, by, evidence, unreadable },
}: {
  readonly refused: RefusedHost;
}) => (
  <section class="evidence">
    <h3>{t('lic.evidence')}</h3>
    <p>{t('lic.evidence.lead', { verdict: say('host', verdict), by: say('lic.by', by) })}</p>
    {unreadable.length === 0 ? null : <p>{t('lic.unreadable', { what: unreadable.join(', ') })}</p>}
    <table>
      <thead>
        <tr>
          <th scope="col">{t('lic.evidence.id')}</th>
          <th scope="col">{t('lic.evidence.weight')}</th>
          <th scope="col">{t('lic.evidence.value')}</th>
        </tr>
      </thead>
      <tbody>
        {evidence.slice(0, EVIDENCE_MAX).map(({ id, weight, value }) => (
          <tr key={id + value}>
            <td>{id}</td>
            <td>{weight > 0 ? `+${weight}` : weight}</td>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
