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
    file: 'agent/core/responder.js',
    find: "effects.push(commits.commit([write], { kind: 'grant', slot, entry, ...reply }, forget));",
    put: "effects.push(commits.commit([write], { kind: 'grant', slot, entry, ...reply }, forget)); this.speakGrant({ slot, entry, ...reply }, at.mono, effects);",
  },
  {
    name: 'a grant is spoken when its commit has failed',
    file: 'agent/core/agent.js',
    find: 'this.#responder.withdrawGrant(held, at.mono, effects)',
    put: 'this.#responder.speakGrant(held, at.mono, effects)',
  },
  {
    name: 'the client counts its first term from the receipt',
    file: 'protocol/client/seat-session.js',
    find: 'clientDeadline(asking.firstSentAt, reply.term)',
    put: 'clientDeadline(at.mono, reply.term)',
  },
  {
    name: 'the client counts a renewal from the receipt',
    file: 'protocol/client/seat-hold.js',
    find: 'this.#renewed(sentAt, reply.term, effects)',
    put: 'this.#renewed(at.mono, reply.term, effects)',
  },
  {
    name: 'the agent adds no drift margin',
    file: 'protocol/lease-time.js',
    find: 'millis(MARGIN_BASE_MS + secondsToMillis(term) / MARGIN_SHARE)',
    put: 'millis(0)',
  },
  {
    name: 'the agent forgets its leases on restart',
    file: 'agent/core/agent.js',
    find: 'this.#lending.restore(record, at.mono);',
    put: '',
  },
  {
    name: 'an acquire is done again when it comes again',
    file: 'agent/core/lending.js',
    find: 'if (request.id <= this.#sessions.lastId(slot))',
    put: 'if (false)',
  },
  {
    name: 'an acquire under a new id is not answered while the old seat counts',
    file: 'agent/core/lending.js',
    find: 'if (request.id <= this.#sessions.lastId(slot))',
    put: 'if (this.#book.holds(slot) || request.id <= this.#sessions.lastId(slot))',
  },
  {
    name: 'requests of an earlier epoch are done',
    file: 'agent/core/listener.js',
    find: 'equalBytes(nonce.subarray(0, EPOCH_SIZE), epoch)',
    put: 'true',
  },
  {
    name: 'the replay window is off',
    file: 'agent/core/session-table.js',
    find: 'return isFresh(this.#highest.get(slot), this.#seen.get(slot), number);',
    put: 'return true;',
  },
  {
    name: "a hello's seal is not bound to its cookie",
    file: 'protocol/seal.js',
    find: 'binding?.subarray(0, NO_TAIL.length) ?? NO_TAIL',
    put: 'NO_TAIL',
  },
  {
    name: 'a session is forgotten sooner than its cookie',
    file: 'agent/core/session-table.js',
    find: 'millis(120_000)',
    put: 'millis(5000)',
  },
  {
    name: 'a lease of a removed license is renewed',
    file: 'agent/core/lending.js',
    find: "return 'license-removed';",
    put: 'return undefined;',
  },
  {
    name: 'a seat that was taken back is renewed',
    file: 'agent/core/lending.js',
    find: 'const code = this.#book.ending(slot) ?? this.#refuseLicense(slot, at);',
    put: 'const code = this.#refuseLicense(slot, at);',
  },
  {
    name: "a removed license's lent seats are forgotten",
    file: 'agent/core/license-shelf.js',
    find: 'pool.licensed = 0;',
    put: "{ pool.licensed = 0; this.#pools.delete(id + '/' + pool.class); }",
  },
  {
    name: 'the deadline is not moved on renewal',
    file: 'agent/core/lending.js',
    find: "this.#deadlines.set(slot, agentDeadline(at.mono, term));\n        return { kind: 'renewed', term };",
    put: "return { kind: 'renewed', term };",
  },
  {
    name: 'a seat is lent twice',
    file: 'agent/core/seat-pool.js',
    find: 'this.#lent++;\n    }\n    /** Counts',
    put: '}\n    /** Counts',
  },
  {
    name: 'what a failed commit should have deleted is forgotten',
    file: 'agent/core/commit-queue.js',
    find: 'this.#owed.set(write.key, write);',
    put: ';',
  },
  {
    name: 'a grant is known by its slot alone',
    file: 'agent/core/responder.js',
    find: 'if (!book.holds(slot) || book.entry(slot) !== entry)\n            return;\n        const code',
    put: 'if (!book.holds(slot)) return;\n        const code',
  },
  {
    name: 'the agent seals two replies with one nonce',
    file: 'agent/core/responder.js',
    find: 'buildNonce(epoch, ++this.#sent)',
    put: 'buildNonce(epoch, this.#sent++ & ~7)',
  },
  {
    name: 'the question for a document is not padded',
    file: 'protocol/packet.js',
    find: 'const DOCUMENT_BODY_SIZE = PIECE_MAX + 32;',
    put: 'const DOCUMENT_BODY_SIZE = 32;',
  },
  {
    name: 'an idle session is never forgotten',
    file: 'agent/core/agent.js',
    find: 'this.#sessions.close(slot);',
    put: 'this.#deadlines.set(slot, at.mono + 1e9);',
  },
  {
    name: 'a refusal whose answer was lost is not told again',
    file: 'agent/core/lending.js',
    find: "return same && code !== undefined ? { kind: 'refused-again', code } : { kind: 'nothing' };",
    put: "return { kind: 'nothing' };",
  },
  {
    name: 'a grant is spoken that the administrator has taken back',
    file: 'agent/core/responder.js',
    find: 'const code = this.#refuseUnspoken(slot);',
    put: 'const code = undefined;',
  },
  {
    name: 'a grant that cannot be written leaves its session without a deadline',
    file: 'agent/core/lending.js',
    find: 'this.#deadlines.set(slot, after(now, SESSION_IDLE));',
    put: 'this.#deadlines.remove(slot);',
  },
];
