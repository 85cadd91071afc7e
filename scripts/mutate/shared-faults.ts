/** Faults that members of one site are to see, which share its seats by a register. */

import type { Fault } from './fault.ts';

export const SHARED_FAULTS: readonly Omit<Fault, 'world'>[] = [
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
  {
    name: 'a lease is taken over though another member has taken it over',
    file: 'agent/core/site/adoption.js',
    find: '...batch.map(({ key }) => ({ key, revision: 0 })),',
    put: '',
  },
  {
    name: 'a moved seat that comes back soon is lent at once',
    file: 'agent/core/site/moved-seats.js',
    find: 'this.#withhold(covered.moved, covered.pool);',
    put: '',
  },
  {
    name: 'a moved seat is like any other at once',
    file: 'agent/core/site/moved-seats.js',
    find: 'const until = goneFrom(now, record.longest);',
    put: 'const until = now;',
  },
  {
    name: 'a member counts by itself what a rule limits',
    file: 'agent/core/seats/allocation.js',
    find: '(shared?.mostOf(limit) ?? limit.most)',
    put: 'limit.most',
  },
  {
    name: 'a lease moves, and what counts it stays',
    file: 'agent/core/site/moved-seats.js',
    find: 'this.#parts.claims.tallyMore(moved.limits, moved.seats);',
    put: '',
  },
];
