/** Faults that families are to see: a parent, its children and theirs. */

import type { Fault } from './fault.ts';

export const FAMILY_FAULTS: readonly Omit<Fault, 'world'>[] = [
  {
    name: 'seats lent to children are lent by the parent, too',
    file: 'agent/core/seats/seat-pool.js',
    find: 'return Math.max(0, this.granted - this.allotted);',
    put: 'return this.granted;',
  },
  {
    name: 'a decrease of a child counts before the child has taken it',
    file: 'agent/core/children/child-ledger.js',
    find: "state === 'active' ? [...promises, { pools, ends, longest }] : promises",
    put: "state === 'active' ? [{ pools, ends, longest }] : []",
  },
  {
    name: 'a parent answers before its promise is on the disk',
    file: 'agent/core/children/child-counter.js',
    find: 'situation.effects.push(this.#parts.commits.commit(writes, held));',
    put: 'situation.effects.push(this.#parts.commits.commit(writes, held)); held.settle(situation); held.settle = () => {}; held.fail = () => {};',
  },
  {
    name: 'a child gives its word while more seats are in use',
    file: 'agent/core/children/child-word.js',
    find: 'this.#parts.gate.refusal === undefined && isWithin(this.#parts, shelved, wall)',
    put: 'this.#parts.gate.refusal === undefined',
  },
  {
    name: 'a child gives its word, and looks at no stage to come',
    file: 'agent/core/children/child-within.js',
    find: 'return later.every(',
    put: 'return true || later.every(',
  },
  {
    name: 'the seats of a child that has ended are lent while its sessions go on',
    file: 'agent/core/children/child-ledger.js',
    find: 'seconds(tail(longest) + CALENDAR_SLACK + slackBelow(record))',
    put: 'seconds(0)',
  },
  {
    name: 'a child goes on without its parent for ever',
    file: 'agent/core/children/child-binding.js',
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
    file: 'agent/core/children/child-ledger.js',
    find: 'seconds(Math.max(tail(term), borrow === null ? 0 : 2 * borrow.longest) + CALENDAR_SLACK)',
    put: 'seconds(0)',
  },
];
