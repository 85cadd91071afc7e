/** What firmware left in /sys: SMBIOS strings, ACPI names, QEMU's door, the device tree. */

import type { Files } from '../../../protocol/node/bounded-files.ts';
import type { DeviceTreeFacts, DmiFacts, HostFacts } from '../../core/host/host-facts.ts';
import { defined } from './defined.ts';

/** World-readable files of /sys/class/dmi/id; serial numbers and the UUID are not read. */
const DMI_FIELDS = [
  'sys_vendor',
  'product_name',
  'product_version',
  'product_family',
  'product_sku',
  'board_vendor',
  'board_name',
  'board_version',
  'bios_vendor',
  'bios_version',
  'bios_date',
  'chassis_vendor',
  'chassis_type',
  'chassis_version',
] as const satisfies readonly (keyof DmiFacts)[];

/** An asset tag is the owner's own text but for those of clouds, so only known ones are taken. */
export const CLOUD_TAG =
  /^(7783-7084-3265-9085-8269-3286-77|[\w .-]*(cloud|openstack|zstack|amazon|google|azure)[\w .-]*)$/i;

export const readFirmwareFacts = (files: Files): HostFacts => {
  const tables = files.names('/sys/firmware/acpi/tables');
  const entries = files.names('/sys/firmware/dmi/entries');
  return defined<HostFacts>({
    dmi: readDmi(files),
    dmi_modalias: files.text('/sys/class/dmi/id/modalias'),
    acpi_hids: unique(
      files
        .names('/sys/bus/acpi/devices')
        ?.filter((name) => !name.startsWith('device:'))
        .map((name) => name.replace(/:[0-9a-f]+$/i, '')),
    ),
    acpi_tables: tables,
    acpi_oems: readTableMakers(files, tables),
    pm_profile: files.text('/sys/firmware/acpi/pm_profile'),
    smbios_types: entries && [
      ...new Set(entries.map((name) => Number.parseInt(name, 10)).filter(Number.isInteger)),
    ],
    fw_cfg: files.names('/sys/firmware/qemu_fw_cfg'),
    ioports: unique(
      files
        .text('/proc/ioports', 65_536)
        ?.split('\n')
        .map((line) => line.split(' : ')[1]?.trim() ?? '')
        .filter((name) => name !== ''),
    ),
    device_tree: readTree(files),
    device_tree_hypervisor: words(files.text('/proc/device-tree/hypervisor/compatible'))?.join(' '),
  });
};

/** Most ACPI tables whose maker is read. */
const MAKERS_MAX = 32;

/** Bytes 10 to 24 of a table name its maker; only root may read them. */
const readTableMakers = (
  files: Files,
  tables: readonly string[] | undefined,
): readonly string[] | undefined => {
  const made = (tables ?? []).slice(0, MAKERS_MAX).flatMap((table) => {
    const head = files.text(`/sys/firmware/acpi/tables/${table}`, 24) ?? '';
    const maker = /^[A-Z0-9]{4}/.test(head) ? head.slice(-14) : '';
    if (!/^[\x20-\x7e\0]{14}$/.test(maker)) return [];
    const plain = maker.replace(/[\0 ]/g, '_');
    return [`${table} ${plain.slice(0, 6)} ${plain.slice(6)}`];
  });
  return made.length === 0 ? undefined : made;
};

const readDmi = (files: Files): DmiFacts | undefined => {
  const read: Record<string, string> = {};
  for (const field of DMI_FIELDS) {
    const text = files.text(`/sys/class/dmi/id/${field}`);
    if (text !== undefined && text.trim() !== '') read[field] = text;
  }
  const tag = files.text('/sys/class/dmi/id/chassis_asset_tag')?.trim() ?? '';
  if (CLOUD_TAG.test(tag)) read['chassis_asset_tag'] = tag;
  return Object.keys(read).length === 0 ? undefined : read;
};

const readTree = (files: Files): DeviceTreeFacts | undefined => {
  const nodes = files.names('/proc/device-tree');
  if (nodes === undefined || nodes.length === 0) return undefined;
  return defined<DeviceTreeFacts>({
    model: words(files.text('/proc/device-tree/model'))?.join(' '),
    compatible: words(files.text('/proc/device-tree/compatible')),
    nodes,
  });
};

/** Texts of a device tree property, parted by zero bytes. */
const words = (text: string | undefined): readonly string[] | undefined =>
  text?.split('\0').filter((word) => word.trim() !== '');

const unique = (values: readonly string[] | undefined): readonly string[] | undefined =>
  values && [...new Set(values)];
