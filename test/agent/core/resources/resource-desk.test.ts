import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CoreOperation } from '../../../../agent/core/operations.ts';
import { DeskRig, wordFor } from '../desk-rig.ts';

const desk = suite('resource desk');

const add = (...names: readonly string[]): CoreOperation => ({
  kind: 'resource-add',
  names,
  customer: 'Bauhaus',
});

const activate = (name: string, license: string): CoreOperation => ({
  kind: 'resource-activate',
  name,
  license,
  customer: null,
});

desk('a license lends for the resource that it is activated for', () => {
  const rig = new DeskRig();
  const id = rig.license(1, { resource: '*' });
  assert.is(rig.work({}, { resource: 'north' }), 'no-resource');
  rig.ask(add('North', 'South'));
  const outcome = rig.done({
    kind: 'resource-activate',
    name: 'north',
    license: id.slice(0, 6),
    customer: 'ACME',
  });
  assert.equal(
    { ...outcome.resource, added: 0 },
    { name: 'North', customer: 'ACME', added: 0, licenses: [id], lent: 0, seats: 1 },
  );
  assert.is(rig.work({}, { resource: 'NORTH' }), 'granted');
  const views = rig.restart().done({ kind: 'resource-list' }).resources;
  assert.equal(
    views.map(({ name, lent, seats }) => [name, lent, seats]),
    [
      ['North', 1, 1],
      ['South', 0, 0],
    ],
  );
});

desk('who waits for a seat of a resource is called when a license is activated for it', () => {
  const rig = new DeskRig();
  const ids = [rig.license(1, { resource: '*' }), rig.license(2, { resource: '*' })];
  rig.ask(add('north'));
  rig.ask(activate('north', ids[0] ?? ''));
  assert.is(rig.work({}, { resource: 'north' }), 'granted');
  const waiter = rig.client();
  assert.is(wordFor(rig.take(waiter, {}, { resource: 'north' }, true)), 'queued');
  const reply = waiter.read(rig.settle(rig.rig.operate(activate('north', ids[1] ?? ''))));
  assert.ok(reply?.kind === 'queued' && reply.turn);
});

desk('each thing that cannot be is refused in a sentence, and changes nothing', () => {
  const rig = new DeskRig();
  const any = rig.license(1, { resource: '*' });
  const tied = rig.license(2, { resource: 'north' });
  const free = rig.license(3, {});
  rig.ask(add('north', 'south'));
  assert.equal(rig.refused(add('west', 'NORTH')), [
    'exists',
    'NORTH is registered already, or was named twice.',
  ]);
  assert.is(rig.refused(activate('west', any))[0], 'no-match');
  assert.is(rig.refused(activate('north', 'zzzz'))[0], 'no-match');
  assert.match(rig.refused(activate('south', tied))[1], /is for north only/);
  assert.match(rig.refused(activate('south', free))[1], /tied to no database or project/);
  rig.ask(activate('north', any));
  assert.match(rig.refused(activate('south', any))[1], /is activated for north/);
  const failed = rig.failing(activate('north', tied));
  assert.is(failed.kind, 'refused');
  const { resources } = rig.done({ kind: 'resource-list' });
  assert.equal(
    resources.map(({ name, licenses }) => [name, ...licenses]),
    [['north', any], ['south']],
  );
});

desk('a resource that is removed says which licenses it frees', () => {
  const rig = new DeskRig();
  const id = rig.license(1, { resource: '*' });
  rig.ask(add('north', 'south'));
  rig.ask(activate('north', id));
  rig.work({}, { resource: 'north' });
  const { resource } = rig.done({ kind: 'resource-remove', name: 'North' });
  assert.equal([resource.licenses, resource.lent], [[id], 1]);
  assert.is(rig.ask(activate('south', id)).kind, 'resource-activate');
  assert.is(rig.work({}, { resource: 'south' }), 'no-seat', 'the seat in use counts on');
  assert.is(rig.refused({ kind: 'resource-remove', name: 'north' })[0], 'no-match');
});

desk.run();
