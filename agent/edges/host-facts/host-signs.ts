/**
 * Signs that this host could have become another one, cheap enough to be read whenever a seat is
 * asked for: its identity as the kernel keeps it, and which devices there are. They decide nothing.
 */

import { createHash } from 'node:crypto';
import { platform } from 'node:process';
import { type Files, filesBelow } from '../../../protocol/node/bounded-files.ts';
import { readFirmwareTable } from './windows-firmware.ts';

const TEXTS = [
  '/proc/sys/kernel/random/boot_id',
  '/proc/sys/kernel/osrelease',
  '/sys/class/dmi/id/modalias',
  // Not /proc/cpuinfo: some kernels measure every processor's frequency to print it.
  '/sys/devices/system/cpu/modalias',
  '/sys/devices/system/clocksource/clocksource0/current_clocksource',
  '/sys/hypervisor/type',
] as const;

const FOLDERS = [
  '/sys/bus/pci/devices',
  '/sys/bus/virtio/devices',
  '/sys/bus/vmbus/devices',
  '/sys/bus/xen/devices',
  '/sys/bus/acpi/devices',
] as const;

/** A text that changes when the host could have. */
export const readHostSigns = (): string => {
  if (platform === 'linux') return readLinuxSigns('/');
  if (platform !== 'win32') return '';
  const table = readFirmwareTable('RSMB');
  return table === undefined ? '' : createHash('sha256').update(table).digest('base64');
};

/** `root`: the folder that stands for `/`. */
export const readLinuxSigns = (root: string): string => {
  const files = filesBelow(root);
  return [
    ...TEXTS.map((path) => files.text(path) ?? ''),
    ...FOLDERS.map((path) => files.names(path)?.join(' ') ?? ''),
    generation(files),
  ].join('\n');
};

/**
 * The disruption marker of the VM clock (bytes 16 to 23 of its page): it changes whenever a guest
 * was moved, copied or put back to a snapshot (Linux: include/uapi/linux/vmclock-abi.h).
 */
const generation = (files: Files): string =>
  files.exists('/dev/vmclock0') ? (files.text('/dev/vmclock0', 24)?.slice(16) ?? '') : '';
