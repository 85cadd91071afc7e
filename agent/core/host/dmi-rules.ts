/**
 * Firmware strings that only hypervisors and clouds of virtual machines write. Matching ignores
 * case and spaces, since some recorders drop spaces. Each rule states where it comes from:
 * "systemd" = its prefix table; "cloud-init" = its ds-identify tool; "facter", "ohai" = their
 * tables; "vendor" = what that product itself writes. All were run over 162,853 public probes of
 * real machines (linuxhw/DMI) and hit none but the guests among them. `board_name` is used only
 * where the name is a product's own: boards are called 002KVM, 0TTHVM, P5GD1-HVM, M2A-VM.
 */

import type { DmiFacts } from './host-facts.ts';
import { quickLook } from './quick-look.ts';

export interface DmiRule {
  readonly names: string;
  /** All of these fields must match. */
  readonly when: { readonly [K in keyof DmiFacts]?: string };
  readonly source: string;
  /** Rents bare machines under the same name: on x86 those have no hypervisor bit. */
  readonly orBare?: true;
}

/** A pattern in which a space stands for any run of spaces, none included. */
const like = (pattern: string): string => pattern.replaceAll(' ', '\\s*');

const rule = (
  names: string,
  when: { readonly [K in keyof DmiFacts]?: string },
  source: string,
  orBare = false,
): DmiRule => ({
  names,
  when: Object.fromEntries(Object.entries(when).map(([key, value]) => [key, like(value)])),
  source,
  ...(orBare ? { orBare } : {}),
});

/** Makers of machines that make no hardware. */
const MAKERS: readonly DmiRule[] = [
  rule('qemu', { sys_vendor: '^QEMU' }, 'systemd; vendor'),
  rule('qemu', { chassis_vendor: '^QEMU' }, 'vendor: QEMU fills all types alike'),
  rule('virtualbox', { sys_vendor: '^innotek' }, 'systemd; vendor'),
  rule('vmware', { sys_vendor: '^VMware' }, 'systemd; vendor'),
  rule('vmware', { bios_vendor: '^VMware' }, 'vendor: its EFI firmware, host strings reflected'),
  rule('xen', { sys_vendor: '^Xen$' }, 'systemd; vendor'),
  rule('bochs', { sys_vendor: '^Bochs' }, 'systemd; vendor'),
  rule('bochs', { chassis_vendor: '^Bochs' }, 'vendor'),
  rule('bhyve', { sys_vendor: '^bhyve' }, 'systemd; vendor'),
  rule('parallels', { sys_vendor: '^Parallels' }, 'systemd; facter; vendor'),
  rule('parallels', { bios_vendor: '^Parallels' }, 'vendor'),
  rule('ovirt', { product_name: '^(RHEV|oVirt)' }, 'ohai; vendor'),
  rule('kvm', { sys_vendor: '^Red Hat' }, 'ohai; vendor: makes no hardware'),
  rule('ovirt', { sys_vendor: '^oVirt' }, 'ohai; vendor'),
  rule('ovirt', { chassis_vendor: '^oVirt' }, 'vendor'),
  rule('openstack', { sys_vendor: '^(OpenStack|RDO$)' }, 'facter; vendor'),
  rule('kubevirt', { sys_vendor: '^KubeVirt' }, 'systemd; vendor'),
  rule('veertu', { sys_vendor: '^Veertu' }, 'vendor'),
  rule('cloud-hypervisor', { sys_vendor: '^Cloud Hypervisor' }, 'vendor'),
  rule('crosvm', { product_name: '^crosvm' }, 'vendor'),
  rule('vmm', { sys_vendor: '^OpenBSD' }, 'vendor'),
  rule('virtuozzo', { sys_vendor: '^Virtuozzo' }, 'vendor'),
  rule('nutanix', { sys_vendor: '^Nutanix', product_name: '^AHV' }, 'vendor; NX-* are servers'),
  rule('cloudstack', { sys_vendor: '^Apache Software Foundation' }, 'vendor'),
  rule('apple', { product_name: '^Apple Virtualization' }, 'vendor'),
  rule('apple', { bios_version: '^VirtualApple' }, 'vendor'),
];

/** Clouds whose machines of that name are virtual; bare metal of theirs is named otherwise. */
const CLOUDS: readonly DmiRule[] = [
  rule('alibaba', { product_name: '^Alibaba Cloud ECS$' }, 'cloud-init; virt-what', true),
  rule('tencent', { sys_vendor: '^Tencent Cloud' }, 'vendor', true),
  rule('google', { product_name: '^Google Compute Engine$' }, 'systemd PR 38125', true),
  rule('digitalocean', { sys_vendor: '^DigitalOcean' }, 'cloud-init'),
  rule('digitalocean', { product_name: '^Droplet$' }, 'vendor'),
  rule(
    'hetzner',
    { sys_vendor: '^Hetzner', product_name: '^vServer' },
    'vendor; others are servers',
  ),
  rule('linode', { sys_vendor: '^(Linode|Akamai)$' }, 'cloud-init'),
  rule('upcloud', { sys_vendor: '^UpCloud$' }, 'cloud-init'),
  rule('vultr', { sys_vendor: '^Vultr$' }, 'cloud-init'),
  rule('exoscale', { product_name: '^Exoscale' }, 'cloud-init'),
  rule('cloudsigma', { product_name: '^CloudSigma$' }, 'cloud-init'),
  rule('cloudcix', { product_name: '^CloudCIX$' }, 'cloud-init'),
  rule('scaleway', { sys_vendor: '^Scaleway$' }, 'cloud-init'),
  rule('outscale', { sys_vendor: '^3DS Outscale$' }, 'cloud-init'),
  rule('outscale', { product_name: '^3DS Outscale VM' }, 'cloud-init'),
  rule('ec2-like', { sys_vendor: '^(e24cloud|Tilaa$|NWCS$)' }, 'cloud-init'),
  rule('smartos', { product_name: '^SmartDC HVM' }, 'cloud-init'),
  rule('huawei', { chassis_asset_tag: '^HUAWEICLOUD$' }, 'cloud-init'),
  rule('openstack', { chassis_asset_tag: '^OpenTelekomCloud$' }, 'cloud-init'),
  rule('openstack', { chassis_asset_tag: '^SAP CCloud VM$' }, 'cloud-init'),
  rule('openstack', { chassis_asset_tag: '^Samsung Cloud Platform$' }, 'cloud-init'),
  rule('openstack', { chassis_asset_tag: '^OpenStack (Nova|Compute)' }, 'cloud-init'),
  rule('zstack', { chassis_asset_tag: '\\.zstack\\.io$' }, 'cloud-init'),
  rule('azure', { chassis_asset_tag: '^7783-7084-3265-9085-8269-3286-77$' }, 'cloud-init'),
];

/** Names of the machine model. */
const MODELS: readonly DmiRule[] = [
  rule('qemu', { product_name: '^Standard PC (\\(|_)' }, 'vendor: QEMU machine types'),
  rule('qemu', { product_name: '^QEMU' }, 'vendor'),
  rule('qemu', { product_version: '^(pc-(q35|i440fx)|virt)-\\d' }, 'vendor: QEMU machine types'),
  rule('qemu', { chassis_version: '^(pc-(q35|i440fx)|virt)-\\d' }, 'vendor'),
  rule('qemu', { cpu_version: '^(pc-(q35|i440fx)|virt)-\\d' }, 'vendor'),
  rule('kvm', { product_version: '\\((Q35 \\+ ICH9|i440FX \\+ PIIX)' }, 'vendor: RHEL types'),
  rule('kvm', { chassis_version: '\\((Q35 \\+ ICH9|i440FX \\+ PIIX)' }, 'vendor: RHEL types'),
  rule('kvm', { cpu_version: '\\((Q35 \\+ ICH9|i440FX \\+ PIIX)' }, 'vendor: RHEL types'),
  rule('kvm', { product_name: '^KVM( Server| Virtual Machine)?$' }, 'systemd; vendor'),
  rule('virtualbox', { product_name: '^VirtualBox' }, 'systemd; facter'),
  rule('virtualbox', { board_name: '^VirtualBox$' }, 'vendor'),
  rule('virtualbox', { bios_version: '^VirtualBox' }, 'vendor'),
  rule('vmware', { product_name: '^VMware' }, 'facter'),
  rule('vmware', { bios_version: '^VMW[0-9]' }, 'vendor: its EFI firmware'),
  // The board stays when a guest is told to show its host's maker (SMBIOS.reflectHost).
  rule('vmware', { board_name: '^440BX Desktop Reference Platform$' }, 'vendor'),
  // Real boards stopped writing this version in 2012; VMware's BIOS writes it to this day.
  rule(
    'vmware',
    {
      bios_vendor: '^Phoenix Technologies LTD$',
      bios_version: '^6\\.00$',
      bios_date: '/20(1[3-9]|[2-9]\\d)$',
    },
    'vendor; population check',
  ),
  rule('xen', { product_name: '^HVM domU' }, 'facter; vendor'),
  rule('xen', { bios_vendor: '^Xen$' }, 'systemd; vendor'),
  rule('xen', { bios_version: '\\.amazon$' }, 'vendor: Xen on EC2'),
  rule('bochs', { product_name: '^(Bochs|BXPC)' }, 'facter; vendor'),
  rule('bochs', { bios_vendor: '^Bochs$' }, 'systemd'),
  rule('bhyve', { product_name: '^bhyve' }, 'facter; vendor'),
  rule('bhyve', { bios_vendor: '^bhyve$' }, 'systemd'),
  rule('parallels', { product_name: '^Parallels' }, 'facter; vendor'),
  rule('openstack', { product_name: '^OpenStack' }, 'facter; cloud-init'),
  rule('cloudstack', { product_name: '^CloudStack' }, 'cloud-init'),
  rule('cloud-hypervisor', { product_name: '^cloud-hypervisor' }, 'vendor'),
  rule('hyperv', { product_name: '^Virtual Machine$' }, 'facter: no Surface has it'),
  rule('hyperv', { product_version: '^Hyper-V' }, 'vendor'),
  rule('hyperv', { bios_version: '^Hyper-V' }, 'vendor'),
  rule('ldom', { product_name: '\\b(LDom|Logical Domain)\\b' }, 'vendor: Oracle VM for SPARC'),
];

/** Firmware that is built for virtual machines. */
const FIRMWARE: readonly DmiRule[] = [
  rule('qemu', { bios_vendor: '^SeaBIOS$' }, 'systemd; coreboot boards carry it in the version'),
  rule('qemu', { bios_vendor: '\\bOVMF\\b' }, 'vendor: EDK II for virtual machines'),
  rule('qemu', { bios_vendor: '^\\S+ distribution of EDK II' }, 'vendor: Linux distributions'),
];

/**
 * A hypervisor named as a whole word where a maker names the system: for kinds in no table above.
 * Source: population check; boards and families of that sort (XENIA, XENTA, P5K-VM) do not match.
 */
const WORDS =
  '\\b(QEMU|KVM|VMware|VirtualBox|bhyve|hypervisor|OpenStack|CloudStack|RHEV|oVirt|domU|KubeVirt|' +
  'ACRN|Proxmox|XenServer|Firecracker|Virtual (Machine|Server|Platform|Instance|Computer|PC))\\b';

const GENERIC: readonly DmiRule[] = (
  ['sys_vendor', 'product_name', 'product_version', 'product_family', 'chassis_vendor'] as const
).map((field) => rule('other', { [field]: WORDS }, 'population check'));

const DMI_RULES: readonly DmiRule[] = [...MAKERS, ...CLOUDS, ...MODELS, ...FIRMWARE, ...GENERIC];

const mayFit = quickLook(
  DMI_RULES.flatMap(({ when }) => Object.values(when)).map((source) => ({ pattern: { source } })),
);

/** The first rule that all its fields satisfy; `flag` is the hypervisor bit, where known. */
export const ruleFor = (dmi: DmiFacts, flag?: boolean): DmiRule | undefined => {
  if (!mayFit(Object.values(dmi).map((value) => value.trim()))) return undefined;
  return DMI_RULES.filter(({ orBare }) => orBare !== true || flag !== false).find(({ when }) =>
    Object.entries(when).every(([field, pattern]) => {
      const value = dmi[field as keyof DmiFacts];
      return value !== undefined && new RegExp(pattern, 'i').test(value.trim());
    }),
  );
};
