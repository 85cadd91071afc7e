/** Watches what administrators were told: who is excluded or recalled gets nothing from then on. */

import type { LeaseRecord } from '../../agent/core/lease-record.ts';
import type { Outcome } from '../../agent/core/operations.ts';
import { askerOf } from '../../agent/core/rule-book.ts';
import { foldCase } from '../../protocol/fold-case.ts';
import type { AgentHost } from './agent-host.ts';
import { Violation } from './world.ts';

const userKey = (host: AgentHost, product: string, className: string, user: string): string =>
  [host.name, product, className, foldCase(user)].join(' ');

export class OfficeWatch {
  /** Users who were recalled, and were not assigned since. */
  readonly #recalled = new Set<string>();

  /** An administrator was answered. */
  answered(host: AgentHost, outcome: Outcome): void {
    if (outcome.kind === 'user-recall') {
      for (const user of outcome.recalled) {
        this.#recalled.add(userKey(host, outcome.product, outcome.class, user));
      }
    }
    if (outcome.kind !== 'user-assign') return;
    for (const user of outcome.assigned) {
      this.#recalled.delete(userKey(host, outcome.product, outcome.class, user));
    }
    if (outcome.assigned.length === 0 || outcome.users <= outcome.seats) return;
    const detail = `${host.name}: ${outcome.users} users of ${outcome.seats} seats`;
    throw new Violation('never more users than named seats', detail);
  }

  /** A lease is given to the disk. `isNamed`: a seat of it is of a license that names its users. */
  decided(host: AgentHost, record: LeaseRecord, isNamed: boolean): void {
    const { holder, product, asked } = record;
    const isRecalled = this.#recalled.has(userKey(host, product, asked, holder.user));
    if (isNamed && isRecalled) {
      throw new Violation('who was recalled gets no seat', `${host.name}: ${holder.user}`);
    }
    const line = host.rules.excludes(askerOf(holder, null), { product, class: asked });
    if (line === undefined) return;
    const detail = `${host.name}: ${holder.user}@${holder.host} by "${line.text}"`;
    throw new Violation('who is excluded gets no seat', detail);
  }
}
