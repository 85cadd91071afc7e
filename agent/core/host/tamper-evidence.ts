/**
 * Evidence that somebody arranged the facts: two sources of one thing disagree, or something is
 * mounted over a file of the kernel. It proves no virtual machine, but such facts cannot vouch for
 * real hardware. Differences of processor flags and PCI lists are found beside their rules.
 */

import { containerEvidence } from './container-kind.ts';
import { summaryToDmi } from './dmi-evidence.ts';
import { type Finding, forTampering, forVirtual } from './evidence.ts';
import type { DmiFacts, HostFacts } from './host-facts.ts';

export const tamperEvidence = (facts: HostFacts): readonly Finding[] => [
  ...copiesDiffer(facts),
  ...summaryDiffers(facts),
  ...coveredFiles(facts),
  ...virtioUnlisted(facts),
  ...guestParameters(facts),
];

const family = 'firmware' as const;

/** The registry keeps the maker twice, and an administrator can edit it; the firmware has it too. */
const copiesDiffer = ({ dmi, dmi_copy, dmi_table }: HostFacts): readonly Finding[] =>
  [dmi_copy, dmi_table].flatMap((copy) => copyDiffers(dmi, copy));

const copyDiffers = (dmi: DmiFacts | undefined, copy: DmiFacts | undefined): readonly Finding[] => {
  const fields = ['sys_vendor', 'product_name'] as const;
  return fields.flatMap((field) => {
    const [one, other] = [squeezed(dmi?.[field]), squeezed(copy?.[field])];
    if (one === '' || other === '' || one === other) return [];
    const value = `${field}: ${dmi?.[field]} or ${copy?.[field]}`;
    return [forTampering({ id: 'dmi-copies-differ', family, value })];
  });
};

/** Linux writes the strings once more, in one line and without blanks. */
const summaryDiffers = ({ dmi, dmi_modalias }: HostFacts): readonly Finding[] => {
  const summary = summaryToDmi(dmi_modalias);
  const fields = ['bios_vendor', 'sys_vendor', 'product_name', 'board_vendor'] as const;
  return fields.flatMap((field) => {
    const [told, summed] = [squeezed(dmi?.[field]), squeezed(summary?.[field])];
    if (told === '' || summary?.[field] === undefined || told === summed) return [];
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

/** A virtio device over PCI has its function in the PCI list, unless somebody keeps it from there. */
const virtioUnlisted = ({ virtio, pci }: HostFacts): readonly Finding[] => {
  const device = virtio?.find((line) => / pci$/.test(line));
  if (device === undefined || pci === undefined) return [];
  return pci.some((line) => /\s1af4:/i.test(line))
    ? []
    : [forTampering({ id: 'virtio-lists-differ', family: 'bus', value: device })];
};

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
