/** Licenses as people read them. */

import type { Evidence, LicenseView, MeterView, RefusedHost } from '../core/operations.ts';
import { emergencyDays, untilText } from './activation-text.ts';
import { type Column, renderColumns, renderFitting, renderTable, renderTime } from './columns.ts';
import { describeOtherHost } from './host-text.ts';
import { licenseRows, renderEnd } from './license-rows.ts';

/** Seats lent and licensed by class, or what a license without any has instead. */
const renderUse = ({ type, pools, lent }: LicenseView): string => {
  if (type === 'standalone') return 'one computer';
  if (type === 'server') return `${lent}, no limit`;
  return pools.map(renderPool).join(', ');
};

/** Of a member of a site also how many there are of which it has a part. */
const renderPool = ({
  class: name,
  lent,
  licensed,
  shared,
}: LicenseView['pools'][number]): string =>
  `${name} ${lent}/${licensed}${shared > licensed ? ` of ${shared}` : ''}`;

const LIST_COLUMNS: readonly Column<LicenseView>[] = [
  { heading: 'id', cell: ({ id }) => id },
  { heading: 'product', cell: ({ product }) => product },
  { heading: 'customer', cell: ({ customer }) => customer, dispensable: 1 },
  { heading: 'state', cell: ({ state }) => state },
  { heading: 'seats in use', cell: (one) => renderUse(one) },
  { heading: 'expires', cell: (one) => renderLastMoment(one) },
  { heading: '', cell: (one) => remarks(one) },
];

export const renderLicenses = (licenses: readonly LicenseView[], width: number): string =>
  renderFitting(
    LIST_COLUMNS,
    licenses,
    width,
    'No licenses. Add one with `usher license add FILE`.',
  ) + licenses.map((one) => hostLine(one)).join('');

export const renderLicense = (one: LicenseView): string => {
  const rows = [
    ...licenseRows(one),
    ...standingRows(one),
    ['In use', renderUse(one)],
    ...one.meters.map((meter) => ['Left', leftOf(meter)]),
    ['Signed with', one.signer],
  ];
  const why = renderRefusal(one);
  const host = one.refusedHost === null ? '' : renderRefusedHost(one.refusedHost);
  return `${renderColumns(rows)}\n${why === '' ? '' : `\n${why.trim()}\n`}${host}`;
};

/** `runs: 940 of 1,000` */
const leftOf = ({ name, allowance, used }: MeterView): string =>
  `${name}: ${grouped(Math.max(0, allowance - used))} of ${grouped(allowance)}`;

const grouped = (number: number): string => number.toLocaleString('en-US');

/** What is special about it, for the last column of a list. */
const remarks = (one: LicenseView): string => {
  const { successor, activatedFor, meters, vendorSays, returning } = one;
  const days = emergencyDays(one, Date.now() / 1000);
  return [
    ...(days === null ? [] : [`emergency: ${days} ${days === 1 ? 'day' : 'days'} left`]),
    ...(returning === null ? [] : ['to be given back']),
    ...(vendorSays === null ? [] : [vendorSays]),
    ...(successor === null ? [] : [`superseded by ${successor}`]),
    ...(activatedFor === null ? [] : [`for ${activatedFor}`]),
    ...meters.map((meter) => `left of ${leftOf(meter)}`),
  ].join(', ');
};

/** A license ends with a day, a trial so long after its first use. */
const renderLastMoment = ({ ends, expires }: LicenseView): string =>
  ends === null || ends === expires ? renderEnd(expires) : renderTime(ends);

/** What has become of it on this agent. */
const standingRows = (one: LicenseView): readonly (readonly string[])[] => [
  ['State', one.state],
  ...(one.ends === one.expires ? [] : [['Ends', renderLastMoment(one)]]),
  ...activationRows(one),
  ...(one.nextChange === null ? [] : [['Next change', renderTime(one.nextChange)]]),
  ...(one.successor === null ? [] : [['Superseded by', one.successor]]),
  ...(one.activatedFor === null ? [] : [['Activated for', one.activatedFor]]),
];

const activationRows = (one: LicenseView): readonly (readonly string[])[] => {
  const { activated, emergencyBefore, emergencyUntil, vendorSays } = one;
  const giver = one.isChild ? 'by its parent' : 'by the vendor';
  const by = activated?.by === 'emergency' ? 'for an emergency' : giver;
  const days = emergencyDays(one, Date.now() / 1000);
  const left = days === null ? '' : ` (${days} ${days === 1 ? 'day' : 'days'} left)`;
  return [
    ...(activated === null
      ? []
      : [['Activated', `${by}, ${renderTime(activated.issued)}${untilText(one)}${left}`]]),
    ...(emergencyBefore === null
      ? []
      : [
          [
            'Emergency',
            `possible before ${renderTime(emergencyBefore)}: \`usher license activate ${one.id} --emergency\``,
          ],
        ]),
    ...(emergencyUntil === null || activated?.by === 'emergency'
      ? []
      : [['Emergency', 'was used on this computer']]),
    ...(vendorSays === null ? [] : [['Vendor says', vendorSays]]),
  ];
};

/** Why a license lends nothing and what to do, after a blank; nothing when it lends. */
export const renderRefusal = ({ refusal, otherHost, reason, remedy }: LicenseView): string =>
  refusal === null && remedy === null
    ? ''
    : [
        ` ${reason}`,
        ...(otherHost === null ? [] : [describeOtherHost(otherHost)]),
        ...(remedy === null ? [] : [remedy]),
      ].join(' ');

/** Most evidence shown below a license; `usher hardware` shows all. */
const EVIDENCE_MAX = 8;

/** Below a list: why the host keeps a license from lending, in one line. */
const hostLine = ({ id, refusedHost, otherHost }: LicenseView): string => {
  if (otherHost !== null) {
    return `License ${id} lends nothing: this is another computer. ${describeOtherHost(otherHost)}\n`;
  }
  if (refusedHost === null) return '';
  const { verdict, evidence, unreadable } = refusedHost;
  const seen = evidence.slice(0, 3).map(showEvidence).join(', ') || 'nothing';
  const open = unreadable.length === 0 ? '' : `; not readable: ${unreadable.join(', ')}`;
  return `License ${id} lends nothing: this host is judged ${verdict}. Seen: ${seen}${open}.\n`;
};

const renderRefusedHost = ({ verdict, by, evidence, unreadable }: RefusedHost): string => {
  const rows = evidence
    .slice(0, EVIDENCE_MAX)
    .map(({ id, weight, value }) => [id, weight > 0 ? `+${weight}` : String(weight), value]);
  const rule = by === 'license' ? 'the license' : 'the setting refuse-hosts';
  const open =
    unreadable.length === 0 ? '' : `Allow the agent to read: ${unreadable.join(', ')}.\n`;
  const seen = renderTable(['evidence', 'weight', 'seen'], rows, 'Nothing was found either way.');
  return `This host is judged ${verdict}, which ${rule} refuses.\n${open}${seen}`;
};

const showEvidence = ({ id, value }: Evidence): string => `${id} (${value})`;
