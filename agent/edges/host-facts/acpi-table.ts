/** Names and makers of ACPI tables, from their bytes. Pure; never throws. */

/** The first bytes that every table has: signature, length, maker and the rest of the head. */
export const ACPI_HEAD_SIZE = 36;

/** Signatures in what `EnumSystemFirmwareTables('ACPI')` returns, four bytes each. */
export const readTableNames = (list: Uint8Array): readonly string[] => {
  const names = Array.from({ length: Math.floor(list.length / 4) }, (_, i) =>
    latin(list, 4 * i, 4),
  );
  return [...new Set(names.filter((name) => /^[A-Z0-9_]{4}$/.test(name)))].sort();
};

/** `TABLE OEMID OEMTABLEID` with blanks as underscores, or `undefined` where no table begins. */
export const readTableMaker = (table: Uint8Array): string | undefined => {
  if (table.length < ACPI_HEAD_SIZE) return undefined;
  const name = latin(table, 0, 4);
  const maker = latin(table, 10, 14);
  if (!/^[A-Z0-9_]{4}$/.test(name) || !/^[\x20-\x7e\0]{14}$/.test(maker)) return undefined;
  const plain = maker.replace(/[\0 ]/g, '_');
  return `${name} ${plain.slice(0, 6)} ${plain.slice(6)}`;
};

const latin = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));
