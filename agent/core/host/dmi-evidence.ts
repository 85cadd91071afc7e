/** Evidence in the firmware's strings (SMBIOS types 0 to 3) and in the list of structure types. */

import { type DmiRule, ruleFor } from './dmi-rules.ts';
import { type Finding, forPhysical, forVirtual } from './evidence.ts';
import type { DmiFacts, HostFacts } from './host-facts.ts';

/** Strings and structures that speak for or against real hardware. */
export const dmiEvidence = (facts: HostFacts): readonly Finding[] => {
  const found: Finding[] = [];
  for (const [dmi, id] of [
    [facts.dmi, 'dmi'],
    [facts.dmi_copy, 'dmi-copy'],
    [facts.dmi_table, 'dmi-table'],
    [summaryToDmi(facts.dmi_modalias), 'dmi-summary'],
  ] as const) {
    if (dmi === undefined) continue;
    const rule = ruleFor(dmi, facts.cpu?.hypervisor_flag);
    if (rule !== undefined)
      found.push(forVirtual('strong', { ...shownRule(id, rule, dmi), names: rule.names }));
    found.push(...cloudEvidence(dmi, id));
  }
  found.push(...structureEvidence(facts));
  const maker = makerOf(facts);
  if (maker !== undefined && !found.some(({ strength }) => strength === 'strong'))
    found.push(forPhysical('weak', { id: 'dmi-maker', family: 'firmware', value: maker }));
  return found;
};

/** Fields of the kernel's one-line summary of the strings, by their prefix there. */
const SUMMARY: readonly (readonly [keyof DmiFacts, string])[] = [
  ['bios_vendor', 'bvn'],
  ['bios_version', 'bvr'],
  ['sys_vendor', 'svn'],
  ['product_name', 'pn'],
  ['product_version', 'pvr'],
  ['board_vendor', 'rvn'],
  ['board_name', 'rn'],
  ['chassis_vendor', 'cvn'],
  ['chassis_version', 'cvr'],
];

/** The strings once more, without blanks, as `dmi:bvn…:svn…:pn…:` gives them. */
export const summaryToDmi = (summary: string | undefined): DmiFacts | undefined => {
  const line = summary?.trim() ?? '';
  if (!line.startsWith('dmi:')) return undefined;
  const parts = line.slice('dmi:'.length).split(':');
  return Object.fromEntries(
    SUMMARY.flatMap(([field, prefix]) => {
      const part = parts.find((candidate) => candidate.startsWith(prefix));
      return part === undefined ? [] : [[field, part.slice(prefix.length)]];
    }),
  );
};

/** Maker and model as the firmware names them, without placeholders; `undefined` when it does not. */
export const makerOf = ({ dmi }: HostFacts): string | undefined => {
  const words = [dmi?.sys_vendor ?? dmi?.board_vendor, dmi?.product_name ?? dmi?.board_name];
  const named = words.filter((word) => word !== undefined && word.trim() !== '');
  return named.length > 0 ? named.join(' ') : undefined;
};

const shownRule = (id: string, rule: DmiRule, dmi: DmiFacts) => {
  const fields = Object.keys(rule.when) as (keyof DmiFacts)[];
  return {
    id: `${id}-${fields.join('+')}`,
    family: 'firmware' as const,
    value: fields.map((field) => dmi[field] ?? '').join(', '),
  };
};

/**
 * EC2 names its bare machines `.metal` (systemd, vendor). Hetzner's cloud is told by its maker alone
 * (cloud-init); its servers name their boards besides.
 */
const cloudEvidence = (dmi: DmiFacts, id: string): readonly Finding[] => {
  const product = dmi.product_name?.trim() ?? '';
  const vendors = [dmi.sys_vendor, dmi.bios_vendor, dmi.board_vendor, dmi.chassis_vendor];
  if (vendors.some((vendor) => /^Amazon\s*EC2$/i.test(vendor ?? '')))
    return /\.metal(-|$)/.test(product)
      ? []
      : [cloud(`${id}-amazon`, `Amazon EC2 ${product}`, 'amazon')];
  if (/^Hetzner$/i.test(dmi.sys_vendor ?? '') && product === '' && dmi.board_name === undefined)
    return [cloud(`${id}-hetzner`, 'Hetzner', 'hetzner')];
  return [];
};

const cloud = (id: string, value: string, names: string): Finding =>
  forVirtual('strong', { id, family: 'firmware', value, names });

/**
 * VM bit: set on eight real machines of 162,853, so medium. Processor and memory described, but no
 * cache (7), connector (8) or slot (9): every QEMU, Hyper-V, Xen and bhyve guest, 0.1 % of real ones.
 * Batteries, probes, fans, power supplies (22, 26 to 29, 39): no hypervisor describes them.
 */
const structureEvidence = (facts: HostFacts): readonly Finding[] => {
  const found: Finding[] = [];
  const family = 'firmware' as const;
  if (facts.smbios_vm_bit === true)
    found.push(forVirtual('medium', { id: 'smbios-vm-bit', family, value: 'set' }));
  const types = new Set(facts.smbios_types);
  const value = [...types].sort((one, other) => one - other).join(' ');
  if ([4, 17].every((type) => types.has(type)) && ![7, 8, 9].some((type) => types.has(type)))
    found.push(forVirtual('medium', { id: 'smbios-bare', family, value }));
  const parts = [22, 26, 27, 28, 29, 39].filter((type) => types.has(type));
  if (parts.length > 0)
    found.push(forPhysical('medium', { id: 'smbios-parts', family, value: parts.join(' ') }));
  if (/^(1|0x0*1|other)$/i.test((facts.dmi ?? facts.dmi_table)?.chassis_type ?? ''))
    found.push(forVirtual('weak', { id: 'chassis-other', family, value: 'Other' }));
  return found;
};
