/**
 * PCI ids that only emulators implement. Sources: the PCI id list (pci.ids), QEMU's docs/specs/pci-ids,
 * the virtio specification, bhyve's and VirtualBox's own device headers. None occurs in the PCI lists
 * of the real machines looked at; network and disk ids of virtio do occur on smart network cards.
 */

export interface PciRule {
  readonly names: string;
  readonly vendor: string;
  /** Device ids, all when absent. */
  readonly devices?: RegExp;
  readonly strength: 'strong' | 'medium';
}

export const DEVICE_RULES: readonly PciRule[] = [
  { names: 'vmware', vendor: '15ad', strength: 'strong' },
  { names: 'virtualbox', vendor: '80ee', strength: 'strong' },
  { names: 'parallels', vendor: '1ab8', strength: 'strong' },
  { names: 'qemu', vendor: '1b36', strength: 'strong' },
  { names: 'qemu', vendor: '1234', devices: /^1111$/, strength: 'strong' },
  { names: 'xen', vendor: '5853', devices: /^000[12]$/, strength: 'strong' },
  { names: 'bhyve', vendor: '1275', devices: /^1275$/, strength: 'strong' },
  { names: 'bhyve', vendor: 'fb5d', strength: 'strong' },
  { names: 'hyperv', vendor: '1414', devices: /^5353$/, strength: 'strong' },
  // Balloon, console, entropy, shared folders, sockets, input, graphics: no smart card offers them.
  {
    names: 'kvm',
    vendor: '1af4',
    devices: /^(100[2359]|104[3459]|105[023789b])$/,
    strength: 'strong',
  },
  { names: 'kvm', vendor: '1af4', devices: /^1110$/, strength: 'strong' },
  { names: 'kvm', vendor: '1af4', strength: 'medium' },
  { names: 'amazon', vendor: '1d0f', strength: 'medium' },
  { names: 'google', vendor: '1ae0', devices: /^0042$/, strength: 'medium' },
  { names: 'hyperv', vendor: '1414', devices: /^(00ba|b111)$/, strength: 'medium' },
];

/** Makers whose id as *sub*system stands on the emulated chipset functions of their product. */
export const SUBSYSTEM_RULES: readonly PciRule[] = [
  { names: 'qemu', vendor: '1af4', devices: /^1100$/, strength: 'strong' },
  { names: 'vmware', vendor: '15ad', strength: 'strong' },
  { names: 'virtualbox', vendor: '80ee', strength: 'strong' },
  { names: 'parallels', vendor: '1ab8', strength: 'strong' },
  { names: 'xen', vendor: '5853', strength: 'strong' },
];

/**
 * Host bridges that emulators imitate: 440FX (1996), 440BX (1998), Q35 (2007), and Firecracker's and
 * Cloud Hypervisor's, which no maker sells. Telling only below a processor that is much younger.
 */
export const IMITATED_BRIDGES: Readonly<Record<string, string>> = {
  '8086:1237': '440FX of 1996',
  '8086:7190': '440BX of 1998',
  '8086:7192': '440BX of 1998',
  '8086:29c0': 'Q35 of 2007',
};
