/**
 * The firmware's tables on Windows, as any user: kernel32's GetSystemFirmwareTable, called through
 * koffi, which is loaded when it is first asked for and on Windows only.
 */

import { platform } from 'node:process';
import type { HostFacts } from '../../core/host/host-facts.ts';
import { loadKoffi } from '../koffi.ts';
import { readTableMaker, readTableNames } from './acpi-table.ts';
import { defined } from './defined.ts';
import { smbiosToFacts } from './smbios-table.ts';

type Provider = 'ACPI' | 'RSMB';

interface Kernel {
  /** Both return how many bytes there are, and write them when the buffer is large enough. */
  readonly list: (provider: number, buffer: Uint8Array | null, size: number) => number;
  readonly get: (provider: number, id: number, buffer: Uint8Array | null, size: number) => number;
}

/** Most bytes taken of one table. */
const TABLE_MAX = 1_048_576;
/** Most ACPI tables whose maker is read. */
const TABLES_MAX = 64;

/** What the firmware's tables say; nothing where they cannot be read. */
export const readFirmwareFacts = (): HostFacts => {
  const smbios = readFirmwareTable('RSMB');
  const tables = listTables();
  return {
    ...(smbios === undefined ? {} : smbiosToFacts(smbios)),
    ...defined<HostFacts>({
      acpi_tables: tables,
      acpi_oems: tables?.slice(0, TABLES_MAX).flatMap((name) => {
        const table = readFirmwareTable('ACPI', name);
        return (table && readTableMaker(table)) ?? [];
      }),
    }),
  };
};

/** The bytes of a table, or `undefined` off Windows and where it cannot be read. */
export const readFirmwareTable = (provider: Provider, name = ''): Uint8Array | undefined => {
  const id = numberOf([...name].reverse().join(''));
  return fill((kernel, buffer, size) => kernel.get(numberOf(provider), id, buffer, size));
};

const listTables = (): readonly string[] | undefined => {
  const list = fill((kernel, buffer, size) => kernel.list(numberOf('ACPI'), buffer, size));
  return list && readTableNames(list);
};

const fill = (
  call: (kernel: Kernel, buffer: Uint8Array | null, size: number) => number,
): Uint8Array | undefined => {
  const kernel = openKernel();
  if (kernel === undefined) return undefined;
  const size = call(kernel, null, 0);
  if (size === 0 || size > TABLE_MAX) return undefined;
  const buffer = new Uint8Array(size);
  return call(kernel, buffer, size) === size ? buffer : undefined;
};

/** Four characters as the number that Windows' headers write in quotes: the first is the highest. */
const numberOf = (word: string): number =>
  [...word].reduce((sum, letter) => sum * 256 + letter.charCodeAt(0), 0);

/** `null` when it was tried and there is none. */
let opened: Kernel | null | undefined;

const openKernel = (): Kernel | undefined => {
  if (opened === undefined) opened = platform === 'win32' ? loadKernel() : null;
  return opened ?? undefined;
};

const loadKernel = (): Kernel | null => {
  try {
    const kernel = loadKoffi().load('kernel32.dll');
    const list = 'uint32 __stdcall EnumSystemFirmwareTables(uint32, void *, uint32)';
    const get = 'uint32 __stdcall GetSystemFirmwareTable(uint32, uint32, void *, uint32)';
    return { list: kernel.func(list), get: kernel.func(get) } as Kernel;
  } catch {
    // Without the tables the registry still tells; a data folder mounted away must stop nobody.
    return null;
  }
};
