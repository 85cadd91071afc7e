/**
 * Evidence in what is plugged in: disks, USB, input devices, network addresses. All can be chosen in
 * an emulator's settings, and a single one can be exported to a real machine, so one is medium.
 */

import { type Finding, forVirtual } from './evidence.ts';
import type { HostFacts } from './host-facts.ts';
import { quickLook } from './quick-look.ts';

interface NameRule {
  readonly names: string;
  readonly pattern: RegExp;
}

/** Disk makers and models as the emulators write them (their sources; facterdb records). */
const DISKS: readonly NameRule[] = [
  { names: 'virtualbox', pattern: /\bVBOX\b/ },
  { names: 'qemu', pattern: /\bQEMU\b/ },
  { names: 'vmware', pattern: /\bVMware\b/i },
  { names: 'hyperv', pattern: /\bMsft\b.*Virtual|Virtual_Disk/i },
  { names: 'kvm', pattern: /\b0x1af4\b|\bvirtio/i },
  { names: 'parallels', pattern: /\bParallels\b|Virtual HDD/i },
  { names: 'bhyve', pattern: /\bBHYVE\b/i },
  { names: 'google', pattern: /Google_?\s*(Persistent|Ephemeral)/i },
  { names: 'amazon', pattern: /Amazon Elastic Block/i },
  { names: 'virtuozzo', pattern: /\bVirtuozzo\b/i },
];

/** Input devices that emulators invent for the pointer (Linux input names). */
const INPUTS: readonly NameRule[] = [
  { names: 'vmware', pattern: /VMware|VMMouse/i },
  { names: 'qemu', pattern: /\bQEMU\b/i },
  { names: 'virtualbox', pattern: /VirtualBox/i },
  { names: 'parallels', pattern: /Parallels Virtual/i },
  { names: 'hyperv', pattern: /Microsoft Vmbus/i },
  { names: 'xen', pattern: /Xen Virtual/i },
];

/** USB ids of emulated tablets and hubs (usb.ids; QEMU, VirtualBox, VMware, Parallels). */
const USB: readonly NameRule[] = [
  { names: 'qemu', pattern: /^0627:/ },
  { names: 'qemu', pattern: /^46f4:/ },
  { names: 'virtualbox', pattern: /^80ee:/ },
  { names: 'vmware', pattern: /^0e0f:/ },
  { names: 'parallels', pattern: /^203a:/ },
];

/**
 * Address prefixes that hypervisors draw from. Weak: hosts carry them on their bridges, and anybody
 * can set one (IEEE registry; the hypervisors' manuals).
 */
const PREFIXES: readonly NameRule[] = [
  { names: 'qemu', pattern: /^52:54:00/ },
  { names: 'vmware', pattern: /^00:(50:56|0c:29|05:69|1c:14)/ },
  { names: 'virtualbox', pattern: /^08:00:27/ },
  { names: 'hyperv', pattern: /^00:15:5d/ },
  { names: 'xen', pattern: /^00:16:3e/ },
  { names: 'parallels', pattern: /^00:1c:42/ },
  { names: 'bhyve', pattern: /^(58:9c:fc|00:a0:98)/ },
  { names: 'nutanix', pattern: /^50:6b:8d/ },
  { names: 'google', pattern: /^42:01:/ },
];

/** Each kind of rule, and whether one of them may fit. */
const KINDS = new Map([DISKS, INPUTS, USB, PREFIXES].map((rules) => [rules, quickLook(rules)]));

export const peripheralEvidence = (facts: HostFacts): readonly Finding[] => [
  ...first('disk-model', 'medium', DISKS, [...(facts.disks ?? []), ...windowsDisks(facts)]),
  ...onlyEmulated(facts),
  ...first('input-name', 'medium', INPUTS, facts.inputs ?? []),
  ...first('usb-device', 'medium', USB, [...(facts.usb ?? []), ...windowsUsb(facts)]),
  ...(facts.platform === 'win32'
    ? []
    : first('mac-prefix', 'weak', PREFIXES, facts.mac_prefixes ?? [])),
];

const first = (
  id: string,
  strength: 'medium' | 'weak',
  rules: readonly NameRule[],
  values: readonly string[],
): readonly Finding[] => {
  if (KINDS.get(rules)?.(values) === false) return [];
  for (const value of values) {
    const rule = rules.find(
      ({ pattern }) => pattern.test(value.toLowerCase()) || pattern.test(value),
    );
    if (rule !== undefined)
      return [forVirtual(strength, { id, family: 'bus', value, names: rule.names })];
  }
  return [];
};

/** Drives that an emulator makes for its own guest and nobody sells or serves. */
const EMULATED =
  /\bVBOX (HARDDISK|CD-ROM|NVMe)|\bQEMU (HARDDISK|DVD-ROM|CD-ROM|NVMe)|VMware Virtual (I|S|N|disk)/i;

/**
 * Every drive is an emulated one. A target can export one such drive to a real machine, which then
 * has drives of its own besides. Told by this alone: VirtualBox on ARM, which has no SMBIOS strings.
 */
const onlyEmulated = ({ platform, disks }: HostFacts): readonly Finding[] => {
  const drives = (disks ?? [])
    .map((disk) => disk.replaceAll('_', ' '))
    .filter((disk) => !/^(fd|sr|loop|zram)\d+( \d+)?$/.test(disk));
  const value = drives[0];
  if (platform === 'win32' || value === undefined) return [];
  if (!drives.every((disk) => EMULATED.test(disk))) return [];
  const names = DISKS.find(({ pattern }) => pattern.test(value))?.names;
  return [forVirtual('strong', { id: 'disk-all', family: 'bus', value, names })];
};

/** `SCSI\Disk&Ven_VBOX&Prod_HARDDISK\…` as words. */
const windowsDisks = ({ devices }: HostFacts): readonly string[] =>
  (devices ?? [])
    .filter((instance) => /^(SCSI|IDE|NVME)\\/i.test(instance))
    .map((instance) => instance.split('\\')[1] ?? '')
    .map((name) => name.replace(/&?(Ven|Prod|Rev)_/gi, ' ').replaceAll('_', ' '));

const windowsUsb = ({ devices }: HostFacts): readonly string[] =>
  (devices ?? []).flatMap((instance) => {
    const found = /^USB\\VID_([0-9a-f]{4})&PID_([0-9a-f]{4})/i.exec(instance);
    return found === null ? [] : [`${found[1]}:${found[2]}`.toLowerCase()];
  });
