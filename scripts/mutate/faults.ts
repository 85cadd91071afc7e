/** Known faults, each as a change to one place of the compiled core. */

export interface Fault {
  readonly name: string;
  /** Relative to the compiled tree. */
  readonly file: string;
  /** Found exactly once in the file, or the table is out of date. */
  readonly find: string;
  readonly put: string;
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'a grant is spoken before its commit',
    file: 'agent/core/seat-counter.js',
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
    file: 'agent/core/session-table.js',
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
    file: 'agent/core/lending.js',
    find: 'host, isBlocked });',
    put: 'host, isBlocked: false });',
  },
  {
    name: 'a heavy wish counts as one seat',
    file: 'agent/core/pool-filling.js',
    find: 'return [{ pool: whole, seats: need }];',
    put: 'return [{ pool: whole, seats: 1 }];',
  },
  {
    name: 'a share is counted once for each who shares it',
    file: 'agent/core/allocation.js',
    find: 'return claims.shared(share).find((number) => claims.get(number).parts.every(covers));',
    put: 'return undefined;',
  },
  {
    name: 'a share in surplus is joined',
    file: 'agent/core/allocation.js',
    find: '(seats === 0 || counting.surplus === 0)',
    put: 'true',
  },
  {
    name: 'the id of a draw is forgotten',
    file: 'agent/core/meter-ledger.js',
    find: 'const known = this.#draws.get(bytesToHex(id));',
    put: 'const known = undefined;',
  },
  {
    name: 'a token is spoken before it is on the disk',
    file: 'agent/core/borrow-counter.js',
    find: 'if (book.holds(slot) && this.#writing.has(book.entry(slot)))',
    put: 'if (false)',
  },
  {
    name: 'a borrowed lease lapses at its term',
    file: 'agent/core/borrow-counter.js',
    find: 'if (deadline > deadlines.deadline(slot))',
    put: 'if (false)',
  },
  {
    name: 'seats in surplus are not ended',
    file: 'agent/core/allowance.js',
    find: 'for (const slot of endSurplus(this.#parts)) {',
    put: 'for (const slot of []) {',
  },
  {
    name: 'a superseded license still lends',
    file: 'agent/core/license-shelf.js',
    find: 'shelved.successor = successor;',
    put: 'void successor;',
  },
  {
    name: 'new rules lose what they count',
    file: 'agent/core/seat-claims.js',
    find: 'entry.claim = { ...claim, tallies };',
    put: 'entry.claim = { ...claim, tallies: [] };',
  },
  {
    name: 'a recall leaves the assignment',
    file: 'agent/core/roster.js',
    find: 'const applied = value === null ? this.#remove(key) :',
    put: 'const applied = value === null ? true :',
  },
  {
    name: 'the latest time seen is not kept',
    file: 'agent/core/wall-guard.js',
    find: 'if (wall > this.#mark.wall)',
    put: 'this.#mark = { ...this.#mark, wall }; if (wall > this.#mark.wall)',
  },
  {
    name: 'an expired license is renewed',
    file: 'agent/core/license-standing.js',
    find: 'if (license.expires !== null && wall >= license.expires) {',
    put: 'if (false) {',
  },
  {
    name: 'a lease of a removed license is renewed',
    file: 'agent/core/renewing.js',
    find: "return 'license-removed';",
    put: 'continue;',
  },
  {
    name: 'a seat that was taken back is renewed',
    file: 'agent/core/renewing.js',
    find: 'const ending = this.refusalOf(slot, at);',
    put: 'const ending = this.#refuseLicense(slot, at);',
  },
  {
    name: 'what a failed commit should have deleted is forgotten',
    file: 'agent/core/commit-queue.js',
    find: 'this.#owed.set(write.key, write);',
    put: ';',
  },
  {
    name: 'seats lent to children are lent by the parent, too',
    file: 'agent/core/seat-pool.js',
    find: 'return Math.max(0, this.granted - this.allotted);',
    put: 'return this.granted;',
  },
  {
    name: 'a decrease of a child counts before the child has taken it',
    file: 'agent/core/child-ledger.js',
    find: "state === 'active' ? [...promises, { pools: terms.pools, ends: terms.expires }] : promises",
    put: "state === 'active' ? [{ pools: terms.pools, ends: terms.expires }] : []",
  },
  {
    name: 'a parent answers before its promise is on the disk',
    file: 'agent/core/child-counter.js',
    find: 'situation.effects.push(this.#parts.commits.commit(writes, held));',
    put: 'situation.effects.push(this.#parts.commits.commit(writes, held)); held.settle(situation); held.settle = () => {}; held.fail = () => {};',
  },
  {
    name: 'a child gives its word while more seats are in use',
    file: 'agent/core/child-word.js',
    find: 'isKnown && shelf.isWithin(shelved)',
    put: 'isKnown',
  },
  {
    name: 'the seats of a child that has ended are lent while its sessions go on',
    file: 'agent/core/child-ledger.js',
    find: 'seconds(tail(terms.longest) + CALENDAR_SLACK)',
    put: 'seconds(0)',
  },
  {
    name: 'a child goes on without its parent for ever',
    file: 'agent/core/child-binding.js',
    find: 'ends: line.ends,',
    put: 'ends: null,',
  },
  {
    name: 'a parent forgets its children on restart',
    file: 'agent/core/restoring.js',
    find: 'children.restore(key, value)',
    put: 'true',
  },
  {
    name: 'a stage of a child is not kept free before it begins',
    file: 'agent/core/child-ledger.js',
    find: 'seconds(Math.max(tail(term), borrow === null ? 0 : 2 * borrow.longest) + CALENDAR_SLACK)',
    put: 'seconds(0)',
  },
  {
    name: 'the marks outside the data folder are not looked at',
    file: 'agent/core/activation-ledger.js',
    find: 'emergency?.activation.until ?? this.#marks.get(license)?.emergency ?? undefined',
    put: 'emergency?.activation.until ?? undefined',
  },
  {
    name: 'an older activation is taken',
    file: 'agent/core/activation-intake.js',
    find: 'number <= Math.max(record.floor, known)',
    put: 'false',
  },
  {
    name: 'an older word of the vendor is taken',
    file: 'agent/core/activation-intake.js',
    find: "(known.number < number && known.state !== 'revoked')",
    put: 'true',
  },
  {
    name: 'a copied data folder lends on another computer',
    file: 'agent/core/host-keeper.js',
    find: "this.#standing === 'other' || this.#standing === 'lost'",
    put: "this.#standing === 'lost'",
  },
  {
    name: 'a master counts no places',
    file: 'agent/vendor/master/activation-ruling.js',
    find: 'agents.size >= most',
    put: 'false',
  },
  {
    name: 'the numbers of a master do not grow with the date',
    file: 'agent/vendor/master/granting.js',
    find: 'Math.max(number + 1, now)',
    put: 'number + 1',
  },
  {
    name: 'an activation outlives its end',
    file: 'agent/core/license-standing.js',
    find: 'vendor.ends === null || wall < vendor.ends',
    put: 'true',
  },
  {
    name: 'a member shares seats by what it read before, whatever is there by now',
    file: 'agent/core/site/blocks.js',
    find: '{ key: block.key, revision: block.revision },',
    put: '',
  },
  {
    name: 'a member renews when its block may be lent by others',
    file: 'agent/core/site/site.js',
    find: 'return !this.#mayRenew(now);',
    put: 'return false;',
  },
  {
    name: 'the seats of a dead member are shared as soon as it is found dead',
    file: 'agent/core/site/witness.js',
    find: 'now >= goneFrom(since, longest)',
    put: 'true',
  },
];
