/**
 * What a master decides: pure and synchronous. Whatever it answers is told only when the writes that
 * go with it are on the disk.
 */

import { dearmor } from '../../../protocol/armor.ts';
import { equalBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import type { CallRefusal, MasterCall } from '../../../protocol/master-call.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { err, type Result, unreachable } from '../../../protocol/result.ts';
import { openRevocations } from '../../../protocol/revocations.ts';
import type { SigningKeys } from '../../../protocol/signed-document.ts';
import { type EpochSeconds, epochSeconds, type Moment } from '../../../protocol/units.ts';
import type { Write } from '../../core/write.ts';
import { ActivationClerk } from './activation-clerk.ts';
import type { Bearer } from './bearer.ts';
import { ClockWatch } from './clock-watch.ts';
import type { Account } from './customer.ts';
import { CustomerClerk } from './customer-clerk.ts';
import { Issuer } from './issuer.ts';
import { LicenseClerk } from './license-clerk.ts';
import { LicenseFinder } from './license-finder.ts';
import type { BookEntry } from './master-book.ts';
import { MasterBook } from './master-book.ts';
import {
  type Caller,
  done,
  type MasterOperation,
  type MasterOutcome,
  type MasterStatus,
  refused,
} from './master-operations.ts';
import { RequestDesk } from './request-desk.ts';
import { show } from './showing.ts';

export interface MasterOptions {
  readonly keys: SigningKeys;
  readonly primitives: Primitives;
  readonly entropy: (size: number) => Uint8Array;
  /** Seconds for which it may have been away before it doubts its clock; `null` for any. */
  readonly away: number | null;
}

/** An answer, and what must be on the disk before it is told. */
export interface Settled<T> {
  readonly answer: T;
  readonly writes: readonly Write[];
}

/** Seconds after which the date is written down, though nothing has happened. */
const DATE_EVERY = 3600;
/** Seconds for which a master that was restored takes agents at their word. */
const ADOPTING = 60 * 86_400;

/** What a customer may ask. */
const FOR_CUSTOMERS: readonly MasterOperation['kind'][] = [
  'license-list',
  'license-show',
  'license-export',
  'license-project',
  'activation-list',
  'upload',
  'own-password',
];

export class Master {
  readonly #options: MasterOptions;
  readonly #book: MasterBook;
  readonly #desk: RequestDesk;
  readonly #finder: LicenseFinder;
  readonly #customers: CustomerClerk;
  readonly #licenses: LicenseClerk;
  readonly #activations: ActivationClerk;
  #clock: ClockWatch;
  #unread = 0;

  /** Takes up the entries of its store, in any order. */
  constructor(options: MasterOptions, entries: Iterable<BookEntry> = []) {
    const { keys, primitives, entropy, away } = options;
    this.#options = options;
    const book = new MasterBook(primitives, keys);
    for (const entry of entries) if (!book.load(entry)) this.#unread++;
    const issuer = new Issuer(keys, primitives);
    this.#book = book;
    this.#desk = new RequestDesk({ book, issuer, primitives });
    this.#finder = new LicenseFinder(book, primitives);
    this.#customers = new CustomerClerk(book, entropy);
    const { granting } = this.#desk;
    const common = { book, issuer, primitives, finder: this.#finder };
    this.#licenses = new LicenseClerk({
      ...common,
      entropy,
      granting,
      customers: this.#customers,
    });
    this.#activations = new ActivationClerk({ ...common, desk: this.#desk });
    this.#clock = new ClockWatch({ seen: book.dates.seen, away });
  }

  /** Entries of the store that could not be read. */
  get unread(): number {
    return this.#unread;
  }

  /** Answers an agent. */
  call(call: MasterCall, bearer: Bearer, moment: Moment): Settled<Result<Uint8Array, CallRefusal>> {
    const doubt = this.#clock.look(moment);
    if (doubt !== undefined) {
      return this.#settle(err({ code: 'unavailable', sentence: `${doubt} Ask again later.` }));
    }
    this.#date(moment.wall);
    return this.#settle(this.#desk.answer(call, bearer, moment.wall));
  }

  /** Does what somebody asks who has signed in, or sits at this computer. */
  operate(asked: MasterOperation, caller: Caller, moment: Moment): Settled<MasterOutcome> {
    if (caller.customer !== null && !FOR_CUSTOMERS.includes(asked.kind)) {
      return this.#settle(refused('forbidden', 'This is for the vendor alone.'));
    }
    if (asked.kind === 'status') return this.#settle({ kind: 'status', ...this.status(moment) });
    if (asked.kind === 'clock-confirm') return this.#settle(this.#confirm(caller, moment));
    const doubt = this.#clock.look(moment);
    if (doubt !== undefined) return this.#settle(refused('unavailable', `${doubt} ${CONFIRM}`));
    this.#date(moment.wall);
    return this.#settle(this.#perform(asked, caller, moment.wall));
  }

  /** Passes the time: writes the date down, where its clock is believed. */
  tick(moment: Moment): readonly Write[] {
    if (this.#clock.look(moment) === undefined) this.#date(moment.wall);
    return this.#book.takeWrites();
  }

  /**
   * Its store is a backup: what happened since is forgotten. For a time, an agent that asks for a
   * refresh is taken for one whose activation was lost, as far as there is room.
   */
  wasRestored({ wall }: Moment): readonly Write[] {
    this.#book.setDates({ adopting: epochSeconds(Math.min(0xffff_ffff, wall + ADOPTING)) });
    const detail = 'restored from a backup: takes agents at their word for 60 days';
    this.#book.tell({ at: wall, kind: 'master', who: 'the master', license: null, detail });
    return this.#book.takeWrites();
  }

  /** The lines of its log that are kept, by their numbers. */
  get lines(): { readonly first: number; readonly last: number } {
    return this.#book.lines;
  }

  account(name: string): Account | undefined {
    return this.#book.accounts.get(name.toLowerCase());
  }

  /** Of the customer with this id; `null` where there is none. */
  customerName(id: string): string | null {
    return this.#book.customers.get(id)?.name ?? null;
  }

  /** The customer who has this license and this address of mail; `undefined` where they do not fit. */
  customerBy(license: string, mail: string): string | undefined {
    const issued = this.#book.licenses.get(license.toLowerCase());
    const customer = this.#book.customers.get(issued?.customer ?? '');
    if (customer === undefined || customer.mail === '') return undefined;
    const [known, said] = [customer.mail, mail.toLowerCase()].map((text) =>
      this.#options.primitives.sha512(utf8ToBytes(text)),
    );
    return known && said && equalBytes(known, said) ? customer.id : undefined;
  }

  status(moment: Moment): MasterStatus {
    const book = this.#book;
    const doubt = this.#clock.look(moment);
    let open = 0;
    for (const { decision } of book.petitions.values()) if (decision === 'open') open++;
    let activations = 0;
    for (const { state } of book.places.values()) if (state === 'active') activations++;
    return {
      trouble: doubt === undefined ? null : `${doubt} ${CONFIRM}`,
      customers: book.customers.size,
      licenses: book.licenses.size,
      activations,
      open,
      audit: book.lines.last,
    };
  }

  #perform(
    asked: Exclude<MasterOperation, { kind: 'status' | 'clock-confirm' }>,
    caller: Caller,
    now: EpochSeconds,
  ): MasterOutcome {
    switch (asked.kind) {
      case 'customer-add':
        return this.#customers.add(asked, caller, now);
      case 'customer-list':
        return this.#customers.list(asked);
      case 'account-set':
        return this.#customers.setAccount(asked, caller, now);
      case 'account-remove':
        return this.#customers.removeAccount(asked, caller, now);
      case 'account-list':
        return this.#customers.accounts(asked);
      case 'own-password':
        return this.#customers.ownPassword(asked, caller, now);
      case 'license-issue':
        return this.#licenses.issue(asked, caller, now);
      case 'license-check':
        return this.#licenses.check(asked, now);
      case 'license-add':
        return this.#licenses.add(asked, caller, now);
      case 'license-extend':
        return this.#licenses.extend(asked, caller, now);
      case 'license-seats':
        return this.#licenses.seats(asked, caller, now);
      case 'license-standing':
        return this.#licenses.stand(asked, caller, now);
      case 'license-policy':
        return this.#licenses.policy(asked, caller, now);
      case 'license-project':
        return this.#licenses.project(asked, caller, now);
      case 'activation-free':
        return this.#activations.free(asked, caller, now);
      case 'request-decide':
        return this.#activations.decide(asked, caller, now);
      case 'upload':
        return this.#activations.upload(asked, caller, now);
      case 'revocations-add':
        return this.#revoke(asked.text, caller, now);
      case 'license-list':
      case 'license-show':
      case 'license-export':
      case 'activation-list':
      case 'request-list':
        return show(this.#finder, asked, caller, now);
      default:
        return unreachable(asked);
    }
  }

  #revoke(text: string, { name, from }: Caller, at: EpochSeconds): MasterOutcome {
    const { primitives, keys } = this.#options;
    const [block] = dearmor('revocations', text, primitives);
    const opened = block?.ok ? openRevocations(block.value, primitives) : undefined;
    if (!opened?.ok) return refused('wrong', 'The text holds no revocations, or damaged ones.');
    if (!equalBytes(opened.value.vendor, new Issuer(keys, primitives).root)) {
      return refused('wrong', 'These revocations are of another vendor.');
    }
    const { number } = opened.value.revocations;
    if (number <= (this.#book.revocations?.revocations.number ?? -1)) {
      return refused('wrong', 'Newer revocations are known already.');
    }
    this.#book.setRevocations(opened.value);
    const detail = `revocations number ${number} made known`;
    this.#book.tell({ at, kind: 'master', who: `${name}, from ${from}`, license: null, detail });
    return done('Every agent hears of them at its next refresh.');
  }

  #confirm({ name, from }: Caller, moment: Moment): MasterOutcome {
    this.#clock.confirm(moment);
    this.#book.setDates({ seen: moment.wall });
    const who = `${name}, from ${from}`;
    const detail = 'the clock was said to be right';
    this.#book.tell({ at: moment.wall, kind: 'master', who, license: null, detail });
    return done('The clock is taken for right, and agents are answered.');
  }

  #date(wall: EpochSeconds): void {
    if (wall >= this.#book.dates.seen + DATE_EVERY) this.#book.setDates({ seen: wall });
  }

  #settle<T>(answer: T): Settled<T> {
    return { answer, writes: this.#book.takeWrites() };
  }
}

const CONFIRM =
  'Set it right or, where it is right, say so: `usher master clock confirm`. Until then nobody is answered.';
