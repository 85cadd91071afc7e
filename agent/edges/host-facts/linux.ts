/**
 * Hardware facts of a Linux machine: reads of /proc and /sys only, as any user, without a child
 * process. What is absent or closed is left out; what every machine of this kind shows and this one
 * does not is named in `unreadable`.
 */

import { type Files, filesBelow } from '../../../protocol/node/bounded-files.ts';
import type { CpuFacts, HostFacts } from '../../core/host/host-facts.ts';
import { defined } from './defined.ts';
import { readBusFacts } from './linux-buses.ts';
import { coveredFiles, readContainerFacts } from './linux-container.ts';
import { readFirmwareFacts } from './linux-firmware.ts';
import { readSensorFacts } from './linux-sensors.ts';

export interface LinuxSource {
  /** Folder that stands for `/`. */
  readonly root: string;
  /** Machine type as `uname -m` or Node prints it. */
  readonly arch: string;
  /** The agent's own environment: pods and some containers are told by it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const readLinuxFacts = ({ root, arch, environment }: LinuxSource): HostFacts => {
  const files = filesBelow(root);
  const cpu = readCpu(files);
  const firmware = readFirmwareFacts(files);
  const buses = readBusFacts(files);
  const covered = coveredFiles(files);
  const facts: HostFacts = {
    platform: 'linux',
    arch,
    cpu,
    ...firmware,
    ...buses,
    ...readSensorFacts(files),
    ...readKernel(files),
    container: readContainerFacts(files, environment),
    ...(covered.length === 0 ? {} : { covered }),
  };
  const unreadable = missing(facts);
  return unreadable.length === 0 ? facts : { ...facts, unreadable };
};

/** The first processor only: the others repeat it. */
const readCpu = (files: Files): CpuFacts => {
  const text = files.text('/proc/cpuinfo', 32_768) ?? '';
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim();
  const flags = value('flags');
  return defined<CpuFacts>({
    model: value('model name') ?? value('Model') ?? value('cpu model') ?? value('cpu'),
    vendor: value('vendor_id'),
    microcode: value('microcode'),
    hypervisor_flag: flags === undefined ? undefined : flags.split(' ').includes('hypervisor'),
  });
};

const readKernel = (files: Files): HostFacts => {
  const notes = '/sys/devices/system/cpu/vulnerabilities';
  const clocks = '/sys/devices/system/clocksource/clocksource0';
  const features = files.text('/sys/hypervisor/properties/features');
  const clocksource = ['current_clocksource', 'available_clocksource'].flatMap(
    (name) => files.text(`${clocks}/${name}`)?.trim() ?? [],
  );
  return defined({
    osrelease: files.text('/proc/sys/kernel/osrelease'),
    // Between the version and the compiler stands who built it: a name and a machine.
    kernel_version: files.text('/proc/version')?.replace(/\([^()]*@[^()]*\) ?/, ''),
    clocksource: clocksource.length === 0 ? undefined : clocksource,
    cpu_vulnerabilities: Object.fromEntries(
      (files.names(notes) ?? []).map((name) => [name, files.text(`${notes}/${name}`) ?? '']),
    ),
    hypervisor_type: files.text('/sys/hypervisor/type'),
    xen_capabilities: files.text('/proc/xen/capabilities'),
    xen_dom0: features === undefined ? undefined : isDom0(features),
    control_program: /^VM00 Control Program:\s*(.*)$/m
      .exec(files.text('/proc/sysinfo') ?? '')?.[1]
      ?.trim(),
  });
};

/** XENFEAT_dom0, bit 11 of a hexadecimal number (Linux: include/xen/interface/features.h). */
const isDom0 = (features: string): boolean =>
  ((Number.parseInt(features.trim(), 16) >>> 11) & 1) === 1;

const missing = ({ arch, cpu, dmi, pci, device_tree }: HostFacts): readonly string[] => {
  const maker = dmi?.sys_vendor ?? dmi?.board_vendor ?? dmi?.bios_vendor;
  if (!/^(x64|x86_64|amd64|ia32|i[3-6]86)$/.test(arch ?? ''))
    return maker === undefined && device_tree?.model === undefined ? ['board'] : [];
  return [
    ...(maker === undefined ? ['/sys/class/dmi'] : []),
    ...(pci === undefined || pci.length === 0 ? ['/sys/bus/pci'] : []),
    ...(cpu?.hypervisor_flag === undefined ? ['/proc/cpuinfo'] : []),
  ];
};
