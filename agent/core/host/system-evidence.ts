/** Evidence in what the running kernel and the device tree say of the machine. */

import { type Finding, forVirtual } from './evidence.ts';
import type { HostFacts } from './host-facts.ts';
import { ownsMachine, strengthOfShared } from './machine-owner.ts';

export const systemEvidence = (facts: HostFacts): readonly Finding[] => [
  ...kernelEvidence(facts),
  ...xenEvidence(facts),
  ...hypervBus(facts),
  ...clockEvidence(facts),
  ...hostClock(facts),
  ...emulatorDoor(facts),
  ...virtioEvidence(facts),
  ...treeEvidence(facts),
];

const family = 'system' as const;

/**
 * WSL 2 runs its own kernel in a Hyper-V utility machine and Docker Desktop in a LinuxKit one; both
 * name their kernels so (Microsoft, Docker). WSL 1 has no kernel: see `container-kind.ts`.
 */
const kernelEvidence = (facts: HostFacts): readonly Finding[] => {
  const value = facts.osrelease ?? /^Linux version (\S+)/.exec(facts.kernel_version ?? '')?.[1];
  const found: Finding[] = [];
  if (value !== undefined && /-microsoft-|WSL2/i.test(value))
    found.push(forVirtual('strong', { id: 'kernel-wsl2', family, value, names: 'wsl2' }));
  if (value !== undefined && /linuxkit/i.test(value))
    found.push(forVirtual('medium', { id: 'kernel-linuxkit', family, value, names: 'linuxkit' }));
  // IBM Z: what controls the first level above the partition (Linux: /proc/sysinfo).
  const program = /z\/VM|KVM/i.exec(facts.control_program ?? '')?.[0];
  if (program !== undefined)
    found.push(
      forVirtual('strong', {
        id: 'control-program',
        family,
        value: facts.control_program ?? '',
        names: program.toLowerCase().replace('/', ''),
      }),
    );
  return found;
};

/** Xen shows itself in folders that only it makes; dom0 owns the machine and is no guest. */
const xenEvidence = (facts: HostFacts): readonly Finding[] => {
  if (ownsMachine(facts)) return [];
  const { hypervisor_type: type, xen_capabilities: rights, xen_devices: devices } = facts;
  const found: Finding[] = [];
  const names = 'xen';
  if (type !== undefined && type.trim() !== '')
    found.push(
      forVirtual(type.trim() === 'xen' ? strengthOfShared(facts, 'maker') : 'strong', {
        id: 'hypervisor-type',
        family,
        value: type,
        names: type.trim(),
      }),
    );
  if (rights !== undefined)
    found.push(
      // Some owners of the machine show no rights here (systemd issue 28113): their maker tells.
      forVirtual(strengthOfShared(facts, 'maker'), {
        id: 'xen-guest',
        family,
        value: 'no control rights',
        names,
      }),
    );
  if (devices !== undefined && devices.length > 0)
    found.push(
      forVirtual(strengthOfShared(facts, 'maker'), {
        id: 'xen-devices',
        family: 'bus',
        value: devices.join(' '),
        names,
      }),
    );
  return found;
};

/** Devices on the Hyper-V bus are offered by a host to a guest (Linux: drivers/hv). */
const hypervBus = (facts: HostFacts): readonly Finding[] => {
  if (facts.platform === 'win32' || facts.vmbus === undefined || facts.vmbus.length === 0)
    return [];
  const value = `${facts.vmbus.length} devices`;
  return [forVirtual('strong', { id: 'vmbus-devices', family: 'bus', value, names: 'hyperv' })];
};

/** Clock sources that a hypervisor provides (Linux: kvmclock, hyperv_timer, xen/time). */
const clockEvidence = (facts: HostFacts): readonly Finding[] => {
  const words = (facts.clocksource ?? []).flatMap((line) => line.split(/[\s=,]+/));
  const id = 'clock-source';
  const found: Finding[] = [];
  if (words.includes('kvm-clock'))
    found.push(forVirtual('strong', { id, family, value: 'kvm-clock', names: 'kvm' }));
  const hyperv = words.find((word) => word.startsWith('hyperv_clocksource'));
  if (hyperv !== undefined)
    found.push(
      forVirtual(strengthOfShared(facts, 'sensors'), {
        id,
        family,
        value: hyperv,
        names: 'hyperv',
      }),
    );
  if (words.includes('xen') && !ownsMachine(facts))
    found.push(
      forVirtual(strengthOfShared(facts, 'maker'), { id, family, value: 'xen', names: 'xen' }),
    );
  return found;
};

/** Clocks that a host offers its guests (Linux: ptp_kvm, ptp_vmw, hv_util, ptp_vmclock). */
const hostClock = ({ ptp_clocks }: HostFacts): readonly Finding[] => {
  const value = ptp_clocks?.find((name) => /KVM virtual|hyperv|ptp_vmw|vmclock/i.test(name));
  return value === undefined ? [] : [forVirtual('strong', { id: 'clock-host', family, value })];
};

/** QEMU's configuration door, seen as a firmware folder or as an owner of I/O ports. */
const emulatorDoor = ({ fw_cfg, ioports }: HostFacts): readonly Finding[] => {
  const found: Finding[] = [];
  if (fw_cfg !== undefined && fw_cfg.length > 0)
    found.push(
      forVirtual('strong', { id: 'fw-cfg', family: 'firmware', value: 'present', names: 'qemu' }),
    );
  const port = ioports?.find((name) => /fw_cfg|^QEMU\d/i.test(name));
  if (port !== undefined)
    found.push(
      forVirtual('strong', { id: 'fw-cfg-ports', family: 'firmware', value: port, names: 'qemu' }),
    );
  return found;
};

/**
 * Virtio over plain memory exists in emulators only. Over PCI smart cards offer networks, disks and
 * folders (types 1, 2, 8, 26), but no console, entropy, balloon, display, input or socket to a host
 * (3, 4, 5, 16, 18, 19; virtio specification). Under `remoteproc` it runs inside real boards' chips.
 */
const virtioEvidence = ({ virtio }: HostFacts): readonly Finding[] => {
  const value = virtio?.find((line) => /\bmmio$|^(3|4|5|16|18|19) pci$/.test(line));
  return value === undefined
    ? []
    : [forVirtual('strong', { id: 'virtio-device', family: 'bus', value, names: 'kvm' })];
};

/** Words of a device tree that stand for a virtual board (systemd; Linux device tree bindings). */
const VIRTUAL_TREE: readonly { readonly names: string; readonly pattern: RegExp }[] = [
  { names: 'qemu', pattern: /^(linux,dummy-virt|qemu,|riscv-virtio)|\bqemu\b/i },
  { names: 'xen', pattern: /^xen,xenvm/i },
  { names: 'crosvm', pattern: /^(crosvm|linux,crosvm)/i },
];

const treeEvidence = (facts: HostFacts): readonly Finding[] => {
  const found: Finding[] = [];
  const told = facts.device_tree_hypervisor?.replaceAll('\0', ' ').trim() ?? '';
  if (told !== '' && !(told.startsWith('xen') && ownsMachine(facts)))
    found.push(
      forVirtual(told.startsWith('xen') ? strengthOfShared(facts, 'maker') : 'strong', {
        id: 'tree-hypervisor',
        family: 'firmware',
        value: told,
        names: told.replace(/^linux,/, '').replace(/[,\s].*$/, ''),
      }),
    );
  const words = [facts.device_tree?.model ?? '', ...(facts.device_tree?.compatible ?? [])];
  const add = (value: string, names: string): void => {
    found.push(forVirtual('strong', { id: 'tree-board', family: 'firmware', value, names }));
  };
  const word = words.find(
    (text) => text !== '' && VIRTUAL_TREE.some(({ pattern }) => pattern.test(text)),
  );
  if (word !== undefined)
    add(word, VIRTUAL_TREE.find(({ pattern }) => pattern.test(word))?.names ?? '');
  const nodes = facts.device_tree?.nodes ?? [];
  const node = nodes.find((name) => /fw-cfg/i.test(name));
  if (node !== undefined) add(node, 'qemu');
  // POWER: the firmware of a logical partition names it (systemd: ibm,partition-name).
  if (nodes.includes('ibm,partition-name') && nodes.includes('hmc-managed?'))
    add('ibm,partition-name', 'powervm');
  return found;
};
