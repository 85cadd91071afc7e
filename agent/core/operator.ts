/** Does what an administrator asks. Changes are made when they are on the disk, and said then. */

import { dearmor } from '../../protocol/armor.ts';
import { equalBytes } from '../../protocol/bytes.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { keyId } from '../../protocol/ids.ts';
import { openLicense, type SignedLicense } from '../../protocol/license.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import { err, ok, type Result } from '../../protocol/result.ts';
import { between, type Moment } from '../../protocol/units.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Counters } from './counters.ts';
import type { DeadlineHeap } from './deadline-heap.ts';
import { summarizeProduct } from './discovery.ts';
import type { Write } from './effects.ts';
import type { LeaseBook } from './lease-book.ts';
import { licenseStoreKey } from './lease-record.ts';
import type { Lending } from './lending.ts';
import { LICENSES_MAX, type LicenseShelf, type ShelvedLicense } from './license-shelf.ts';
import { licenseStanding } from './license-standing.ts';
import type {
  LicenseAdded,
  LicenseFault,
  LicenseView,
  Operation,
  Outcome,
  SeatView,
  StatusView,
} from './operations.ts';
import type { Responder } from './responder.ts';
import type { SessionTable } from './session-table.ts';
import type { Situation } from './situation.ts';

export interface OperatorParts {
  readonly name: string;
  readonly version: string;
  readonly primitives: Primitives;
  /** Vendors whose licenses are taken, or `null` for all: what counts is whom the clients trust. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly shelf: LicenseShelf;
  readonly deadlines: DeadlineHeap;
  readonly lending: Lending;
  readonly commits: CommitQueue;
  readonly responder: Responder;
  readonly counters: Counters;
}

type LicenseChange = Extract<Operation, { kind: 'license-add' | 'license-remove' }>;

/** One block of a paste: what is in it, as far as it can be read, and why it is not taken. */
interface Offered {
  readonly signed: SignedLicense | undefined;
  readonly fault: LicenseFault | null;
}

export class Operator {
  readonly #parts: OperatorParts;
  /** Changes that wait for the one being written: each is decided on what is true by then. */
  readonly #changes: { readonly number: number; readonly operation: LicenseChange }[] = [];
  #changing = false;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  /** Handles one operation; its answer is among the effects now or after a commit. */
  perform(number: number, operation: Operation, situation: Situation): void {
    const outcome = this.#outcome(number, operation, situation);
    if (outcome !== undefined) situation.effects.push({ kind: 'answer', number, outcome });
  }

  /** To be called when the change under way has been answered: the next one's turn has come. */
  changeEnded(situation: Situation): void {
    this.#changing = false;
    while (!this.#changing) {
      const next = this.#changes.shift();
      if (next === undefined) return;
      this.perform(next.number, next.operation, situation);
    }
  }

  #outcome(number: number, operation: Operation, situation: Situation): Outcome | undefined {
    switch (operation.kind) {
      case 'status':
        return { kind: 'status', status: this.#status(situation) };
      case 'license-add':
      case 'license-remove':
        return this.#changeLicenses(number, operation, situation);
      case 'license-list': {
        const licenses = [...this.#parts.shelf.all()].map((one) =>
          this.#licenseView(one, situation),
        );
        return { kind: 'license-list', licenses };
      }
      case 'license-show': {
        const found = this.#findLicense(operation.id);
        if (!found.ok) return found.error;
        return { kind: 'license-show', license: this.#licenseView(found.value, situation) };
      }
      case 'seat-list': {
        const seats = [...this.#parts.book.slots()].map((slot) =>
          this.#seatView(slot, situation.at),
        );
        return { kind: 'seat-list', seats };
      }
      case 'seat-disconnect':
        return this.#disconnect(operation.id, operation.force, situation);
    }
  }

  #status({ at, host, storeFailing }: Situation): StatusView {
    const { name, version, shelf, book, sessions, counters } = this.#parts;
    const products = [...shelf.products()].map((product) => {
      const { free, total } = summarizeProduct(shelf, product, at.wall, host);
      return { product, lent: total - free, seats: total };
    });
    return {
      name,
      version,
      host: host.verdict,
      products,
      licenses: shelf.size,
      leases: book.size,
      sessions: sessions.size,
      store: storeFailing ? 'failing' : 'working',
      counters: counters.toRecord(),
    };
  }

  #changeLicenses(
    number: number,
    operation: LicenseChange,
    situation: Situation,
  ): Outcome | undefined {
    if (this.#changing) {
      this.#changes.push({ number, operation });
      return undefined;
    }
    return operation.kind === 'license-add'
      ? this.#addLicenses(number, operation.text, situation)
      : this.#removeLicense(number, operation.id, situation);
  }

  #addLicenses(number: number, text: string, situation: Situation): Outcome | undefined {
    const offered = this.#readOffered(text);
    const apply = (later: Situation): Outcome => ({
      kind: 'license-add',
      results: offered.map((one) => this.#shelve(one, later)),
    });
    const writes = offered.flatMap(({ signed, fault }) =>
      signed !== undefined && fault === null
        ? { key: licenseStoreKey(signed.license.id), value: signed.bytes }
        : [],
    );
    if (writes.length === 0) return apply(situation);
    const forget = writes.map(({ key }) => ({ key, value: null }));
    this.#write(number, writes, forget, apply, situation);
    return undefined;
  }

  #readOffered(text: string): readonly Offered[] {
    const blocks = dearmor('license', text, this.#parts.primitives);
    if (blocks.length === 0) return [{ signed: undefined, fault: 'no-block' }];
    const taken = new Set<LicenseId>();
    return blocks.map((block) => {
      const opened = block.ok ? this.#open(block.value) : block;
      if (!opened.ok) return { signed: undefined, fault: opened.error };
      const signed = opened.value;
      return { signed, fault: this.#refuseLicense(signed.license.id, taken) };
    });
  }

  #open(bytes: Uint8Array): Result<SignedLicense, LicenseFault> {
    const { primitives, vendorKeys } = this.#parts;
    const opened = openLicense(bytes, primitives);
    if (!opened.ok) return opened;
    const { signer } = opened.value;
    const trusted = vendorKeys === null || vendorKeys.some((key) => equalBytes(key, signer));
    return trusted ? opened : err('wrong-key');
  }

  /** Nothing is written of a license that is not taken. `taken`: earlier ones of the same paste. */
  #refuseLicense(id: LicenseId, taken: Set<LicenseId>): LicenseFault | null {
    const { shelf } = this.#parts;
    if (taken.has(id) || shelf.get(id) !== undefined) return 'duplicate';
    if (shelf.size + taken.size >= LICENSES_MAX) return 'shelf-full';
    taken.add(id);
    return null;
  }

  #shelve({ signed, fault }: Offered, situation: Situation): LicenseAdded {
    const { shelf } = this.#parts;
    if (signed === undefined) return { added: null, fault };
    const { id, product } = signed.license;
    if (fault === null) {
      shelf.add(signed);
      const note = { kind: 'license-added', license: id, product } as const;
      situation.effects.push({ kind: 'note', note });
    }
    const shelved = shelf.get(id);
    return { added: shelved ? this.#licenseView(shelved, situation) : null, fault };
  }

  /** `onFailure`: what the store should have when the writing fails. */
  #write(
    number: number,
    writes: readonly Write[],
    onFailure: readonly Write[],
    apply: (situation: Situation) => Outcome,
    situation: Situation,
  ): void {
    this.#changing = true;
    const held = { kind: 'operation', number, apply } as const;
    situation.effects.push(this.#parts.commits.commit(writes, held, onFailure));
  }

  #removeLicense(number: number, id: string, situation: Situation): Outcome | undefined {
    const found = this.#findLicense(id);
    if (!found.ok) return found.error;
    const key = licenseStoreKey(found.value.license.id);
    const keep = [{ key, value: found.value.bytes }];
    const apply = (later: Situation): Outcome => this.#unshelve(found.value, later);
    this.#write(number, [{ key, value: null }], keep, apply, situation);
    return undefined;
  }

  #unshelve(shelved: ShelvedLicense, situation: Situation): Outcome {
    const { license } = shelved;
    const view = this.#licenseView(shelved, situation);
    this.#parts.shelf.remove(shelved);
    situation.effects.push({
      kind: 'note',
      note: { kind: 'license-removed', license: license.id, product: license.product },
    });
    const lent = shelved.pools.reduce((sum, pool) => sum + pool.lent, 0);
    return { kind: 'license-remove', license: view, lent };
  }

  #disconnect(id: string, force: boolean, situation: Situation): Outcome {
    const { book, lending, responder } = this.#parts;
    const slots = [...book.slots()].filter((slot) => lending.leaseId(slot).startsWith(id));
    const [slot] = slots;
    if (slot === undefined || slots.length > 1) return noMatch('seat', id, slots.length);
    book.end(slot, 'disconnected');
    const seat = this.#seatView(slot, situation.at);
    if (force) this.#free(slot, situation);
    else responder.announceEnding(slot, situation.effects);
    return { kind: 'seat-disconnect', seat, freed: force };
  }

  #free(slot: number, situation: Situation): void {
    const { book, lending, commits, counters } = this.#parts;
    const { licenseId, holder } = book.read(slot);
    const lease = lending.leaseId(slot);
    const write = lending.giveBack(slot, situation.at.mono);
    counters.add('disconnected');
    situation.effects.push(commits.commit([write]), {
      kind: 'note',
      note: { kind: 'seat-disconnected', lease, license: licenseId, holder },
    });
  }

  #findLicense(id: string): Result<ShelvedLicense, Outcome> {
    const exact = this.#parts.shelf.get(id as LicenseId);
    if (exact !== undefined) return ok(exact);
    const fits = [...this.#parts.shelf.all()].filter((one) => one.license.id.startsWith(id));
    const [first] = fits;
    return first === undefined || fits.length > 1
      ? err(noMatch('license', id, fits.length))
      : ok(first);
  }

  #licenseView(shelved: ShelvedLicense, { at, host }: Situation): LicenseView {
    const { license, signer, pools } = shelved;
    const { state, refusal } = licenseStanding(license, at.wall, host);
    return {
      ...license,
      state,
      refusal: refusal ?? null,
      signer: keyId(this.#parts.primitives.sha512, signer),
      pools: license.pools.map((grant, i) => ({ ...grant, lent: pools[i]?.lent ?? 0 })),
    };
  }

  #seatView(slot: number, at: Moment): SeatView {
    const { book, shelf, lending, deadlines, sessions } = this.#parts;
    const lease = book.read(slot);
    const left = between(at.mono, deadlines.deadline(slot));
    return {
      id: lending.leaseId(slot),
      product: shelf.get(lease.licenseId)?.license.product ?? '',
      class: lease.pool.class,
      license: lease.licenseId,
      ...lease.holder,
      address: sessions.endpoint(slot)?.address ?? null,
      since: lease.granted,
      until: at.wall + Math.round(left / 1000),
      ending: lease.ending ?? null,
    };
  }
}

const noMatch = (noun: string, id: string, fits: number): Outcome => ({
  kind: 'refused',
  code: 'no-match',
  detail:
    fits > 1
      ? `${fits} ${noun}s begin with "${id}": type more of it.`
      : `No ${noun} begins with "${id}".`,
});
