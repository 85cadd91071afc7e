/** What sits on the buses: PCI, virtio, Hyper-V, Xen, USB, disks, input, network. */

import { type Files, FOLDER_MAX } from '../../../protocol/node/bounded-files.ts';
import type { HostFacts } from '../../core/host/host-facts.ts';
import { defined } from './defined.ts';

/** Most bytes read of the second list of PCI functions, about a thousand of them. */
const COPY_MAX = 262_144;

export const readBusFacts = (files: Files): HostFacts =>
  defined<HostFacts>({
    pci: readPci(files),
    pci_copy: readPciCopy(files),
    ptp_clocks: each(files, '/sys/class/ptp', (path) => files.text(`${path}/clock_name`)),
    virtio: readVirtio(files),
    vmbus: each(files, '/sys/bus/vmbus/devices', (path) => files.text(`${path}/class_id`)),
    xen_devices: files.names('/sys/bus/xen/devices'),
    usb: each(files, '/sys/bus/usb/devices', (path) => {
      const vendor = files.text(`${path}/idVendor`);
      return vendor && `${vendor}:${files.text(`${path}/idProduct`) ?? ''}`;
    }),
    disks: readDisks(files),
    inputs: readInputs(files),
    mac_prefixes: readPrefixes(files),
  });

/** One value for each name in a folder; those without are left out. */
const each = (
  files: Files,
  folder: string,
  read: (path: string, name: string) => string | undefined,
): readonly string[] | undefined =>
  files.names(folder)?.flatMap((name) => read(`${folder}/${name}`, name)?.trim() || []);

/** `uevent` holds class, ids and driver of a function in one small file. */
const readPci = (files: Files): readonly string[] | undefined =>
  each(files, '/sys/bus/pci/devices', (path, slot) => {
    const text = files.text(`${path}/uevent`) ?? '';
    const lines = text.split('\n');
    const value = (name: string): string =>
      lines
        .find((line) => line.startsWith(`${name}=`))
        ?.slice(name.length + 1)
        .toLowerCase() ?? '-';
    const kind = value('PCI_CLASS');
    const parts = [kind === '-' ? kind : kind.padStart(6, '0')];
    for (const name of ['PCI_ID', 'PCI_SUBSYS_ID', 'DRIVER']) parts.push(value(name));
    return text === '' ? undefined : [slot, ...parts].join(' ');
  });

/** A list that fills its bound may be cut, and is then no second source. */
const readPciCopy = (files: Files): readonly string[] | undefined => {
  const text = files.text('/proc/bus/pci/devices', COPY_MAX);
  const slots = files.names('/sys/bus/pci/devices')?.length ?? 0;
  if (text === undefined || text.length >= COPY_MAX - 512 || slots >= FOLDER_MAX) return undefined;
  return text.split('\n').flatMap((line) => {
    const ids = /^[0-9a-f]{4}\t([0-9a-f]{4})([0-9a-f]{4})\t/i.exec(line);
    return ids === null ? [] : [`${ids[1]}:${ids[2]}`.toLowerCase()];
  });
};

const readVirtio = (files: Files): readonly string[] | undefined =>
  each(files, '/sys/bus/virtio/devices', (path) => {
    const kind = Number.parseInt(files.text(`${path}/device`) ?? '', 16);
    const place = files.link(path);
    const transport = ['remoteproc', 'vdpa', 'virtio-mmio', 'virtio_mmio', 'LNRO0005', 'pci'].find(
      (word) => place.includes(word),
    );
    const shown = /mmio|LNRO/.test(transport ?? '') ? 'mmio' : (transport ?? 'other');
    return `${Number.isNaN(kind) ? '-' : kind} ${shown}`;
  });

/** Disks that hang on a device; loops, memory disks and mapped ones do not. */
const readDisks = (files: Files): readonly string[] | undefined =>
  each(files, '/sys/block', (path, name) => {
    if (/^(loop|ram|zram|dm-|md|nbd)/.test(name)) return undefined;
    const vendor = files.text(`${path}/device/vendor`)?.trim();
    const model = files.text(`${path}/device/model`)?.trim();
    return [vendor, model].filter(Boolean).join(' ');
  });

/** Names, but for Bluetooth (bus 0005), where people name their own. */
const readInputs = (files: Files): readonly string[] | undefined =>
  files
    .text('/proc/bus/input/devices', 65_536)
    ?.split('\n\n')
    .filter((block) => !/^I: Bus=0005/m.test(block))
    .flatMap((block) => /^N: Name="(.*)"$/m.exec(block)?.[1] ?? []);

const readPrefixes = (files: Files): readonly string[] | undefined =>
  each(files, '/sys/class/net', (path) =>
    files.exists(`${path}/device`) ? files.text(`${path}/address`)?.slice(0, 8) : undefined,
  );
