/**
 * The verdict for a person: one sentence first, then what decided it. Fit to be mailed to a vendor:
 * it names the machine's make, never a serial number, a user, a host name or an address.
 */

import type { HostFacts } from './host-facts.ts';
import type { HostVerdict } from './host-verdict.ts';

/** Most lines of evidence printed. */
export const REPORT_LINES_MAX = 24;

/** Lines for a terminal or a mail, without a final line end. */
export const renderHostReport = (verdict: HostVerdict, facts: HostFacts): string => {
  const lines = [sentence(verdict), ...advice(verdict, facts), ''];
  for (const [name, value] of summary(facts)) lines.push(`${name.padEnd(12)}${value}`);
  lines.push(`${'Score'.padEnd(12)}${verdict.score}`, '');
  if (verdict.evidence.length === 0) return [...lines, 'Nothing was found either way.'].join('\n');
  const shown = verdict.evidence.slice(0, REPORT_LINES_MAX);
  const width = Math.max(8, ...shown.map(({ id }) => id.length));
  lines.push(`${'EVIDENCE'.padEnd(width)}  WEIGHT  SEEN`);
  for (const { id, weight, value } of shown)
    lines.push(`${id.padEnd(width)}  ${signed(weight).padStart(6)}  ${value}`.trimEnd());
  const more = verdict.evidence.length - shown.length;
  return [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
};

const sentence = ({ verdict, host, hypervisor, container }: HostVerdict): string => {
  const by = hypervisor === undefined || hypervisor === 'other' ? '' : ` (${hypervisor})`;
  switch (verdict) {
    case 'physical':
      return 'This computer is real hardware.';
    case 'virtual':
      return `This computer is a virtual machine${by}.`;
    case 'unknown':
      return 'It cannot be told whether this computer is real hardware or a virtual machine.';
    case 'container': {
      const kind = container === undefined || container === 'other' ? '' : ` (${container})`;
      return `This program runs in a container${kind}; the computer beneath is ${beneath[host]}${by}.`;
    }
  }
};

const beneath = {
  physical: 'real hardware',
  virtual: 'a virtual machine',
  unknown: 'hidden from it',
} as const;

const advice = ({ host, evidence }: HostVerdict, facts: HostFacts): readonly string[] => {
  if (host !== 'unknown') return [];
  if ((facts.unreadable ?? []).length > 0)
    return [`Allow this program to read: ${facts.unreadable?.join(', ')}.`];
  return evidence.some(({ id }) => /-differ|-hidden|-covered/.test(id))
    ? ['Two sources of one fact disagree; see below which.']
    : ['Too little of the hardware could be seen.'];
};

const summary = ({
  platform,
  arch,
  dmi,
  cpu,
}: HostFacts): readonly (readonly [string, string])[] => {
  const machine = [dmi?.sys_vendor, dmi?.product_name].filter(isNamed).join(' ');
  const firmware = [dmi?.bios_vendor, dmi?.bios_version].filter(isNamed).join(' ');
  const system = [platform, arch].filter(isNamed).join(' ');
  return (
    [
      ['System', system],
      ['Machine', machine],
      ['Firmware', firmware],
      ['Processor', cpu?.model ?? ''],
    ] as const
  ).map(([name, value]) => [name, plain(value) || 'not known']);
};

const isNamed = (word: string | undefined): word is string => (word ?? '').trim() !== '';

const plain = (text: string): string =>
  text
    .replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
    .trim()
    .slice(0, 96);

const signed = (weight: number): string => (weight > 0 ? `+${weight}` : String(weight));
