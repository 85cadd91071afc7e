/**
 * The firmware's own description of the machine (SMBIOS), as Windows hands it out. Pure; never
 * throws, whatever the bytes are. Serial numbers and the machine's id are not read.
 */

import type { DmiFacts, HostFacts } from '../../core/host/host-facts.ts';
import { defined } from './defined.ts';
import { CLOUD_TAG } from './linux-firmware.ts';

interface Structure {
  readonly type: number;
  /** The formatted part, its head of four bytes included. */
  readonly bytes: Uint8Array;
  readonly strings: readonly string[];
}

/** Before the structures: calling method, version, revision, and their length in four bytes. */
const HEAD_SIZE = 8;
/** Ends the table. */
const TYPE_END = 127;
/** Most structures taken; large servers have some hundreds. */
const STRUCTURES_MAX = 4_096;

/** What a raw table (`GetSystemFirmwareTable('RSMB')`) says of the machine. */
export const smbiosToFacts = (table: Uint8Array): HostFacts => {
  const structures = readStructures(table);
  if (structures.length === 0) return {};
  const bios = structures.find(({ type }) => type === 0);
  const extension = bios?.bytes[0x13];
  return defined<HostFacts>({
    smbios_types: [...new Set(structures.map(({ type }) => type))].sort((a, b) => a - b),
    // "SMBIOS table describes a virtual machine": bit 4 of the second extension byte of type 0.
    smbios_vm_bit: extension === undefined ? undefined : (extension & 0x10) !== 0,
    dmi_table: readDmi(structures),
  });
};

const readStructures = (table: Uint8Array): readonly Structure[] => {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  if (table.length < HEAD_SIZE) return [];
  const end = Math.min(table.length, HEAD_SIZE + view.getUint32(4, true));
  const found: Structure[] = [];
  let at = HEAD_SIZE;
  while (at + 4 <= end && found.length < STRUCTURES_MAX) {
    const type = table[at] ?? TYPE_END;
    const length = table[at + 1] ?? 0;
    if (type === TYPE_END || length < 4 || at + length > end) break;
    const { strings, next } = readStrings(table, at + length, end);
    found.push({ type, bytes: table.subarray(at, at + length), strings });
    at = next;
  }
  return found;
};

/** Strings end with a zero each and with one more after the last; none at all are two zeros. */
const readStrings = (
  table: Uint8Array,
  from: number,
  end: number,
): { readonly strings: readonly string[]; readonly next: number } => {
  const strings: string[] = [];
  let at = from;
  while (at < end && table[at] !== 0) {
    const zero = table.indexOf(0, at);
    const stop = zero < 0 || zero > end ? end : zero;
    strings.push(new TextDecoder('latin1').decode(table.subarray(at, stop)).trim());
    at = stop + 1;
  }
  return { strings, next: strings.length === 0 ? from + 2 : at + 1 };
};

/** Where each string's number stands: the structure's type and the byte in it (DMTF DSP0134). */
const STRINGS: Readonly<Partial<Record<keyof DmiFacts, readonly [type: number, at: number]>>> = {
  bios_vendor: [0, 0x04],
  bios_version: [0, 0x05],
  bios_date: [0, 0x08],
  sys_vendor: [1, 0x04],
  product_name: [1, 0x05],
  product_version: [1, 0x06],
  product_sku: [1, 0x19],
  product_family: [1, 0x1a],
  board_vendor: [2, 0x04],
  board_name: [2, 0x05],
  board_version: [2, 0x06],
  chassis_vendor: [3, 0x04],
  chassis_version: [3, 0x06],
  chassis_asset_tag: [3, 0x08],
  cpu_version: [4, 0x10],
};

const readDmi = (structures: readonly Structure[]): DmiFacts => {
  const read: Record<string, string> = {};
  for (const [field, [type, at]] of Object.entries(STRINGS)) {
    const structure = structures.find((one) => one.type === type);
    const text = structure?.strings[(structure.bytes[at] ?? 0) - 1] ?? '';
    if (text !== '') read[field] = text;
  }
  // Owners write there what they like; only a cloud's own mark is read.
  if (!CLOUD_TAG.test(read['chassis_asset_tag'] ?? '')) delete read['chassis_asset_tag'];
  const chassis = structures.find(({ type }) => type === 3)?.bytes[0x05];
  return chassis === undefined ? read : { ...read, chassis_type: String(chassis & 0x7f) };
};
