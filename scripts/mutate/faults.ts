/** Known faults, each as a change to one place of the compiled core. */

import { ACTIVATION_FAULTS } from './activation-faults.ts';
import { FAMILY_FAULTS } from './family-faults.ts';
import type { Fault } from './fault.ts';
import { REGISTER_FAULTS } from './register-faults.ts';
import { SHARED_FAULTS } from './shared-faults.ts';

const SITE_FAULTS: readonly Fault[] = [
  {
    name: 'a grant is spoken before its commit',
    file: 'agent/core/seats/seat-counter.js',
    find: "effects.push(commits.commit(writes, { kind: 'grant', slot, entry, ...reply }, forget));",
    put: "effects.push(commits.commit(writes, { kind: 'grant', slot, entry, ...reply }, forget)); this.speakGrant({ slot, entry, ...reply }, at, effects);",
  },
  {
    name: 'a grant is spoken when its commit has failed',
    file: 'agent/core/agent.js',
    find: 'this.#parts.seats.withdrawGrant(held, at, effects)',
    put: 'this.#parts.seats.speakGrant(held, at, effects)',
  },
  {
    name: 'the client counts its first term from the receipt',
    file: 'protocol/client/seat-bid.js',
    find: 'clientDeadline(stage.asking.firstSentAt, term)',
    put: 'clientDeadline(at.mono, term)',
  },
  {
    name: 'the client counts a renewal from the receipt',
    file: 'protocol/client/seat-hold.js',
    find: 'this.#renewed(sentAt, reply.term)',
    put: 'this.#renewed(at.mono, reply.term)',
  },
  {
    name: 'the agent adds no drift margin',
    file: 'protocol/lease-time.js',
    find: 'millis(MARGIN_BASE_MS + secondsToMillis(term) / MARGIN_SHARE)',
    put: 'millis(0)',
  },
  {
    name: 'the agent forgets its leases on restart',
    file: 'agent/core/restoring.js',
    find: 'lending.restore(record, at);',
    put: '',
  },
  {
    name: 'the replay window is off',
    file: 'agent/core/sessions/session-table.js',
    find: 'return isFresh(this.#highest.get(slot), this.#seen.get(slot), number);',
    put: 'return true;',
  },
  {
    name: 'a waiter that is silent, or lets its turn pass, is not forgotten',
    file: 'agent/core/agent.js',
    find: 'waiting.passOver(slot, at);',
    put: 'deadlines.set(slot, at.mono + 1e9);',
  },
  {
    name: 'the session of a forgotten waiter is forgotten with it',
    file: 'agent/core/agent.js',
    find: 'waiting.passOver(slot, at);',
    put: '{ waiting.passOver(slot, at); sessions.close(slot); deadlines.remove(slot); }',
  },
  {
    name: 'a newcomer overtakes who waits',
    file: 'agent/core/seats/lending.js',
    find: 'known ?? awaitedBefore(this.#parts, wish, address)',
    put: 'known ?? NOTHING_AWAITED',
  },
  {
    name: 'a turn is given though those before wait for its seat',
    file: 'agent/core/seats/waiting-room.js',
    find: 'before.awaited(openReserves(this.#parts, wish, reserved));',
    put: 'NOTHING_AWAITED;',
    tests: 'core/seats/waiting-room',
  },
  {
    name: 'a reservation that is taken up lets somebody pass',
    file: 'agent/core/seats/withheld-from.js',
    find: 'return isOpen ? reservedFor : NONE;',
    put: 'return reservedFor;',
    tests: 'core/seats/waiting-room',
  },
  {
    name: 'a heavy wish counts as one seat',
    file: 'agent/core/seats/pool-filling.js',
    find: 'return [{ pool: whole, seats: need }];',
    put: 'return [{ pool: whole, seats: 1 }];',
  },
  {
    name: 'a share is counted once for each who shares it',
    file: 'agent/core/seats/allocation.js',
    find: 'return claims.shared(share).find((number) => claims.get(number).parts.every(covers));',
    put: 'return undefined;',
  },
  {
    name: 'a share in surplus is joined',
    file: 'agent/core/seats/allocation.js',
    find: '(seats === 0 || counting.surplus === 0)',
    put: 'true',
  },
  {
    name: 'the id of a draw is forgotten',
    file: 'agent/core/meters/meter-ledger.js',
    find: 'const known = this.#draws.get(bytesToHex(id));',
    put: 'const known = undefined;',
  },
  {
    name: 'a token is spoken before it is on the disk',
    file: 'agent/core/seats/borrow-counter.js',
    find: 'if (book.holds(slot) && this.#writing.has(book.entry(slot)))',
    put: 'if (false)',
  },
  {
    name: 'a borrowed lease lapses at its term',
    file: 'agent/core/seats/borrow-counter.js',
    find: 'if (deadline > deadlines.deadline(slot))',
    put: 'if (false)',
  },
  {
    name: 'seats in surplus are not ended',
    file: 'agent/core/seats/allowance.js',
    find: 'for (const slot of endSurplus(this.#parts)) {',
    put: 'for (const slot of []) {',
  },
  {
    name: 'a superseded license still lends',
    file: 'agent/core/licenses/license-shelf.js',
    find: 'shelved.successor = successor;',
    put: 'void successor;',
  },
  {
    name: 'new rules lose what they count',
    file: 'agent/core/seats/seat-claims.js',
    find: 'entry.claim = changed;',
    put: 'entry.claim = { ...changed, tallies: [] };',
  },
  {
    name: 'a recall leaves the assignment',
    file: 'agent/core/seats/roster.js',
    find: 'const applied = value === null ? this.#remove(key) :',
    put: 'const applied = value === null ? true :',
  },
  {
    name: 'the latest time seen is not kept',
    file: 'agent/core/wall-guard.js',
    find: 'epochSeconds(Math.max(wall, gone, this.#mark.wall))',
    put: '(this.#mark = { ...this.#mark, wall }).wall',
  },
  {
    name: 'an expired license is renewed',
    file: 'agent/core/licenses/license-standing.js',
    find: 'if (license.expires !== null && wall >= license.expires) {',
    put: 'if (false) {',
  },
  {
    name: 'a lease of a removed license is renewed',
    file: 'agent/core/seats/renewing.js',
    find: "return 'license-removed';",
    put: 'continue;',
  },
  {
    name: 'a seat that was taken back is renewed',
    file: 'agent/core/seats/renewing.js',
    find: 'const ending = this.refusalOf(slot, at);',
    put: 'const ending = this.#refuseLicense(slot, at);',
  },
  {
    name: 'what a failed commit should have deleted is forgotten',
    file: 'agent/core/commit-queue.js',
    find: 'this.#owed.set(write.key, write);',
    put: ';',
  },
];

export const FAULTS: readonly Fault[] = [
  ...SITE_FAULTS,
  ...FAMILY_FAULTS.map((fault) => ({ ...fault, world: 'family' }) as const),
  ...ACTIVATION_FAULTS.map((fault) => ({ ...fault, world: 'activation' }) as const),
  ...[...REGISTER_FAULTS, ...SHARED_FAULTS].map(
    (fault) => ({ ...fault, world: 'shared' }) as const,
  ),
];
