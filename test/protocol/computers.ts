/** Invented computers, and what happens to them. */

import { makeHostCode } from '../../protocol/host-code.ts';
import { type HostValues, toHostComponents } from '../../protocol/host-component.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';

/** The plain code of a computer with these values. */
export const codeOf = (values: HostValues): Uint8Array =>
  makeHostCode(toHostComponents(values), nativePrimitives.sha512);

export const LAPTOP: HostValues = {
  'machine-id': ['8f2c1f5f0b5e4d7f9b1d4c3a2e1f0a9b'],
  board: ['LENOVO, 20XW, ThinkPad X1'],
  disk: ['S4EVNX0R123456'],
  mac: ['f0:1f:af:12:34:56', 'f4:46:37:aa:bb:cc'],
  cpu: ['Intel(R) Core(TM) i7-1165G7'],
};
/** As Windows shows it: with the system's number. */
const WINDOWS: HostValues = { ...LAPTOP, system: ['4c4c4544-0042-3510-8053-b7c04f573533'] };
/** Another computer of the model. */
const SIBLING: HostValues = {
  ...LAPTOP,
  'machine-id': ['11111111222222223333333344444444'],
  disk: ['S4EVNX0R999999'],
  mac: ['f0:1f:af:99:99:99', 'f4:46:37:99:99:99'],
};
const WINDOWS_SIBLING: HostValues = {
  ...SIBLING,
  system: ['4c4c4544-0099-9910-8053-b7c04f999999'],
};
/** Another computer altogether. */
export const DESKTOP: HostValues = {
  'machine-id': ['99999999222222223333333344444444'],
  board: ['ASUSTeK, PRIME B450'],
  disk: ['WD-WCC6Y7'],
  mac: ['04:d4:c4:01:02:03'],
  cpu: ['AMD Ryzen 5 3600'],
};
/** No disk in it tells its number. */
const { disk: _, ...NAMELESS } = LAPTOP;

export const copied = { 'machine-id': LAPTOP['machine-id'] ?? [] };
const moved = { ...copied, disk: LAPTOP.disk ?? [] };
const replaced = { 'machine-id': ['aaaabbbbccccddddeeeeffff00001111'], disk: ['NEW-DISK-1'] };
export const card = { mac: ['00:1b:21:00:00:01'] };

/** As an agent that is a service on Linux sees it, with what root alone may read. */
const SERVICE: HostValues = {
  ...WINDOWS,
  'board-serial': ['L1HF12345678'],
  tpm: ['e3b0c44298fc1c149afbf4c8996fb924'],
};
const SERVICE_SIBLING: HostValues = {
  ...WINDOWS_SIBLING,
  'board-serial': ['L1HF99999999'],
  tpm: ['a9b0c44298fc1c149afbf4c8996fb924'],
};

/** What happened, the computer that the code was made on, the one at hand, whether it is that. */
export const CASES: readonly (readonly [string, HostValues, HostValues, boolean])[] = [
  ['nothing', LAPTOP, LAPTOP, true],
  ['a dock with a port', LAPTOP, { ...LAPTOP, mac: [...(LAPTOP.mac ?? []), ...card.mac] }, true],
  [
    'made in the dock, now without',
    { ...LAPTOP, mac: [...(LAPTOP.mac ?? []), ...card.mac] },
    LAPTOP,
    true,
  ],
  ['another disk beside', LAPTOP, { ...LAPTOP, disk: ['DATA-1', 'S4EVNX0R123456'] }, true],
  ['another network card', LAPTOP, { ...LAPTOP, ...card }, true],
  ['another network card, Windows', WINDOWS, { ...WINDOWS, ...card }, true],
  ['Wi-Fi switched off', LAPTOP, { ...LAPTOP, mac: ['f0:1f:af:12:34:56'] }, true],
  ['every port switched off', LAPTOP, { ...LAPTOP, mac: [] }, true],
  ['a reinstalled system', LAPTOP, { ...LAPTOP, 'machine-id': replaced['machine-id'] }, true],
  ['a system on a new disk', LAPTOP, { ...LAPTOP, ...replaced }, true],
  ['a system on a new disk, Windows', WINDOWS, { ...WINDOWS, ...replaced }, true],
  ['another processor', LAPTOP, { ...LAPTOP, cpu: ['Intel(R) Core(TM) i9'] }, true],
  ['a new board of the model', LAPTOP, { ...SIBLING, ...moved }, true],
  ['a new board of the model, Windows', WINDOWS, { ...WINDOWS_SIBLING, ...moved }, false],
  [
    'a reinstalled system and another card',
    LAPTOP,
    { ...LAPTOP, ...card, 'machine-id': replaced['machine-id'] },
    false,
  ],
  ['a copied disk elsewhere', LAPTOP, { ...DESKTOP, ...copied }, false],
  ['a copied disk elsewhere, Windows', WINDOWS, { ...DESKTOP, ...copied }, false],
  ['a moved disk elsewhere', LAPTOP, { ...DESKTOP, ...moved }, false],
  ['a moved disk elsewhere, Windows', WINDOWS, { ...DESKTOP, ...moved }, false],
  ['one image for a fleet', LAPTOP, { ...SIBLING, ...copied }, false],
  ['one image for a fleet, Windows', WINDOWS, { ...WINDOWS_SIBLING, ...copied }, false],
  ['one image for a fleet, disks without numbers', NAMELESS, { ...SIBLING, ...copied }, false],
  ['another of the model', LAPTOP, SIBLING, false],
  ['another of the model, Windows', WINDOWS, WINDOWS_SIBLING, false],
  [
    'another of the model in the same dock',
    { ...LAPTOP, mac: [...(LAPTOP.mac ?? []), ...card.mac] },
    { ...SIBLING, ...card },
    false,
  ],
  ['nothing, service', SERVICE, SERVICE, true],
  ['root sees nothing any more', SERVICE, LAPTOP, true],
  ['root sees more than before', LAPTOP, SERVICE, true],
  ['another network card, service', SERVICE, { ...SERVICE, ...card }, true],
  ['a system on a new disk, service', SERVICE, { ...SERVICE, ...replaced }, true],
  ['a security chip made new, service', SERVICE, { ...SERVICE, tpm: ['aa11bb22'] }, true],
  [
    'a reinstalled system and another card, service',
    SERVICE,
    { ...SERVICE, ...card, 'machine-id': replaced['machine-id'] },
    true,
  ],
  ['a new board of the model, service', SERVICE, { ...SERVICE_SIBLING, ...moved }, false],
  ['a moved disk elsewhere, service', SERVICE, { ...DESKTOP, ...moved }, false],
  ['one image for a fleet, service', SERVICE, { ...SERVICE_SIBLING, ...copied }, false],
  ['another of the model, service', SERVICE, SERVICE_SIBLING, false],
  ['another computer', LAPTOP, DESKTOP, false],
  [
    'only models are known',
    { board: ['x1 y'], cpu: ['i7'] },
    { board: ['x1 y'], cpu: ['i7'] },
    false,
  ],
  ['nothing is known', {}, {}, false],
  ['nothing is known any more', LAPTOP, {}, false],
];
