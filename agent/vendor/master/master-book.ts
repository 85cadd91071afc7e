/**
 * Everything that a master remembers. What is changed is in the book at once, and among the writes
 * that must be on the disk before anybody is told.
 */

import { Fields } from '../../../protocol/fields.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { DOCUMENT_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { openRevocations, type SignedRevocations } from '../../../protocol/revocations.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { Write } from '../../core/write.ts';
import type { AuditLine } from './audit-line.ts';
import { AuditLog } from './audit-log.ts';
import { ACCOUNTS, type Account, CUSTOMERS, type Customer } from './customer.ts';
import { type IssuedLicense, issuedLicenses } from './issued-license.ts';
import { KNOWN_AGENTS, type KnownAgent } from './known-agent.ts';
import { PETITIONS, type Petition } from './petition.ts';
import { PLACES, type Place } from './place.ts';
import { RecordTable } from './record-table.ts';

const DATES_KEY = 'meta/dates';
const REVOCATIONS_KEY = 'meta/revocations';

/** An entry of the store. */
export type BookEntry = readonly [key: string, value: Uint8Array];

interface Dates {
  /** The latest date that was written down; zero for none. */
  readonly seen: EpochSeconds;
  /** Until then, who asks for a refresh is taken for somebody whose activation was lost. */
  readonly adopting: EpochSeconds;
}

export class MasterBook {
  readonly customers: RecordTable<Customer>;
  readonly accounts: RecordTable<Account>;
  readonly licenses: RecordTable<IssuedLicense>;
  readonly places: RecordTable<Place>;
  readonly agents: RecordTable<KnownAgent>;
  readonly petitions: RecordTable<Petition>;
  readonly #primitives: Primitives;
  readonly #audit: AuditLog;
  readonly #placesOf = new Map<LicenseId, Set<string>>();
  readonly #expansionsOf = new Map<LicenseId, Set<LicenseId>>();
  #writes: Write[] = [];
  #dates: Dates = { seen: epochSeconds(0), adopting: epochSeconds(0) };
  #revocations: SignedRevocations | undefined;

  /** `keys`: the ends of its log are signed with them. */
  constructor(primitives: Primitives, keys: KeyPair) {
    this.#primitives = primitives;
    this.#audit = new AuditLog({ primitives, keys });
    const note = (write: Write): void => void this.#writes.push(write);
    this.customers = new RecordTable(CUSTOMERS, note);
    this.accounts = new RecordTable(ACCOUNTS, note);
    this.licenses = new RecordTable(issuedLicenses(primitives), note);
    this.places = new RecordTable(PLACES, note);
    this.agents = new RecordTable(KNOWN_AGENTS, note);
    this.petitions = new RecordTable(PETITIONS, note);
  }

  /** Takes up an entry of the store. False for one that it cannot read. */
  load([key, value]: BookEntry): boolean {
    const isLine = this.#audit.load(key, value);
    if (isLine !== undefined) return isLine;
    if (key === DATES_KEY) return this.#loadDates(value);
    if (key === REVOCATIONS_KEY) return this.#loadRevocations(value);
    const tables = [
      this.customers,
      this.accounts,
      this.licenses,
      this.places,
      this.agents,
      this.petitions,
    ];
    for (const table of tables) {
      const taken = table.load(key, value);
      if (taken === undefined) continue;
      if (taken && table === this.places) this.#index(key.slice('place/'.length));
      if (taken && table === this.licenses) this.#indexLicense(key.slice('license/'.length));
      return taken;
    }
    return false;
  }

  /** What has been changed since this was asked last: to be written in one piece. */
  takeWrites(): readonly Write[] {
    const writes = [...this.#writes, ...this.#audit.takeWrites()];
    this.#writes = [];
    return writes;
  }

  putPlace(place: Place): Place {
    this.places.put(place);
    this.#index(PLACES.keyOf(place));
    return place;
  }

  putLicense(issued: IssuedLicense): IssuedLicense {
    this.licenses.put(issued);
    this.#indexLicense(issued.signed.license.id);
    return issued;
  }

  /** The licenses that go with this one to its agents. */
  expansionsOf(license: LicenseId): readonly IssuedLicense[] {
    return [...(this.#expansionsOf.get(license) ?? [])].flatMap(
      (id) => this.licenses.get(id) ?? [],
    );
  }

  /** Every place of a license, whatever its state. */
  placesOf(license: LicenseId): readonly Place[] {
    return [...(this.#placesOf.get(license) ?? [])].flatMap((key) => this.places.get(key) ?? []);
  }

  /** Adds a line to the log. */
  tell(line: Omit<AuditLine, 'number'>): void {
    this.#audit.tell(line);
  }

  /** The numbers of the first line that is kept, and of the last. */
  get lines(): { readonly first: number; readonly last: number } {
    return this.#audit;
  }

  get dates(): Dates {
    return this.#dates;
  }

  setDates(dates: Partial<Dates>): void {
    this.#dates = { ...this.#dates, ...dates };
    const { seen, adopting } = this.#dates;
    this.#writes.push({ key: DATES_KEY, value: pack([seen, adopting]) });
  }

  /** The newest revocations that the vendor has made known. */
  get revocations(): SignedRevocations | undefined {
    return this.#revocations;
  }

  setRevocations(revocations: SignedRevocations): void {
    this.#revocations = revocations;
    this.#writes.push({ key: REVOCATIONS_KEY, value: pack([revocations.bytes]) });
  }

  #index(key: string): void {
    const license = key.slice(0, key.indexOf('/')) as LicenseId;
    const keys = this.#placesOf.get(license) ?? new Set<string>();
    this.#placesOf.set(license, keys.add(key));
  }

  #indexLicense(key: string): void {
    const issued = this.licenses.get(key);
    if (issued === undefined || issued.expands === null) return;
    const ids = this.#expansionsOf.get(issued.expands) ?? new Set<LicenseId>();
    this.#expansionsOf.set(issued.expands, ids.add(issued.signed.license.id));
  }

  #loadDates(value: Uint8Array): boolean {
    const fields = new Fields(unpack(value));
    const dates = { seen: epochSeconds(fields.uint()), adopting: epochSeconds(fields.uint()) };
    if (fields.valid) this.#dates = dates;
    return fields.valid;
  }

  #loadRevocations(value: Uint8Array): boolean {
    const bytes = new Fields(unpack(value)).bytesUpTo(DOCUMENT_MAX);
    const opened = openRevocations(bytes, this.#primitives);
    if (opened.ok) this.#revocations = opened.value;
    return opened.ok;
  }
}
