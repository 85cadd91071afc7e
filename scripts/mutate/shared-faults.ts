/** Faults that members of one site are to see, which share its seats by a register. */

import type { Fault } from './fault.ts';

export const SHARED_FAULTS: readonly Omit<Fault, 'world'>[] = [
  {
    name: 'a member shares seats by what it read before, whatever is there by now',
    file: 'agent/core/site/shares.js',
    find: '{ key: block.key, revision: block.revision },',
    put: '',
  },
  {
    name: 'a member renews when its block may be lent by others',
    file: 'agent/core/site/site.js',
    find: '!this.#mayRenew(at.mono) || moved',
    put: 'moved',
  },
  {
    name: 'the seats of a dead member are shared as soon as it is found dead',
    file: 'agent/core/site/witness.js',
    find: 'now >= goneFrom(since, longest)',
    put: 'true',
  },
  {
    name: 'a lease is taken over though another member has taken it over',
    file: 'agent/core/site/move-ask.js',
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
    name: 'rules are changed whatever another member has changed meanwhile',
    file: 'agent/core/charter/charter.js',
    find: '{ key, revision: known?.revision ?? 0 },',
    put: '',
  },
  {
    name: "rules of the site's that could not be written are not tried again",
    file: 'agent/core/charter/charter.js',
    find: 'if (asked === revision && at.mono < askAt)',
    put: 'if (asked === revision)',
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
  {
    name: 'what is taken up of a reservation here is given away at once when it comes back',
    file: 'agent/core/site/blocks.js',
    find: 'lent: lent + obliged,',
    put: 'lent,',
  },
  {
    name: 'a member keeps nothing of what is reserved',
    file: 'agent/core/site/reserves.js',
    find: 'Math.max(0, one.seats - elsewhere)',
    put: '0',
  },
  {
    name: 'a borrowed seat takes up what is reserved',
    file: 'agent/core/site/covered-seats.js',
    find: 'this.#putAway(slot, true);',
    put: '',
  },
  {
    name: 'a seat is borrowed, and goes on being kept where it was lent',
    file: 'agent/core/site/loans.js',
    find: 'blocks.reserves.lowered(product, fence)',
    put: 'NOTHING',
  },
  {
    name: 'a user by name is written down though there is no room',
    file: 'agent/core/site/named-users.js',
    find: 'more > left ||',
    put: '',
  },
  {
    name: 'users by name are written down by what was read before, whatever is there by now',
    file: 'agent/core/site/named-users.js',
    find: '{ key, revision },',
    put: '',
  },
  {
    name: 'a license that is removed on one member stays on the others',
    file: 'agent/core/charter/license-charter.js',
    find: 'if (!mine.has(id))\n                wanted.delete(id);',
    put: '{}',
  },
  {
    name: 'a seat is borrowed that stays in the block of its member as well',
    file: 'agent/core/site/loan-change.js',
    find: 'return moveSeats(shares, BORROWED, new Map([[me, seats]]));',
    put: 'return shares;',
  },
  {
    name: 'a borrowed seat is spoken of before the site has counted it',
    file: 'agent/core/seats/borrow-counter.js',
    find: 'site?.loans.lend(slot, { borrowing, refuse, settle }, hearing.at);',
    put: 'settle(undefined, { ...hearing });',
  },
  {
    name: 'a loan is decided on by what was known of the others, whatever there is by now',
    file: 'agent/core/site/loan-change.js',
    find: '{ key: LOANS_KEY, revision: loans.revision },',
    put: '',
  },
  {
    name: 'a loan is over before its time is',
    file: 'agent/core/site/loan-book.js',
    find: 'if (now.mono >= ends && now.mono >= endOf(record, now))',
    put: 'if (now.wall >= record.borrowing.from + 15)',
  },
  {
    name: 'a lease that is over goes on counting as borrowed',
    file: 'agent/core/site/covered-seats.js',
    find: 'pool.granted = Math.max(0, pool.granted - seats);',
    put: '',
  },
  {
    name: 'a loan is never over',
    file: 'agent/core/site/loan-book.js',
    find: 'if (now.mono >= ends && now.mono >= endOf(record, now))',
    put: 'if (false)',
  },
  {
    name: 'a seat that is being borrowed is of the block and beside it, whatever becomes of that',
    file: 'agent/core/site/blocks.js',
    find: 'Math.max(own, Math.min(own + covered.pendingOf(pool), pool.lent))',
    put: 'own + covered.pendingOf(pool)',
  },
];
