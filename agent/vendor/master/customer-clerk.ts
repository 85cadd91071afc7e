/** Keeps the customers, and the accounts of all who sign in. */

import { bytesToBase32 } from '../../../protocol/bytes.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { AuditKind } from './audit-line.ts';
import type { Customer } from './customer.ts';
import type { MasterBook } from './master-book.ts';
import {
  type Caller,
  done,
  type MasterOperation,
  type MasterOutcome,
  refused,
} from './master-operations.ts';
import { listed } from './paging.ts';

/** Bytes of a customer's id. */
const ID_SIZE = 10;
type Of<K extends MasterOperation['kind']> = Extract<MasterOperation, { kind: K }>;

export class CustomerClerk {
  readonly #book: MasterBook;
  readonly #entropy: (size: number) => Uint8Array;

  constructor(book: MasterBook, entropy: (size: number) => Uint8Array) {
    this.#book = book;
    this.#entropy = entropy;
  }

  add({ name, mail }: Of<'customer-add'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const address = mail.toLowerCase();
    const [same] = this.find(name).filter((one) => one.name === name && one.mail === address);
    if (same !== undefined) return refused('wrong', `There is ${name} already (${same.id}).`);
    const id = bytesToBase32(this.#entropy(ID_SIZE));
    const customer = this.#book.customers.put({ id, name, mail: address, since: now });
    this.#tell('customer', caller, now, `${name} added as ${id}`);
    return { kind: 'customers', customers: [customer], total: 1 };
  }

  /** Those that fit, the newest first. */
  list({ text, page }: Of<'customer-list'>): MasterOutcome {
    const { rows, total } = listed(this.find(text), ({ since }) => since, page);
    return { kind: 'customers', customers: rows, total };
  }

  /** By id, or by a part of the name or address. */
  find(text: string): readonly Customer[] {
    const exact = this.#book.customers.get(text);
    if (exact !== undefined) return [exact];
    const part = text.toLowerCase();
    return [...this.#book.customers.values()].filter(
      ({ name, mail }) => name.toLowerCase().includes(part) || mail.includes(part),
    );
  }

  /** The one customer of an id or a whole name, or why there is none. */
  one(text: string): Customer | MasterOutcome {
    const found = this.find(text);
    const exact = found.filter(({ id, name, mail }) => [id, name, mail].includes(text));
    const [one, ...more] = exact.length > 0 ? exact : found;
    if (one === undefined) return refused('unknown', `There is no customer ${text}.`);
    if (more.length === 0) return one;
    return refused('ambiguous', `${text} may be ${found.length} customers: name one by its id.`);
  }

  setAccount(asked: Of<'account-set'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const { role, hash } = asked;
    const name = asked.name.toLowerCase();
    if ((role === 'customer') !== (asked.customer !== null)) {
      return refused(
        'wrong',
        'An account of a customer names the customer, one of staff does not.',
      );
    }
    const customer = asked.customer === null ? null : this.one(asked.customer);
    if (customer !== null && 'kind' in customer) return customer;
    const before = this.#book.accounts.get(name);
    if (
      before !== undefined &&
      (before.role !== role || before.customer !== (customer?.id ?? null))
    ) {
      return refused('wrong', `The account ${name} is somebody else's: remove it first.`);
    }
    this.#book.accounts.put({ name, role, customer: customer?.id ?? null, hash });
    this.#tell('account', caller, now, `password of the account ${name} set (${role})`);
    return done(`The account ${name} has its password.`);
  }

  removeAccount({ name }: Of<'account-remove'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const key = name.toLowerCase();
    if (this.#book.accounts.get(key) === undefined) {
      return refused('unknown', `There is no account ${key}.`);
    }
    this.#book.accounts.delete(key);
    this.#tell('account', caller, now, `account ${key} removed`);
    return done(`The account ${key} is gone.`);
  }

  accounts({ customer = null, page }: Of<'account-list'>): MasterOutcome {
    const found = [...this.#book.accounts.values()]
      .filter((one) => customer === null || one.customer === customer)
      .map(({ name, role, customer: owner }) => ({ name, role, customer: owner }));
    const { rows, total } = listed(found, () => 0, page);
    return { kind: 'accounts', accounts: rows, total };
  }

  /** Who knows the old password has shown so before. */
  ownPassword({ hash }: Of<'own-password'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const account = this.#book.accounts.get(caller.name.toLowerCase());
    if (account === undefined || account.customer !== caller.customer) {
      return refused('unknown', 'Who sits at this computer has no password here.');
    }
    this.#book.accounts.put({ ...account, hash });
    this.#tell('account', caller, now, `password of the account ${account.name} changed`);
    return done('The new password holds.');
  }

  #tell(kind: AuditKind, { name, from }: Caller, at: EpochSeconds, detail: string): void {
    this.#book.tell({ at, kind, who: `${name}, from ${from}`, license: null, detail });
  }
}
