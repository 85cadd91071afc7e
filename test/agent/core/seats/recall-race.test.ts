/** Recalls and grants that are on their way to the disk together. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import type { CoreOperation } from '../../../../agent/core/operations.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, only, type RigClient, renew } from '../agent-rig.ts';
import { DeskRig, wordFor } from '../desk-rig.ts';

const races = suite('recall and grant');

const recall: CoreOperation = {
  kind: 'user-recall',
  product: null,
  class: 'generic',
  users: ['ann'],
  force: false,
};

/** Ann is assigned the one seat. */
const assigned = (): DeskRig => {
  const rig = new DeskRig();
  rig.license(1, { type: 'named', pools: [plainPool(1)] });
  rig.ask({ kind: 'user-assign', product: null, class: 'generic', users: ['ann'] });
  return rig;
};

/** Puts what a commit says into the store, and says nothing of it yet. */
const write = (rig: DeskRig, effects: readonly Effect[]): number => {
  const { ticket, writes } = only(effects, 'commit');
  rig.store.write(writes);
  return ticket;
};

const spoken = (client: RigClient, effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((one) => (one.kind === 'send' ? [wordFor(client.read([one]))] : []));

const seats = (rig: DeskRig) => rig.done({ kind: 'seat-list' }).seats;

races('a grant that is written when its user is recalled is not spoken of', () => {
  const rig = assigned();
  const ann = rig.client();
  write(rig, ann.ask(acquire(1)));
  const ticket = write(rig, rig.rig.operate(recall));
  const effects = rig.settle(rig.rig.step({ kind: 'committed', ticket }));
  assert.equal(spoken(ann, effects), ['recalled']);
  assert.equal(seats(rig), []);
  assert.equal(seats(rig.restart()), []);
  assert.is(wordFor(ann.read(ann.ask(renew(2)))), 'not-held');
});

races('nor is it when the two are written one after the other', () => {
  const rig = assigned();
  const ann = rig.client();
  const first = write(rig, ann.ask(acquire(1)));
  const second = write(rig, rig.rig.operate(recall));
  const effects = [
    ...rig.settle(rig.rig.step({ kind: 'committed', ticket: first })),
    ...rig.settle(rig.rig.step({ kind: 'committed', ticket: second })),
  ];
  assert.equal(spoken(ann, effects), ['recalled']);
  assert.equal(seats(rig), []);
});

races('a power cut after both leaves a seat that has ended', () => {
  const rig = assigned();
  const ann = rig.client();
  write(rig, ann.ask(acquire(1)));
  write(rig, rig.rig.operate(recall));
  const later = rig.restart();
  assert.equal(
    seats(later).map(({ ending }) => ending),
    ['recalled'],
  );
});

races('who is being recalled gets no seat meanwhile', () => {
  const rig = assigned();
  const ann = rig.client();
  const ticket = write(rig, rig.rig.operate(recall));
  assert.is(wordFor(ann.read(rig.settle(ann.ask(acquire(1))))), 'not-assigned');
  rig.settle(rig.rig.step({ kind: 'committed', ticket }));
  assert.equal(seats(rig.restart()), []);
});

races('a recall that could not be written keeps nobody out', () => {
  const rig = assigned();
  rig.failing(recall);
  assert.is(rig.work({ user: 'ann' }), 'granted');
});

races('a grant that fails while its end is written leaves no record of a seat', () => {
  const rig = assigned();
  const ann = rig.client();
  const { ticket } = only(ann.ask(acquire(1)), 'commit');
  const later = rig.rig.operate(recall);
  const failed = rig.rig.step({ kind: 'commit-failed', ticket, reason: 'full' });
  rig.settle(later);
  rig.settle(failed);
  assert.equal(seats(rig), []);
  assert.equal(seats(rig.restart()), []);
});

races('nor does one whose seat is disconnected meanwhile', () => {
  const rig = new DeskRig();
  rig.license(1, {});
  const ann = rig.client();
  const { ticket } = only(ann.ask(acquire(1)), 'commit');
  const [seat] = seats(rig);
  const later = rig.rig.operate({ kind: 'seat-disconnect', id: seat?.id ?? '', force: false });
  const failed = rig.rig.step({ kind: 'commit-failed', ticket, reason: 'full' });
  rig.settle(later);
  rig.settle(failed);
  assert.equal(seats(rig.restart()), []);
});

races.run();
