/** The interchangeable seats of one class of one license, and how many are lent. */

import type { LicenseId } from '../../protocol/ids.ts';
import { assert } from '../../protocol/result.ts';

export class SeatPool {
  readonly licenseId: LicenseId;
  readonly class: string;
  /** Seats that the license grants now; zero while the license is not on the shelf. */
  licensed = 0;
  #lent = 0;

  constructor(licenseId: LicenseId, className: string) {
    this.licenseId = licenseId;
    this.class = className;
  }

  /** Seats promised to somebody, even those of a license that has been removed since. */
  get lent(): number {
    return this.#lent;
  }

  get free(): number {
    return Math.max(0, this.licensed - this.#lent);
  }

  /** Lends one seat. The caller has seen that one is free. */
  take(): void {
    assert(this.#lent < this.licensed, 'a seat was lent beyond the pool');
    this.#lent++;
  }

  /** Counts a seat that was promised before a restart, whatever the license says today. */
  recall(): void {
    this.#lent++;
  }

  giveBack(): void {
    assert(this.#lent > 0, 'a seat came back that was not lent');
    this.#lent--;
  }
}
