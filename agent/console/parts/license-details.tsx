/** Everything that a license says, in rows; its stages as a picture; why it is refused. */

import type { LicenseView, OtherHost, RefusedHost } from '../../core/operations.ts';
import { day, moment, say, t } from '../text.ts';
import { StageLine } from './stage-line.tsx';
import { coverRows, hostsRow, type Row, seatRows, validRow } from './terms-rows.ts';

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
  validRow(license),
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
  hostsRow(license),
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
