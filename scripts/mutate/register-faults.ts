/** Faults that members of one site are to see when their register goes back. */

import type { Fault } from './fault.ts';

export const REGISTER_FAULTS: readonly Omit<Fault, 'world'>[] = [
  {
    name: 'a register that has gone back is believed',
    file: 'agent/core/site/past.js',
    find: 'revision < floor || seen.some((entry) => this.#isOlder(entry, revision))',
    put: 'false',
  },
  {
    name: 'a register that has gone back is believed where its revisions have not',
    file: 'agent/core/site/past.js',
    find: '|| seen.some((entry) => this.#isOlder(entry, revision))',
    put: '',
    tests: 'core/site/(past|gone-back)[.]test',
  },
  {
    name: 'a register that has gone back is believed where its revisions have',
    file: 'agent/core/site/past.js',
    find: 'revision < floor ||',
    put: '',
    tests: 'core/site/(past|register-calls)[.]test',
  },
  {
    name: 'an answer that was asked for early proves that the register has gone back',
    file: 'agent/core/site/register-calls.js',
    find: 'answer, call.floor)',
    put: 'answer, this.past.highest)',
    tests: 'core/site/register-calls[.]test',
  },
  {
    name: 'what proves that the register has gone back is written over',
    file: 'agent/core/site/membership.js',
    find: 'revision: calls.past.writtenAt(beatKey(me)), orLater: true',
    put: 'revision: 0, orLater: true',
    tests: 'core/site/gone-back[.]test',
  },
  {
    name: 'who has noticed that the register has gone back leaves the others members',
    file: 'agent/core/site/membership.js',
    find: '{ key: JOINED_PREFIX, value: null, isPrefix: true },',
    put: '',
    tests: 'core/site/gone-back[.]test',
  },
  {
    name: 'a member of another edition joins as soon as its own leases have ended',
    file: 'agent/core/site/editions.js',
    find: "? 'waits' : 'anew'",
    put: "? 'anew' : 'anew'",
    tests: 'core/site/gone-back[.]test',
  },
  {
    name: 'who starts knows nothing of how far the register was',
    file: 'agent/core/site/editions.js',
    find: 'this.#mark = decodeMark(value);',
    put: '',
    tests: 'core/site/gone-back[.]test',
  },
  {
    name: 'an edition is begun again by whoever comes back later',
    file: 'agent/core/site/editions.js',
    find: '&& !isLaterEdition(read, this.#last)',
    put: '',
    tests: 'core/site/gone-back[.]test',
  },
  {
    name: 'a member that its register does not know joins as if it had never been one',
    file: 'agent/core/site/editions.js',
    find: 'this.#isForgotten ||= this.#wasMember &&',
    put: 'this.#isForgotten ||= false &&',
    tests: 'core/site/gone-back[.]test',
  },
];
