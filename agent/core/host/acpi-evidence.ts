/** Evidence in ACPI: device ids, table names and, on Windows, who made the tables. */

import { type Finding, forVirtual } from './evidence.ts';
import type { HostFacts } from './host-facts.ts';
import { quickLook } from './quick-look.ts';

interface IdRule {
  readonly names: string;
  readonly pattern: RegExp;
  readonly source: string;
}

/** Device ids that name a paravirtual device. */
const DEVICE_IDS: readonly IdRule[] = [
  { names: 'qemu', pattern: /^QEMU/, source: 'QEMU: fw_cfg, pvpanic, generation id' },
  { names: 'vmgenid', pattern: /^VM_?GEN/, source: 'VM generation id specification; Firecracker' },
  { names: 'hyperv', pattern: /^(VMBUS|MSFT1000|HYPER_?V)/i, source: 'Linux: hv/vmbus_drv' },
  { names: 'xen', pattern: /^XEN0/, source: 'Xen: xen platform device' },
  { names: 'firecracker', pattern: /^AMZNC10C/, source: 'Firecracker: vmclock' },
  { names: 'vmclock', pattern: /^VMCLOCK/, source: 'Linux: ptp_vmclock' },
  { names: 'kvm', pattern: /^LNRO0005/, source: 'Linux: virtio_mmio' },
  { names: 'parallels', pattern: /^PRL[0-9]/, source: 'Parallels Tools' },
  { names: 'vmware', pattern: /^VMW[0-9]/, source: 'VMware ACPI devices' },
  { names: 'bhyve', pattern: /^BHYV/, source: 'bhyve' },
];

/** Makers of tables, `TABLE OEMID OEMTABLEID` with blanks as underscores. */
const TABLE_MAKERS: readonly IdRule[] = [
  { names: 'virtualbox', pattern: /\bVBOX/, source: 'VirtualBox' },
  { names: 'qemu', pattern: /\b(BOCHS|BXPC)/, source: 'QEMU, Bochs' },
  { names: 'hyperv', pattern: /\b(VRTUAL|MSFTVM)/, source: 'Hyper-V' },
  { names: 'vmware', pattern: /\bVMWARE|\bVMW_/, source: 'VMware' },
  { names: 'xen', pattern: / XEN_*( |$)/i, source: 'Xen' },
  { names: 'parallels', pattern: /\bPRLS(_|\b)|\bPARALL/, source: 'Parallels' },
  { names: 'bhyve', pattern: /\bBHYVE/, source: 'bhyve' },
  { names: 'cloud-hypervisor', pattern: /\b(CLOUDH|FIRECK|ACRNTB)/, source: 'their tables' },
];

const mayBeDevice = quickLook(DEVICE_IDS);
const mayBeMaker = quickLook(TABLE_MAKERS);

export const acpiEvidence = (facts: HostFacts): readonly Finding[] => {
  const family = 'firmware' as const;
  const ids = [
    ...(facts.acpi_hids ?? []),
    ...(facts.devices ?? []).flatMap((instance) => /^ACPI\\([^\\]+)/i.exec(instance)?.[1] ?? []),
  ].filter((id) => facts.platform !== 'win32' || !/^(VMBUS|MSFT1000|HYPER)/i.test(id));
  const makers = facts.acpi_oems ?? [];
  const found = [
    ...(mayBeDevice(ids) ? firstOf('acpi-device', DEVICE_IDS, ids) : []),
    ...(mayBeMaker(makers) ? firstOf('acpi-maker', TABLE_MAKERS, makers) : []),
  ];
  // WAET describes devices "emulated" for Windows: in 0 of 787 public dumps of real machines.
  if (facts.acpi_tables?.includes('WAET') === true)
    found.push(forVirtual('medium', { id: 'acpi-waet', family, value: 'WAET' }));
  // Unspecified power profile: 4 % of real machines.
  if (facts.pm_profile?.trim() === '0')
    found.push(forVirtual('weak', { id: 'acpi-profile', family, value: '0, unspecified' }));
  return found;
};

const firstOf = (id: string, rules: readonly IdRule[], values: readonly string[]): Finding[] =>
  rules.flatMap(({ pattern, names }) => {
    const value = values.find((candidate) => pattern.test(candidate));
    return value === undefined
      ? []
      : [forVirtual('strong', { id, family: 'firmware', value, names })];
  });
