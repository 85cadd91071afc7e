/** What the members of a site know of each other. */

import { Fields } from '../../../protocol/fields.ts';
import { NAME_MAX, TERM_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { type Seconds, seconds } from '../../../protocol/units.ts';

const RECORD_VERSION = 1;
const ADDRESSES_MAX = 16;
const ADDRESS_SIZE = 64;
const VERSION_SIZE = 32;
const PORT_MAX = 0xffff;

export interface MemberCard {
  readonly name: string;
  readonly version: string;
  /** UDP; zero where it is not known yet. */
  readonly port: number;
  readonly addresses: readonly string[];
  /** The longest term that it lends for. */
  readonly longest: Seconds;
}

export const encodeCard = ({ name, version, port, addresses, longest }: MemberCard): Uint8Array =>
  pack([
    RECORD_VERSION,
    name.slice(0, NAME_MAX),
    version.slice(0, VERSION_SIZE),
    port,
    addresses.filter(({ length }) => length <= ADDRESS_SIZE).slice(0, ADDRESSES_MAX),
    longest,
  ]);

/** The card in a value of the register; later versions may say more. */
export const decodeCard = (value: Uint8Array): MemberCard | undefined => {
  const fields = new Fields(unpack(value));
  fields.uint();
  const card = {
    name: fields.text(NAME_MAX),
    version: fields.text(VERSION_SIZE),
    port: fields.uint(PORT_MAX),
    addresses: fields.list(ADDRESSES_MAX, (field) => field.text(ADDRESS_SIZE)),
    longest: seconds(fields.uint(TERM_MAX)),
  };
  return fields.valid ? card : undefined;
};
