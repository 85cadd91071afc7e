/**
 * Registry answers to facts, for Windows. Pure. Not among the facts, because hosts have them too:
 * the hypervisor bit, vmic services, vEthernet adapters, Virtual Secure Mode, Hyper-V objects.
 */

import {
  parseRegistry,
  pathsBelow,
  type RegistryKey,
  valuesOf,
} from '../../../protocol/node/windows-registry.ts';
import type { CpuFacts, DmiFacts, HostFacts } from '../../core/host/host-facts.ts';
import { defined } from './defined.ts';

const SYSTEM = 'HKLM\\SYSTEM\\CurrentControlSet';
const ENUM = `${SYSTEM}\\Enum`;
const BUSES = ['PCI', 'ACPI', 'SCSI', 'IDE', 'NVME', 'USB'] as const;
const TABLES = ['DSDT', 'FADT', 'RSDT', 'XSDT', 'SSDT'] as const;
/**
 * Drivers whose own list of started devices is asked as well: those of chipsets, disks and displays,
 * and those that only guests install. A list names no ghost.
 */
const DRIVERS = [
  ...['pci', 'ACPI', 'msisadrv', 'intelide', 'atapi', 'storahci', 'stornvme', 'disk', 'cdrom'],
  ...['BasicDisplay', 'HDAudBus', 'usbxhci', 'usbehci', 'usbuhci'],
  ...['VBoxGuest', 'vmci', 'pvscsi', 'viostor', 'vioscsi', 'netkvm', 'balloon', 'xenbus'],
] as const;

/** One question: the arguments after `reg query`, under the name its answer goes by. */
export interface RegistryQuestion {
  readonly name: string;
  readonly words: readonly string[];
}

/**
 * `present:` questions find the volatile key `Control` that Windows keeps below a device only while
 * it is there; `known:` ones list every device the system remembers, ghosts included.
 */
export const REGISTRY_QUESTIONS: readonly RegistryQuestion[] = [
  { name: 'bios', words: ['HKLM\\HARDWARE\\DESCRIPTION\\System\\BIOS'] },
  { name: 'system', words: ['HKLM\\HARDWARE\\DESCRIPTION\\System'] },
  { name: 'cpu', words: ['HKLM\\HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0'] },
  { name: 'copy', words: [`${SYSTEM}\\Control\\SystemInformation`] },
  { name: 'guest', words: ['HKLM\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest\\Parameters'] },
  ...TABLES.map((table) => ({ name: `acpi:${table}`, words: [`HKLM\\HARDWARE\\ACPI\\${table}`] })),
  ...DRIVERS.map((driver) => ({
    name: `driver:${driver}`,
    words: [`${SYSTEM}\\Services\\${driver}\\Enum`],
  })),
  ...BUSES.flatMap((bus) => [
    { name: `present:${bus}`, words: [`${ENUM}\\${bus}`, '/s', '/k', '/f', 'Control', '/e'] },
    { name: `known:${bus}`, words: [`${ENUM}\\${bus}`] },
  ]),
];

/** Answers by question name; a question without an answer is left out of the facts. */
export const registryToFacts = (answers: ReadonlyMap<string, string>, arch: string): HostFacts => {
  const keys = new Map([...answers].map(([name, text]) => [name, parseRegistry(text)]));
  const of = (name: string): readonly RegistryKey[] => keys.get(name) ?? [];
  const bios = valuesOf(of('bios'), '\\BIOS');
  const dmi = readDmi(bios);
  const devices = presentDevices(of);
  const facts = defined<HostFacts>({
    platform: 'win32',
    arch,
    dmi,
    dmi_copy: readDmi(valuesOf(of('copy'), '\\SystemInformation')),
    cpu: readCpu(valuesOf(of('cpu'), '\\0')),
    acpi_oems: [
      ...TABLES.flatMap((table) =>
        pathsBelow(of(`acpi:${table}`), `ACPI\\${table}`).map((maker) => `${table} ${maker}`),
      ),
      ...firmwareVersions(valuesOf(of('system'), '\\System')),
    ],
    devices,
    ghost_devices: ghostDevices(of, devices),
    hyperv_guest_parameters: of('guest').length > 0,
    unreadable: dmi === undefined ? ['HARDWARE\\DESCRIPTION\\System\\BIOS'] : undefined,
  });
  return facts;
};

/**
 * The registry's facts with those of the firmware's tables. Where the registry names no machine, the
 * firmware does; what both tell is kept of both, because a difference is telling.
 */
export const joinFirmware = (registry: HostFacts, firmware: HostFacts): HostFacts => {
  const { dmi = firmware.dmi_table, unreadable: _, ...rest } = registry;
  const makers = [...(registry.acpi_oems ?? []), ...(firmware.acpi_oems ?? [])];
  return {
    ...rest,
    ...firmware,
    ...(dmi === undefined ? {} : { dmi }),
    ...(makers.length === 0 ? {} : { acpi_oems: [...new Set(makers)] }),
    ...(dmi === undefined && registry.unreadable !== undefined
      ? { unreadable: registry.unreadable }
      : {}),
  };
};

/** Blank strings, as Wine gives where it knows nothing, are not known. */
const readDmi = (all: Readonly<Record<string, string>>): DmiFacts | undefined => {
  const values = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  const dmi = defined<DmiFacts>({
    sys_vendor: values['SystemManufacturer'],
    product_name: values['SystemProductName'],
    product_version: values['SystemVersion'],
    product_family: values['SystemFamily'],
    product_sku: values['SystemSKU'],
    board_vendor: values['BaseBoardManufacturer'],
    board_name: values['BaseBoardProduct'],
    board_version: values['BaseBoardVersion'],
    bios_vendor: values['BIOSVendor'],
    bios_version: values['BIOSVersion'],
    bios_date: values['BIOSReleaseDate'],
  });
  return Object.keys(dmi).length === 0 ? undefined : dmi;
};

/** `VBOX   - 1`: the maker of the first ACPI table and its revision. */
const firmwareVersions = (values: Readonly<Record<string, string>>): readonly string[] => {
  const maker = /^[A-Za-z]\w*/.exec(values['SystemBiosVersion'] ?? '')?.[0];
  return maker === undefined ? [] : [`BIOS ${maker}`];
};

const readCpu = (values: Readonly<Record<string, string>>): CpuFacts =>
  defined<CpuFacts>({
    model: values['ProcessorNameString'],
    vendor: values['VendorIdentifier'],
  });

/** Instance ids, cut to bus and device: the last part can hold a serial number. */
const presentDevices = (of: (name: string) => readonly RegistryKey[]): readonly string[] => {
  const found = new Set<string>();
  for (const bus of BUSES)
    for (const path of pathsBelow(of(`present:${bus}`), `Enum\\${bus}`))
      if (/\\Control$/i.test(path)) found.add(deviceOf(`${bus}\\${path}`));
  for (const driver of DRIVERS)
    for (const [name, value] of Object.entries(valuesOf(of(`driver:${driver}`), '\\Enum')))
      if (/^\d+$/.test(name)) found.add(deviceOf(value));
  return [...found].sort();
};

const ghostDevices = (
  of: (name: string) => readonly RegistryKey[],
  present: readonly string[],
): readonly string[] => {
  const here = new Set(present.map((device) => device.toLowerCase()));
  return BUSES.flatMap((bus) =>
    pathsBelow(of(`known:${bus}`), `Enum\\${bus}`)
      .filter((path) => !path.includes('\\'))
      .map((path) => `${bus}\\${path}`)
      .filter((device) => !here.has(device.toLowerCase())),
  );
};

const deviceOf = (instance: string): string => instance.split('\\').slice(0, 2).join('\\');
