/** What may be borrowed, by whom and for how long: by the licenses and by the administrator's rules. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import type { Asker, Target } from '../rules/rule.ts';
import { askerOf, type RuleBook, targetOfClaim } from '../rules/rule-book.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { LoanBook } from '../site/loan-book.ts';
import type { LeaseBook } from './lease-book.ts';
import { weightOf } from './seat-claims.ts';

/** Seats to be taken along from now until then. `isNew`: they are not away yet. */
export interface Taking {
  readonly seats: number;
  readonly wall: EpochSeconds;
  /** Seconds since 1970. */
  readonly until: number;
  readonly isNew: boolean;
}

export interface BorrowTermsParts {
  readonly book: LeaseBook;
  readonly judge: LicenseJudge;
  readonly sessions: SessionTable;
  /** Of a site: what is borrowed of others counts, too. */
  readonly loans: Pick<LoanBook, 'elsewhere'> | undefined;
}

export class BorrowTerms {
  readonly #parts: BorrowTermsParts;

  constructor(parts: BorrowTermsParts) {
    this.#parts = parts;
  }

  /** Why seats of a license may not be taken along, were some free. */
  refuseLicense(shelved: ShelvedLicense, taking: Taking): RefusalCode | undefined {
    const { seats, wall, until, isNew } = taking;
    const { borrow, id } = shelved.license;
    if (borrow === null) return 'borrow-forbidden';
    const ends = this.#parts.judge.lendsUntil(shelved, wall);
    if (until > wall + borrow.longest || (ends !== undefined && until > ends)) {
      return 'borrow-too-long';
    }
    return isNew && this.#borrowedOf(id) + seats > borrow.seats ? 'borrow-limit' : undefined;
  }

  /** Why the rules keep somebody from taking seats of a class along. */
  refuseRules(
    rules: RuleBook,
    asker: Asker,
    target: Target,
    { seats, wall, until, isNew }: Taking,
  ): RefusalCode | undefined {
    if (rules.current.isEmpty) return undefined;
    const ruling = rules.current.borrow(asker, target);
    if (!ruling.allowed) return 'borrow-forbidden';
    if (ruling.longest !== undefined && until > wall + ruling.longest) return 'borrow-too-long';
    if (ruling.seats === undefined || !isNew) return undefined;
    return this.#borrowedUnder(rules, ruling.key) + seats > ruling.seats
      ? 'borrow-limit'
      : undefined;
  }

  /** Seats of a license that are borrowed. */
  #borrowedOf(license: LicenseId): number {
    const { book } = this.#parts;
    let borrowed = 0;
    for (const slot of book.borrowings.keys()) {
      for (const { pool, seats } of book.claim(slot).parts) {
        if (pool.counting.licenseId === license) borrowed += seats;
      }
    }
    for (const { parts } of this.#parts.loans?.elsewhere() ?? []) {
      for (const part of parts) if (part.licenseId === license) borrowed += part.seats;
    }
    return borrowed;
  }

  /** Seats that those for whom one line of the rules is have borrowed. */
  #borrowedUnder(rules: RuleBook, key: string | undefined): number {
    const { book, sessions } = this.#parts;
    let borrowed = 0;
    for (const slot of book.borrowings.keys()) {
      const claim = book.claim(slot);
      const asker = askerOf(book.read(slot).holder, sessions.endpoint(slot)?.address ?? null);
      const ruling = rules.current.borrow(asker, targetOfClaim(claim));
      if (ruling.key === key) borrowed += weightOf(claim);
    }
    for (const { holder, address, product, asked, parts } of this.#parts.loans?.elsewhere() ?? []) {
      const ruling = rules.current.borrow(askerOf(holder, address), { product, class: asked });
      if (ruling.key === key) borrowed += parts.reduce((sum, { seats }) => sum + seats, 0);
    }
    return borrowed;
  }
}
