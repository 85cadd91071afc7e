/**
 * What is known of one machine, as raw facts: the input of the verdict. Facts come from the readers
 * under `agent/edges/host-facts` or from a recorded file. Every key is optional; an absent key means
 * "not known", never "absent on that machine". Nothing here identifies a person or one unit: no
 * serial number, no full network address, no host name.
 */

import { err, ok, type Result } from '../../../protocol/result.ts';
import * as shape from './fact-shape.ts';

/** Firmware strings (SMBIOS types 0 to 3), as the operating system prints them. */
export interface DmiFacts {
  readonly sys_vendor?: string;
  readonly product_name?: string;
  readonly product_version?: string;
  readonly product_family?: string;
  readonly product_sku?: string;
  readonly board_vendor?: string;
  readonly board_name?: string;
  readonly board_version?: string;
  readonly bios_vendor?: string;
  readonly bios_version?: string;
  readonly bios_date?: string;
  readonly chassis_vendor?: string;
  /** SMBIOS number ("10") or name ("Notebook"). */
  readonly chassis_type?: string;
  readonly chassis_version?: string;
  readonly chassis_asset_tag?: string;
  /** Processor version string of SMBIOS type 4. */
  readonly cpu_version?: string;
}

export interface CpuFacts {
  readonly model?: string;
  /** `vendor_id` of /proc/cpuinfo or VendorIdentifier of the Windows registry. */
  readonly vendor?: string;
  /** CPUID leaf 1, ECX bit 31, as /proc/cpuinfo tells it. */
  readonly hypervisor_flag?: boolean;
  /** The same bit from a second source (the dynamic loader's diagnostics). */
  readonly hypervisor_flag_loader?: boolean;
  /** The twelve characters of CPUID leaf 0x40000000, or the name a tool gives them. */
  readonly hypervisor_signature?: string;
  readonly microcode?: string;
}

/** What speaks of a container; see `container-kind.ts`. */
export interface ContainerFacts {
  /** Marker files and folders that exist, such as `/.dockerenv`. */
  readonly files?: readonly string[];
  /** `NAME=value` words of process 1's environment; the reader keeps only telling names. */
  readonly pid1_environment?: string;
  readonly cgroup?: string;
  /** Mounts of `/`, `/etc/hosts` and the like, one `target filesystem source` a line, ids cut. */
  readonly mounts?: readonly string[];
}

/** The flattened device tree of ARM, POWER and RISC-V machines. */
export interface DeviceTreeFacts {
  readonly model?: string;
  readonly compatible?: readonly string[];
  /** Names of the root's children. */
  readonly nodes?: readonly string[];
}

export interface HostFacts {
  readonly platform?: string;
  readonly arch?: string;
  readonly dmi?: DmiFacts;
  /** A second copy of the firmware strings: SystemInformation in the Windows registry. */
  readonly dmi_copy?: DmiFacts;
  /** The strings once more, from the firmware's own table (Windows). */
  readonly dmi_table?: DmiFacts;
  /** The kernel's own summary of the firmware strings, `dmi:bvn…:svn…:pn…:`. */
  readonly dmi_modalias?: string;
  readonly cpu?: CpuFacts;
  /** One function a line: `slot class vendor:device subvendor:subdevice driver`, `-` unknown. */
  readonly pci?: readonly string[];
  /** `vendor:device` of the same functions from a second source, /proc/bus/pci/devices. */
  readonly pci_copy?: readonly string[];
  readonly acpi_hids?: readonly string[];
  readonly acpi_tables?: readonly string[];
  /**
   * Makers of ACPI tables, `TABLE OEMID OEMTABLEID` (Windows registry; Linux for root);
   * `BIOS OEMID` where Windows keeps the maker of the first table as the firmware's version.
   */
  readonly acpi_oems?: readonly string[];
  /** Preferred power profile of the FADT; 0 = unspecified. */
  readonly pm_profile?: string;
  readonly smbios_types?: readonly number[];
  readonly smbios_vm_bit?: boolean;
  readonly hwmon?: readonly string[];
  readonly thermal_zones?: readonly string[];
  readonly powercap?: readonly string[];
  readonly cpufreq?: readonly string[];
  /** Names of batteries and mains adapters (`/sys/class/power_supply`). */
  readonly power_supplies?: readonly string[];
  /** Devices of Intel's management engine, error-detecting memory controllers: `mei0`, `mc0`. */
  readonly board_devices?: readonly string[];
  readonly tpm?: readonly string[];
  readonly clocksource?: readonly string[];
  readonly fw_cfg?: readonly string[];
  /** Owner names of /proc/ioports, without addresses. */
  readonly ioports?: readonly string[];
  readonly disks?: readonly string[];
  /** `vendor:product` of USB devices. */
  readonly usb?: readonly string[];
  /** Names of input devices. */
  readonly inputs?: readonly string[];
  /** First three bytes of hardware addresses, of interfaces that sit on a bus only. */
  readonly mac_prefixes?: readonly string[];
  /** Names of hardware clocks (`/sys/class/ptp`). */
  readonly ptp_clocks?: readonly string[];
  /** `type transport` of virtio devices: `1 pci`, `2 mmio`, `7 remoteproc`. */
  readonly virtio?: readonly string[];
  /** Class ids of devices on the Hyper-V bus (Linux). */
  readonly vmbus?: readonly string[];
  /** Front-end devices on the Xen bus. */
  readonly xen_devices?: readonly string[];
  readonly cpu_vulnerabilities?: Readonly<Record<string, string>>;
  /** /proc/xen/capabilities; empty text = a Xen guest without control rights. */
  readonly xen_capabilities?: string;
  readonly xen_dom0?: boolean;
  /** /sys/hypervisor/type. */
  readonly hypervisor_type?: string;
  /** hypervisor/compatible of the device tree. */
  readonly device_tree_hypervisor?: string;
  readonly device_tree?: DeviceTreeFacts;
  /** "Control Program" of /proc/sysinfo on IBM Z. */
  readonly control_program?: string;
  readonly osrelease?: string;
  /** /proc/version, without the builder's name. */
  readonly kernel_version?: string;
  readonly container?: ContainerFacts;
  /** Plug-and-play instance ids of devices that are present (Windows). */
  readonly devices?: readonly string[];
  /** Instance ids of devices that are remembered, not present (Windows). Never evidence. */
  readonly ghost_devices?: readonly string[];
  /** `SOFTWARE\Microsoft\Virtual Machine\Guest\Parameters` exists (Windows). */
  readonly hyperv_guest_parameters?: boolean;
  /** Sources that every machine of this kind shows and the reader could not see. */
  readonly unreadable?: readonly string[];
  /** Files of the kernel that somebody has mounted something over. */
  readonly covered?: readonly string[];
}

const dmi = shape.record<DmiFacts>({
  sys_vendor: shape.text(),
  product_name: shape.text(),
  product_version: shape.text(),
  product_family: shape.text(),
  product_sku: shape.text(),
  board_vendor: shape.text(),
  board_name: shape.text(),
  board_version: shape.text(),
  bios_vendor: shape.text(),
  bios_version: shape.text(),
  bios_date: shape.text(),
  chassis_vendor: shape.text(),
  chassis_type: shape.textOrNumber(),
  chassis_version: shape.text(),
  chassis_asset_tag: shape.text(),
  cpu_version: shape.text(),
});

const facts = shape.record<HostFacts>({
  platform: shape.text(),
  arch: shape.text(),
  dmi,
  dmi_copy: dmi,
  dmi_table: dmi,
  dmi_modalias: shape.text(),
  cpu: shape.record<CpuFacts>({
    model: shape.text(),
    vendor: shape.text(),
    hypervisor_flag: shape.flag(),
    hypervisor_flag_loader: shape.flag(),
    hypervisor_signature: shape.text(),
    microcode: shape.textOrNumber(),
  }),
  pci: shape.texts(),
  pci_copy: shape.texts(),
  acpi_hids: shape.texts(),
  acpi_tables: shape.texts(),
  acpi_oems: shape.texts(),
  pm_profile: shape.textOrNumber(),
  smbios_types: shape.numbers(),
  smbios_vm_bit: shape.flag(),
  hwmon: shape.words(),
  thermal_zones: shape.words(),
  powercap: shape.words(),
  cpufreq: shape.words(),
  power_supplies: shape.words(),
  board_devices: shape.words(),
  tpm: shape.words(),
  clocksource: shape.words(),
  fw_cfg: shape.words(),
  ioports: shape.texts(),
  disks: shape.words(),
  usb: shape.texts(),
  inputs: shape.texts(),
  mac_prefixes: shape.texts(),
  ptp_clocks: shape.texts(),
  virtio: shape.texts(),
  vmbus: shape.texts(),
  xen_devices: shape.texts(),
  cpu_vulnerabilities: shape.textByName(),
  xen_capabilities: shape.text(),
  xen_dom0: shape.flag(),
  hypervisor_type: shape.text(),
  device_tree_hypervisor: shape.text(),
  device_tree: shape.record<DeviceTreeFacts>({
    model: shape.text(),
    compatible: shape.texts(),
    nodes: shape.texts(),
  }),
  control_program: shape.text(),
  osrelease: shape.text(),
  kernel_version: shape.text(),
  container: shape.record<ContainerFacts>({
    files: shape.texts(),
    pid1_environment: shape.text(),
    cgroup: shape.text(),
    mounts: shape.texts(),
  }),
  devices: shape.texts(),
  ghost_devices: shape.texts(),
  hyperv_guest_parameters: shape.flag(),
  unreadable: shape.texts(),
  covered: shape.texts(),
});

/**
 * Reads one JSON value as facts. Unknown keys are ignored, `null` counts as absent; a known key of a
 * wrong type, too long or too large is refused with one sentence that names it.
 */
export const parseHostFacts = (value: unknown): Result<HostFacts, string> => {
  const read = facts(value, '');
  return read.ok ? ok(read.value ?? {}) : err(read.error);
};
