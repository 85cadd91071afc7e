/** What tells a Linux computer from another, from files that any user may read. */

import { type HostValues, joinHostValues } from '../host-component.ts';
import { type Files, filesBelow } from './bounded-files.ts';

/** `root`: the folder that stands for `/`. Serial numbers in SMBIOS are root's and are not read. */
export const linuxHostValues = (root: string): HostValues => {
  const files = filesBelow(root);
  return {
    'machine-id': [
      files.publicText('/etc/machine-id') ?? files.publicText('/var/lib/dbus/machine-id'),
    ],
    system: [files.publicText('/proc/device-tree/serial-number')],
    board: [readModel(files)],
    disk: readDisks(files),
    mac: readPorts(files),
    cpu: [readProcessor(files)],
  };
};

const readModel = (files: Files): string =>
  joinHostValues([
    ...['sys_vendor', 'product_name', 'board_vendor', 'board_name'].map((name) =>
      files.publicText(`/sys/class/dmi/id/${name}`),
    ),
    files.publicText('/proc/device-tree/model'),
  ]);

const readProcessor = (files: Files): string | undefined => {
  const text = files.publicText('/proc/cpuinfo') ?? '';
  return /^(?:model name|Model|cpu model|cpu)\s*:\s*(.+)$/m.exec(text)?.[1];
};

/** Block devices that are no disk of this computer's own: made by programs, or of the network. */
const NO_DISK = /^(loop|ram|zram|dm-|md|sr|fd|nbd|rbd|drbd|mtd)/;
/** Behind a cable that can be pulled, or on a storage network that many computers share. */
const FOREIGN_DISK = /\/(usb\d|session\d|rport-)/;

const readDisks = (files: Files): readonly (string | undefined)[] =>
  (files.names('/sys/block') ?? []).flatMap((name) => {
    const disk = `/sys/block/${name}`;
    if (NO_DISK.test(name) || !files.exists(`${disk}/device`)) return [];
    if (FOREIGN_DISK.test(files.link(disk))) return [];
    if (files.publicText(`${disk}/removable`) === '1') return [];
    if (files.publicText(`${disk}/device/type`) === 'SD') return [];
    // NVMe and eMMC; virtio; SCSI and SATA, by two ways.
    const places = ['device/serial', 'serial', 'device/wwid', 'wwid', 'device/vpd_pg80'];
    return [firstOf(places.map((place) => files.publicText(`${disk}/${place}`)))];
  });

const readPorts = (files: Files): readonly (string | undefined)[] =>
  (files.names('/sys/class/net') ?? []).flatMap((name) => {
    const port = `/sys/class/net/${name}`;
    return isBuiltIn(files, port) ? [permanentAddress(files, port)] : [];
  });

/** A port with hardware behind it that is not plugged in from outside nor a slice of another. */
const isBuiltIn = (files: Files, port: string): boolean =>
  files.exists(`${port}/device`) &&
  !files.exists(`${port}/device/physfn`) &&
  !files.link(`${port}/device/subsystem`).endsWith('/usb') &&
  files.publicText(`${port}/device/removable`) !== 'removable';

/** A port's current address may be made up (Wi-Fi, bonds); then the permanent one is elsewhere. */
const permanentAddress = (files: Files, port: string): string | undefined => {
  const elsewhere = firstOf([
    files.publicText(`${port}/phy80211/macaddress`),
    files.publicText(`${port}/bonding_slave/perm_hwaddr`),
  ]);
  if (elsewhere !== undefined) return elsewhere;
  const isPermanent = (files.publicText(`${port}/addr_assign_type`) ?? '0').trim() === '0';
  return isPermanent ? files.publicText(`${port}/address`) : undefined;
};

const firstOf = (texts: readonly (string | undefined)[]): string | undefined =>
  texts.find((text) => text !== undefined && text.trim() !== '');
