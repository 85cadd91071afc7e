/** The parts by which one computer is told from another, and which of their values mean nothing. */

/**
 * What is known of each kind. `code` is its number in a host code, append-only. `weight` is shared
 * by all components of the kind. A `strong` one is given to one computer only.
 *
 * The weights are such that no two of these are the same computer, with what they share of the
 * whole (Linux, where 11 is the whole; Windows, where the system's number makes it 15):
 * - a copied disk, or one image for a fleet of one model: machine-id, board, cpu (4 of 11, 4 of 15);
 * - a disk moved to other hardware: machine-id, disk (4 of 11, 4 of 15);
 * - two of one model: board, cpu (2 of 11, 2 of 15), nothing strong.
 *
 * And such that these are still the same:
 * - a reinstalled system: all but the machine-id (9 of 11, 13 of 15);
 * - a dead disk, and the system installed on a new one: mac, board, cpu (7 of 11, 11 of 15);
 * - another network card: all but the mac (6 of 11, 10 of 15);
 * - on Linux a new board of the same model: machine-id, disk, board, cpu (6 of 11). On Windows,
 *   where the board's own number is seen, it is another computer (6 of 15).
 *
 * An agent that runs as a service sees what root alone may read as well, and 20 is the whole. A moved
 * disk has 6 of it even within one model, as has a new board; another card leaves 15, a reinstalled
 * system on a new disk 16, both 11, and 11 is what is left when root's values are not to be seen.
 */
export const HOST_KINDS = {
  /** Made when the operating system was installed; copied with its disk. */
  'machine-id': { code: 0, weight: 2, strong: true, title: 'system installation' },
  /** The maker's number of this very computer: SMBIOS UUID, device tree serial number. */
  system: { code: 1, weight: 4, strong: true, title: "maker's number" },
  /** Maker and model, the same in every computer of the model. */
  board: { code: 2, weight: 1, strong: false, title: 'model' },
  /** Serial number of a fixed disk. */
  disk: { code: 3, weight: 2, strong: true, title: 'disk' },
  /** Permanent address of a built-in network port. */
  mac: { code: 4, weight: 5, strong: true, title: 'network port' },
  /** The processor's model. */
  cpu: { code: 5, weight: 1, strong: false, title: 'processor' },
  /** Serial number of the main board; on Linux root's to read. */
  'board-serial': { code: 6, weight: 2, strong: true, title: 'board' },
  /** Hash of the endorsement key of its security chip; where it can be read, root's to read. */
  tpm: { code: 7, weight: 3, strong: true, title: 'security chip' },
} as const;

export type HostKind = keyof typeof HOST_KINDS;

export const HOST_KIND_NAMES = Object.keys(HOST_KINDS) as readonly HostKind[];

export interface HostComponent {
  readonly kind: HostKind;
  /** As `normaliseHostValue` makes it. */
  readonly value: string;
}

/** Characters of a value that count. */
const VALUE_MAX = 256;

/** What makers leave in place of a value, in the normalised form. */
const JUNK: ReadonlySet<string> = new Set([
  ...['none', 'n/a', 'na', 'null', 'nil', 'empty', 'unknown', 'invalid', 'undefined', 'not set'],
  ...['not specified', 'not applicable', 'not available', 'not present', 'unspecified'],
  ...['default', 'default string', 'oem', 'o.e.m.', 'oem string', 'uninitialized', 'no enclosure'],
  ...['system serial number', 'system product name', 'system manufacturer', 'system version'],
  ...['base board serial number', 'board serial number', 'chassis serial number', 'serial number'],
  ...['base board product name', 'base board manufacturer', 'type2 - board serial number'],
  ...['product name', 'manufacturer', 'undefined cpu', 'generic', 'x.x', '...'],
  ...['0123456789', '123456789', '1234567890', '01234567', '12345678', 'ser0000', 'abcdefgh'],
  // Boards of several makers left the factory with these UUIDs.
  ...['03000200-0400-0500-0006-000700080009', '00020003-0004-0005-0006-000700080009'],
]);

/**
 * The one spelling of a value: lower case, single spaces, no control characters; `undefined` for
 * what says nothing, such as "To be filled by O.E.M." or all zeros. Junk is absent, never equal.
 */
export const normaliseHostValue = (value: string): string | undefined => {
  const text = value
    .slice(0, VALUE_MAX)
    .toLowerCase()
    .replace(/[^\x21-\x7e]+/g, ' ')
    .trim();
  const digits = text.replace(/^(0x|naa\.|eui\.|t10\.|nvme\.)/, '').replace(/[^a-z0-9]/g, '');
  if (JUNK.has(text) || text.includes('to be filled') || digits.length < 3) return undefined;
  return [...digits].every((digit) => digit === digits[0]) ? undefined : text;
};

/**
 * A network port's address as twelve digits; `undefined` for one that is no port's own: a group's,
 * or locally administered, as virtual adapters and Wi-Fi that hides its address have.
 */
export const normaliseMac = (value: string): string | undefined => {
  const digits = value.toLowerCase().replace(/[^0-9a-f]/g, '');
  const isOwn = digits.length === 12 && (Number.parseInt(digits.slice(0, 2), 16) & 3) === 0;
  return isOwn && normaliseHostValue(digits) !== undefined ? digits : undefined;
};

/** Values as found, of each kind any number. */
export type HostValues = Readonly<Partial<Record<HostKind, readonly (string | undefined)[]>>>;

/** The components in values as found: what says nothing is left out. */
export const toHostComponents = (values: HostValues): readonly HostComponent[] =>
  HOST_KIND_NAMES.flatMap((kind) =>
    (values[kind] ?? []).flatMap((found = '') => {
      const value = kind === 'mac' ? normaliseMac(found) : normaliseHostValue(found);
      return value === undefined ? [] : [{ kind, value }];
    }),
  );

/** One value of several that say something, in this order. */
export const joinHostValues = (parts: readonly (string | undefined)[]): string =>
  parts.flatMap((part = '') => normaliseHostValue(part) ?? []).join(', ');
