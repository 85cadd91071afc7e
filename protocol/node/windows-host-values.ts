/** What tells a Windows computer from another, from registry keys that any user may read. */

import { type HostValues, joinHostValues } from '../host-component.ts';
import { parseRegistry, valuesOf } from './windows-registry.ts';

/** What is asked: the words after `reg query`. */
export const HOST_QUESTIONS = {
  guid: ['HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid', '/reg:64'],
  /** Names the SMBIOS UUID of the hardware that was started last: this one. */
  config: ['HKLM\\SYSTEM\\HardwareConfig', '/v', 'LastConfig'],
  bios: ['HKLM\\HARDWARE\\DESCRIPTION\\System\\BIOS'],
  disks: ['HKLM\\HARDWARE\\DEVICEMAP\\Scsi', '/s'],
} as const;

type Answers = Readonly<Partial<Record<keyof typeof HOST_QUESTIONS, string>>>;

/** From what `reg query` printed; MACs and the processor are not in it. */
export const windowsHostValues = (answers: Answers): HostValues => {
  const valuesIn = (text = '', ending: string) => valuesOf(parseRegistry(text), ending);
  const bios = valuesIn(answers.bios, '\\BIOS');
  return {
    'machine-id': [valuesIn(answers.guid, '\\Cryptography')['MachineGuid']],
    system: [valuesIn(answers.config, '\\HardwareConfig')['LastConfig']?.replace(/[{}]/g, '')],
    board: [
      joinHostValues([
        bios['SystemManufacturer'],
        bios['SystemProductName'],
        bios['BaseBoardManufacturer'],
        bios['BaseBoardProduct'],
      ]),
    ],
    disk: readDisks(answers.disks ?? ''),
  };
};

/** `…\Scsi Port 0` names a driver; `…\Scsi Port 0\…\Logical Unit Id 0` below it, a disk. */
const readDisks = (text: string): readonly (string | undefined)[] => {
  const keys = parseRegistry(text);
  const portOf = (path: string): string => /^.*?\\Scsi Port \d+/i.exec(path)?.[0] ?? path;
  const foreign = new Set(
    keys
      .filter(({ values }) => /usb|uasp|iscsi/i.test(values['Driver'] ?? ''))
      .map(({ path }) => portOf(path)),
  );
  return keys
    .filter(({ path, values }) => values['Type'] === 'DiskPeripheral' && !foreign.has(portOf(path)))
    .map(({ values }) => values['SerialNumber']);
};
