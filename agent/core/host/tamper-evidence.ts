/**
 * Evidence that somebody arranged the facts: two sources of one thing disagree, or something is
 * mounted over a file of the kernel. It proves no virtual machine, but such facts cannot vouch for
 * real hardware. Differences of processor flags and PCI lists are found beside their rules.
 */

import { containerEvidence } from './container-kind.ts';
import { type Finding, forTampering, forVirtual } from './evidence.ts';
import type { DmiFacts, HostFacts } from './host-facts.ts';

export const tamperEvidence = (facts: HostFacts): readonly Finding[] => [
  ...copiesDiffer(facts),
  ...modaliasDiffers(facts),
  ...coveredFiles(facts),
  ...guestParameters(facts),
];

const family = 'firmware' as const;

/** The registry keeps the maker twice; the second copy can be edited by an administrator. */
const copiesDiffer = ({ dmi, dmi_copy }: HostFacts): readonly Finding[] => {
  const fields = ['sys_vendor', 'product_name'] as const;
  return fields.flatMap((field) => {
    const [one, other] = [squeezed(dmi?.[field]), squeezed(dmi_copy?.[field])];
    if (one === '' || other === '' || one === other) return [];
    const value = `${field}: ${dmi?.[field]} or ${dmi_copy?.[field]}`;
    return [forTampering({ id: 'dmi-copies-differ', family, value })];
  });
};

const MODALIAS: readonly (readonly [keyof DmiFacts, string])[] = [
  ['bios_vendor', 'bvn'],
  ['sys_vendor', 'svn'],
  ['product_name', 'pn'],
  ['board_vendor', 'rvn'],
];

/** Linux writes the strings once more, in one line and without blanks. */
const modaliasDiffers = ({ dmi, dmi_modalias }: HostFacts): readonly Finding[] => {
  const line = dmi_modalias?.trim() ?? '';
  if (!line.startsWith('dmi:')) return [];
  const parts = line.slice(4).split(':');
  return MODALIAS.flatMap(([field, prefix]) => {
    const told = squeezed(dmi?.[field]);
    const part = parts.find((candidate) => candidate.startsWith(prefix));
    if (told === '' || part === undefined) return [];
    const summed = squeezed(part.slice(prefix.length));
    if (summed === told) return [];
    const value = `${field}: ${dmi?.[field]} or ${summed}`;
    return [forTampering({ id: 'dmi-summary-differs', family, value })];
  });
};

/** What the kernel keeps of a string in its summary: printable ASCII without blanks and colons. */
const squeezed = (text: string | undefined): string =>
  (text ?? '').replace(/[^\x21-\x7e]|:/g, '').toLowerCase();

/** In a container runtimes cover such files themselves (LXCFS, Docker's masks). */
const coveredFiles = (facts: HostFacts): readonly Finding[] =>
  facts.covered === undefined || facts.covered.length === 0 || containerEvidence(facts).length > 0
    ? []
    : [forTampering({ id: 'files-covered', family: 'system', value: facts.covered.join(' ') })];

/** Hyper-V's integration services keep what the host told the guest (Microsoft). */
const guestParameters = ({ hyperv_guest_parameters }: HostFacts): readonly Finding[] =>
  hyperv_guest_parameters === true
    ? [
        forVirtual('medium', {
          id: 'hyperv-parameters',
          family: 'system',
          value: 'Virtual Machine\\Guest\\Parameters',
          names: 'hyperv',
        }),
      ]
    : [];
