/** Firmware tables as bytes, made here: nothing in them comes from a real unit. */

/** One SMBIOS structure: `at` sets bytes by their place in it, `strings` follow it. */
export interface Structure {
  readonly type: number;
  readonly length: number;
  readonly at?: Readonly<Record<number, number>>;
  readonly strings?: readonly string[];
}

const latin = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));

const structureBytes = ({ type, length, at = {}, strings = [] }: Structure): readonly number[] => {
  const formatted = Array.from({ length }, (_, i) => at[i] ?? 0);
  formatted[0] = type;
  formatted[1] = length;
  const texts = strings.flatMap((text) => [...latin(text), 0]);
  return [...formatted, ...(texts.length === 0 ? [0] : texts), 0];
};

/** What `GetSystemFirmwareTable('RSMB')` returns, the end of the table included. */
export const smbiosBytes = (structures: readonly Structure[]): Uint8Array => {
  const table = [...structures, { type: 127, length: 4 }].flatMap(structureBytes);
  const length = new Uint8Array(new Uint32Array([table.length]).buffer);
  return new Uint8Array([0, 3, 2, 0, ...length, ...table]);
};

/** A machine in five structures; `vmBit` is what the firmware says of itself. */
export const machineStructures = (
  [vendor, product]: readonly [string, string],
  vmBit: boolean,
): readonly Structure[] => [
  {
    type: 0,
    length: 0x18,
    at: { 4: 1, 5: 2, 8: 3, 19: vmBit ? 0x1c : 0x0c },
    strings: ['American Megatrends', 'F.21', '03/21/2024'],
  },
  {
    type: 1,
    length: 0x1b,
    at: { 4: 1, 5: 2, 6: 3, 7: 4, 25: 5, 26: 6 },
    strings: [vendor, product, '1.0', 'SERIAL-1', 'SKU', 'Family'],
  },
  { type: 2, length: 0x0f, at: { 4: 1, 5: 2, 7: 3 }, strings: [vendor, 'Board', 'SERIAL-2'] },
  {
    type: 3,
    length: 0x16,
    at: { 4: 1, 5: 0x8a, 7: 2, 8: 3 },
    strings: [vendor, 'SERIAL-3', 'Property of Ann'],
  },
  { type: 4, length: 0x30, at: { 16: 1 }, strings: ['Some CPU @ 3.00GHz'] },
];

/** An ACPI table of 36 bytes. */
export const acpiBytes = (name: string, oem: string, table: string): Uint8Array => {
  const bytes = new Uint8Array(36);
  bytes.set(latin(name), 0);
  bytes.set(latin(oem.padEnd(6)), 10);
  bytes.set(latin(table.padEnd(8)), 16);
  return bytes;
};
