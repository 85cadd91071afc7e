/** Faults that a vendor and the computers that it activates are to see. */

import type { Fault } from './fault.ts';

export const ACTIVATION_FAULTS: readonly Omit<Fault, 'world'>[] = [
  {
    name: 'the marks outside the data folder are not looked at',
    file: 'agent/core/activation/activation-ledger.js',
    find: 'emergency?.activation.until ?? this.#marks.get(license)?.emergency ?? undefined',
    put: 'emergency?.activation.until ?? undefined',
  },
  {
    name: 'an older activation is taken',
    file: 'agent/core/activation/activation-intake.js',
    find: 'number <= Math.max(record.floor, known)',
    put: 'false',
  },
  {
    name: 'an older word of the vendor is taken',
    file: 'agent/core/activation/activation-intake.js',
    find: "(known.number < number && known.state !== 'revoked')",
    put: 'true',
  },
  {
    name: 'a copied data folder lends on another computer',
    file: 'agent/core/host/host-keeper.js',
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
    file: 'agent/core/licenses/license-standing.js',
    find: 'vendor.ends === null || wall < vendor.ends',
    put: 'true',
  },
  {
    name: 'a receipt is spoken before it is on the disk',
    file: 'agent/core/change-queue.js',
    find: 'situation.effects.push(this.#commits.commit(writes, held, onFailure));',
    put: "apply(situation); situation.effects.push(this.#commits.commit(writes, { ...held, apply: () => ({ kind: 'refused', code: 'no-match', detail: '' }) }, onFailure));",
  },
  {
    name: 'time stands still while the clock is behind',
    file: 'agent/core/wall-guard.js',
    find: 'Math.max(wall, gone, this.#mark.wall)',
    put: 'Math.max(wall, this.#mark.wall)',
  },
  {
    name: 'an emergency has all its days again when the clock is reset',
    file: 'agent/core/activation/emergency-desk.js',
    find: 'until === null || until <= wall',
    put: 'true || until === null || until <= wall',
  },
  {
    name: 'a computer that was freed and has changed is told nothing',
    file: 'agent/vendor/master/request-desk.js',
    find: 'this.#news.tellEnds(sheet, asking, bearer);',
    put: '',
  },
];
