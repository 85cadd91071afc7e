/** Whom the vendor has issued licenses to, and the accounts with which people sign in. */

import { Fields } from '../../../protocol/fields.ts';
import { TEXT_MAX } from '../../../protocol/limits.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { RecordKind } from './record-table.ts';

/** Characters of an id, an address of mail, and a password's hash. */
export const CUSTOMER_ID_MAX = 32;
export const MAIL_MAX = 254;
const HASH_TEXT_MAX = 256;

export interface Customer {
  /** 16 characters of base32. */
  readonly id: string;
  readonly name: string;
  /** In small letters; empty where nobody has said. */
  readonly mail: string;
  readonly since: EpochSeconds;
}

export const CUSTOMERS: RecordKind<Customer> = {
  prefix: 'customer/',
  keyOf: ({ id }) => id,
  toValue: ({ id, name, mail, since }) => [id, name, mail, since],
  parse: (value) => {
    const fields = new Fields(value);
    const customer = {
      id: fields.text(CUSTOMER_ID_MAX, 1),
      name: fields.text(TEXT_MAX, 1),
      mail: fields.text(MAIL_MAX),
      since: epochSeconds(fields.uint()),
    };
    return fields.valid ? customer : undefined;
  },
};

/** `staff` does the vendor's work; a `customer` sees what is its own. */
export const ACCOUNT_ROLES = ['staff', 'customer'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

export interface Account {
  /** In small letters: an address of mail, or any other name. */
  readonly name: string;
  readonly role: AccountRole;
  /** Whose it is; `null` for staff. */
  readonly customer: string | null;
  /** Of the password, slow to make; never shown. */
  readonly hash: string;
}

export const ACCOUNTS: RecordKind<Account> = {
  prefix: 'account/',
  keyOf: ({ name }) => name,
  toValue: ({ name, role, customer, hash }) => [name, ACCOUNT_ROLES.indexOf(role), customer, hash],
  parse: (value) => {
    const fields = new Fields(value);
    const account = {
      name: fields.text(MAIL_MAX, 1),
      role: ACCOUNT_ROLES[fields.uint(ACCOUNT_ROLES.length - 1)] ?? 'customer',
      customer: fields.optional((field) => field.text(CUSTOMER_ID_MAX, 1)),
      hash: fields.text(HASH_TEXT_MAX, 1),
    };
    const fits = (account.role === 'customer') === (account.customer !== null);
    return fields.valid && fits ? account : undefined;
  },
};
