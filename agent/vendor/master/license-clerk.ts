/** Issues licenses, and changes what was issued: each change is a newer signed document. */

import { dearmor } from '../../../protocol/armor.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { License } from '../../../protocol/license.ts';
import { LICENSE_ID_SIZE, SUPERSEDES_MAX } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { openLicense, type SignedLicense } from '../../../protocol/signed-license.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { AuditKind } from './audit-line.ts';
import type { CustomerClerk } from './customer-clerk.ts';
import { type Granting, nextNumber } from './granting.ts';
import type { IssuedLicense } from './issued-license.ts';
import type { Issuer } from './issuer.ts';
import { type LicenseFinder, termsView } from './license-finder.ts';
import { lineOf, newestOf } from './license-lineage.ts';
import type { MasterBook } from './master-book.ts';
import {
  type Caller,
  done,
  type IssueOrder,
  type MasterOperation,
  type MasterOutcome,
  refused,
} from './master-operations.ts';

type Of<K extends MasterOperation['kind']> = Extract<MasterOperation, { kind: K }>;

export interface LicenseClerkParts {
  readonly book: MasterBook;
  readonly issuer: Issuer;
  readonly primitives: Primitives;
  readonly entropy: (size: number) => Uint8Array;
  readonly granting: Granting;
  readonly customers: CustomerClerk;
  readonly finder: LicenseFinder;
}

export class LicenseClerk {
  readonly #parts: LicenseClerkParts;

  constructor(parts: LicenseClerkParts) {
    this.#parts = parts;
  }

  issue(asked: Of<'license-issue'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const { customers, finder } = this.#parts;
    const fault = this.#orderFault(asked, now);
    const customer = customers.one(asked.customer);
    if (fault !== undefined || 'kind' in customer) return fault ?? (customer as MasterOutcome);
    const signed = this.#sign({ ...asked.terms, customer: customer.name }, now);
    if (typeof signed === 'string') return refused('unavailable', signed);
    const { policy, expands } = asked;
    const issued = this.#keep(signed, { customer: customer.id, policy, expands });
    for (const id of signed.license.supersedes) this.#succeed(id, signed.license.id);
    this.#tell('issued', caller, now, issued, `issued to ${customer.name}`);
    return finder.whole(issued, caller, now);
  }

  /** What would be issued; nothing is. */
  check(asked: Of<'license-check'>, now: EpochSeconds): MasterOutcome {
    const fault = this.#orderFault(asked, now);
    return fault ?? { kind: 'checked', terms: termsView(asked.terms) };
  }

  #orderFault(
    { customer: named, expands, terms }: IssueOrder,
    now: EpochSeconds,
  ): MasterOutcome | undefined {
    const { book, customers, issuer } = this.#parts;
    const customer = customers.one(named);
    if ('kind' in customer) return customer;
    if (expands !== null && book.licenses.get(expands) === undefined) {
      return refused('unknown', `There is no license ${expands} that it could expand.`);
    }
    const unknown = terms.supersedes.find((id) => this.#supersedeFault(id, terms));
    if (unknown !== undefined) {
      return refused(
        'wrong',
        `${unknown} cannot be superseded: it is unknown, of another product, or was before.`,
      );
    }
    const fault = issuer.fault('licenses', now);
    return fault === undefined ? undefined : refused('unavailable', fault);
  }

  /** Takes into the book what was signed elsewhere with the vendor's keys. */
  add(asked: Of<'license-add'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const { book, primitives, customers, finder } = this.#parts;
    const customer = asked.customer === null ? null : customers.one(asked.customer);
    if (customer !== null && 'kind' in customer) return customer;
    const blocks = dearmor('license', asked.text, primitives);
    const opened = blocks.flatMap((block) => {
      const license = block.ok ? openLicense(block.value, primitives) : undefined;
      return license?.ok ? [license.value] : [];
    });
    if (opened.length === 0 || opened.length < blocks.length) {
      return refused(
        'wrong',
        'The text holds no license, or one that is damaged: nothing was added.',
      );
    }
    if (opened.some(({ vendor }) => !equalBytes(vendor, this.#parts.issuer.root))) {
      return refused('wrong', 'A license in it is of another vendor: nothing was added.');
    }
    const added = opened.map((signed) => {
      const before = book.licenses.get(signed.license.id);
      if (before !== undefined) return before;
      const issued = this.#keep(signed, {
        customer: customer?.id ?? null,
        policy: asked.policy,
        expands: null,
      });
      for (const id of signed.license.supersedes) this.#succeed(id, signed.license.id);
      this.#tell('issued', caller, now, issued, 'taken into the book');
      return issued;
    });
    const licenses = added.map((one) => finder.summary(one, now));
    return { kind: 'licenses', licenses, total: licenses.length };
  }

  extend({ license, expires }: Of<'license-extend'>, caller: Caller, now: EpochSeconds) {
    if (expires !== null && expires <= now) {
      return refused('wrong', 'That day is over already: revoke the license instead.');
    }
    return this.#replace(license, { expires }, caller, now, 'extended');
  }

  seats({ license, pools }: Of<'license-seats'>, caller: Caller, now: EpochSeconds) {
    return this.#replace(license, { pools }, caller, now, 'seats changed');
  }

  /** Suspends, resumes or revokes: told to its agents at their next refresh. */
  stand(asked: Of<'license-standing'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const { book, issuer, granting } = this.#parts;
    const known = book.licenses.get(asked.license);
    if (known === undefined) return refused('unknown', NO_LICENSE);
    const issued = newestOf(book, known);
    const { id } = issued.signed.license;
    if (issued.state === 'revoked') return refused('wrong', 'It is revoked: that is for ever.');
    if (issued.state === asked.state) return refused('wrong', `It is ${asked.state} already.`);
    const fault = issuer.fault('standings', now);
    if (fault !== undefined) return refused('unavailable', fault);
    const { state, reason } = asked;
    const number = nextNumber(issued, now);
    const standing = issuer.standing({
      license: id,
      number,
      state,
      agent: null,
      issued: now,
      reason,
    });
    const changed = book.putLicense({ ...issued, state, reason, number, standing });
    for (const one of lineOf(book, issued)) {
      for (const { agent } of book.placesOf(one)) granting.forgetAnswer(agent);
    }
    this.#tell('standing', caller, now, changed, reason === '' ? state : `${state}: ${reason}`);
    return done(`${id} is ${state}: its agents hear of it at their next refresh.`);
  }

  policy({ license, policy }: Of<'license-policy'>, caller: Caller, now: EpochSeconds) {
    return this.#edit(license, { policy }, caller, now, `policy ${policy}`);
  }

  project({ license, project }: Of<'license-project'>, caller: Caller, now: EpochSeconds) {
    return this.#edit(license, { project }, caller, now, `project "${project}"`);
  }

  #edit(
    id: LicenseId,
    change: Partial<Pick<IssuedLicense, 'policy' | 'project'>>,
    caller: Caller,
    now: EpochSeconds,
    detail: string,
  ): MasterOutcome {
    const issued = this.#parts.finder.one(id, caller);
    if (issued === undefined) return refused('unknown', NO_LICENSE);
    const changed = this.#parts.book.putLicense({ ...issued, ...change });
    this.#tell('changed', caller, now, changed, detail);
    return { kind: 'licenses', licenses: [this.#parts.finder.summary(changed, now)], total: 1 };
  }

  /** A newer license with other terms takes the place of the newest of its line. */
  #replace(
    id: LicenseId,
    change: Partial<Pick<License, 'expires' | 'pools'>>,
    caller: Caller,
    now: EpochSeconds,
    detail: string,
  ): MasterOutcome {
    const { book, granting, finder } = this.#parts;
    const known = book.licenses.get(id);
    if (known === undefined) return refused('unknown', NO_LICENSE);
    const issued = newestOf(book, known);
    const { id: before, ...terms } = issued.signed.license;
    if (issued.state !== 'active') {
      return refused('wrong', `It is ${issued.state}: only an active license can be changed.`);
    }
    // Agents that have missed some of the line are told of all of it.
    const supersedes = lineOf(book, issued).slice(0, SUPERSEDES_MAX);
    const signed = this.#sign({ ...terms, ...change, issued: now, supersedes }, now);
    if (typeof signed === 'string') return refused('unavailable', signed);
    const { customer, policy, expands } = issued;
    const fresh = this.#keep(signed, { customer, policy, expands });
    const next = book.putLicense({ ...fresh, project: issued.project });
    this.#succeed(before, signed.license.id);
    for (const { agent } of book.placesOf(before)) granting.forgetAnswer(agent);
    this.#tell('changed', caller, now, next, `${detail}: takes the place of ${before}`);
    return finder.whole(next, caller, now);
  }

  #sign(terms: Omit<License, 'id'>, now: EpochSeconds): SignedLicense | string {
    const { issuer, entropy, primitives } = this.#parts;
    const fault = issuer.fault('licenses', now);
    if (fault !== undefined) return fault;
    const opened = openLicense(issuer.license(terms, entropy(LICENSE_ID_SIZE)), primitives);
    return opened.ok ? opened.value : 'That is more than one license can say: issue several.';
  }

  #keep(
    signed: SignedLicense,
    facts: Pick<IssuedLicense, 'customer' | 'policy' | 'expands'>,
  ): IssuedLicense {
    const hash = hashDocument(signed.bytes, this.#parts.primitives);
    return this.#parts.book.putLicense({
      signed,
      hash,
      ...facts,
      state: 'active',
      reason: '',
      number: 0,
      standing: null,
      project: '',
      successor: null,
    });
  }

  #succeed(earlier: LicenseId, later: LicenseId): void {
    const { book } = this.#parts;
    const issued = book.licenses.get(earlier);
    if (issued !== undefined && issued.successor === null && earlier !== later) {
      book.putLicense({ ...issued, successor: later });
    }
  }

  #supersedeFault(id: LicenseId, { product }: Omit<License, 'id'>): boolean {
    const issued = this.#parts.book.licenses.get(id);
    return (
      issued === undefined || issued.successor !== null || issued.signed.license.product !== product
    );
  }

  #tell(
    kind: AuditKind,
    { name, from }: Caller,
    at: EpochSeconds,
    { signed }: IssuedLicense,
    detail: string,
  ): void {
    const license = signed.license.id;
    this.#parts.book.tell({ at, kind, who: `${name}, from ${from}`, license, detail });
  }
}

export const NO_LICENSE = 'There is no such license.';
