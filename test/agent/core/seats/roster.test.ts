import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AssignPlan,
  type RecallPlan,
  Roster,
  USERS_MAX,
} from '../../../../agent/core/seats/roster.ts';
import { USER_PREFIX } from '../../../../agent/core/seats/user-record.ts';
import type { Write } from '../../../../agent/core/write.ts';
import { pack } from '../../../../protocol/msgpack.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { StoreModel } from '../store-model.ts';

const roster = suite('roster');

const NOW = epochSeconds(1_800_000_000);

const assign = (real: Roster, users: readonly string[], seats: number): AssignPlan => {
  const plan = real.assign({ product: 'cad', class: 'generic', users, seats, since: NOW });
  assert.ok(plan.ok);
  return plan.value;
};

/** A roster with these users of `cad` and `generic`. */
const rosterOf = (...users: readonly string[]): Roster => {
  const real = new Roster();
  real.apply(assign(real, users, users.length).writes);
  return real;
};

const usersOf = (real: Roster): readonly string[] => [...real.list()].map(({ user }) => user);

roster('a plan is not true before it is applied', () => {
  const real = new Roster();
  const plan = assign(real, ['Anna', 'Bert'], 2);
  assert.equal(plan.assigned, ['Anna', 'Bert']);
  assert.is(real.count('cad', 'generic'), 0);
  real.apply(plan.writes);
  assert.is(real.count('cad', 'generic'), 2);
  const recall = real.recall('cad', 'generic', ['BERT', 'bert', 'Carl']);
  assert.equal(recall.recalled, ['Bert'], 'as typed when assigned');
  assert.equal(recall.unknown, ['bert', 'Carl']);
  assert.is(real.count('cad', 'generic'), 2);
  real.apply(recall.writes);
  assert.equal(usersOf(real), ['Anna']);
});

roster('capitals make no second user', () => {
  const real = rosterOf('Zoë');
  const plan = assign(real, ['ZOË', 'Max', 'MAX'], 2);
  assert.equal(plan.assigned, ['Max']);
  assert.equal(plan.already, ['ZOË', 'MAX']);
  assert.ok(real.isAssigned('cad', 'generic', 'zoe\u0308', 1));
  assert.not(real.isAssigned('cad', 'developer', 'Zoë', 1));
  assert.not(real.isAssigned('cam', 'generic', 'Zoë', 1));
});

roster('all are assigned or none, never more than there are seats', () => {
  const real = rosterOf('Anna', 'Bert');
  const request = { product: 'cad', class: 'generic', seats: 3, since: NOW };
  const full = real.assign({ ...request, users: ['Carl', 'Dora'] });
  assert.equal(full, { ok: false, error: { code: 'roster-full', licensed: 3, assigned: 2 } });
  assert.ok(real.assign({ ...request, users: ['anna', 'Carl'] }).ok);
  const fewer = real.assign({ ...request, seats: 1, users: ['anna'] });
  assert.ok(fewer.ok && fewer.value.already.length === 1, 'nobody new: nothing to refuse');
});

roster('after a decrease the newest assignments wait', () => {
  const real = rosterOf('Zoe', 'Max', 'Anna');
  const effective = (seats: number): readonly string[] =>
    usersOf(real).filter((user) => real.isAssigned('cad', 'generic', user, seats));
  assert.equal(effective(0), []);
  assert.equal(effective(2), ['Zoe', 'Max']);
  assert.equal(effective(9), ['Zoe', 'Max', 'Anna']);
  real.apply(real.recall('cad', 'generic', ['zoe']).writes);
  assert.equal(effective(2), ['Max', 'Anna'], 'one place further up');
  assert.equal(
    [...real.list('cad')].map(({ user, place }) => [user, place]),
    [
      ['Max', 1],
      ['Anna', 2],
    ],
  );
  assert.equal([...real.list('cam')], []);
});

roster('the agent keeps a bounded number of users', () => {
  const real = new Roster();
  const request = { product: 'cad', class: 'generic', seats: 1_000_000, since: NOW };
  const users = Array.from({ length: USERS_MAX }, (_, i) => `user ${i}`);
  assert.equal(real.assign({ ...request, users: [...users, 'one more'] }), {
    ok: false,
    error: { code: 'too-many-users', most: USERS_MAX },
  });
  real.apply(assign(real, users, USERS_MAX).writes);
  assert.not(real.assign({ ...request, product: 'cam', users: ['one more'] }).ok);
  real.apply(real.recall('cad', 'generic', ['user 7']).writes);
  assert.ok(real.assign({ ...request, product: 'cam', users: ['one more'] }).ok);
  assert.ok(real.isAssigned('cad', 'generic', 'User 8', 8));
  assert.not(real.isAssigned('cad', 'generic', 'User 8', 7));
});

roster('a damaged record is not taken up', () => {
  const [write] = assign(new Roster(), ['Anna'], 1).writes;
  assert.ok(write?.value);
  const real = new Roster();
  assert.not(real.restore(write.key, write.value.subarray(1)));
  assert.not(real.restore(`${USER_PREFIX}00`, write.value), 'a key that is not its own');
  assert.not(real.restore(write.key, pack([2, 'cad', 'generic', 'Anna', 0, [0, 0]])));
  assert.not(real.restore(write.key, pack([1, 'cad', 'generic', 'Anna', 0, [0, 0], 'more'])));
  assert.is(real.count('cad', 'generic'), 0);
  assert.ok(real.restore(write.key, write.value));
  assert.ok(real.restore(write.key, write.value), 'twice is once');
  assert.is(real.count('cad', 'generic'), 1);
});

roster('to apply what is no change of a roster is a bug', () => {
  const recall = rosterOf('Anna').recall('cad', 'generic', ['Anna']);
  assert.throws(() => new Roster().apply(recall.writes), /no change/);
  assert.throws(() => new Roster().apply([{ key: 'license/1', value: null }]), /no change/);
});

interface Step {
  readonly kind: 'assign' | 'recall' | 'restart';
  readonly class: string;
  readonly users: readonly string[];
  readonly seats: number;
  readonly commits: boolean;
}

const anyUser = fc.constantFrom(
  'Anna',
  'ANNA',
  'bert',
  'Bert',
  'a/b',
  'Zoë',
  'zoe\u0308',
  'd',
  'e',
);
const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('assign', 'assign', 'recall', 'recall', 'restart'),
  class: fc.constantFrom('developer', 'generic'),
  users: fc.array(anyUser, { maxLength: 4 }),
  seats: fc.nat(6),
  commits: fc.boolean(),
});

const fold = (user: string): string => user.normalize('NFC').toLowerCase();

/** The same as plain lists of folded names. */
type ListModel = Record<string, string[]>;

/** Commits a plan, or fails to although its writes are on the disk; returns what to apply. */
const commit = (
  store: StoreModel,
  plan: AssignPlan | RecallPlan,
  commits: boolean,
): readonly Write[] => {
  store.write(plan.writes);
  if (commits) return plan.writes;
  store.write(plan.onFailure);
  return [];
};

const play = (real: Roster, model: ListModel, store: StoreModel, step: Step): readonly Write[] => {
  const list = model[step.class] ?? [];
  const names = [...new Set(step.users.map(fold))];
  if (step.kind === 'recall') {
    const plan = real.recall('cad', step.class, step.users);
    assert.equal(
      plan.recalled.map(fold),
      names.filter((name) => list.includes(name)),
    );
    if (step.commits) model[step.class] = list.filter((name) => !names.includes(name));
    return commit(store, plan, step.commits);
  }
  const fresh = names.filter((name) => !list.includes(name));
  const plan = real.assign({ ...step, product: 'cad', since: NOW });
  assert.is(plan.ok, fresh.length === 0 || list.length + fresh.length <= step.seats);
  if (!plan.ok) return [];
  assert.equal(plan.value.assigned.map(fold), fresh);
  if (step.commits) model[step.class] = [...list, ...fresh];
  return commit(store, plan.value, step.commits);
};

roster('does what plain lists do, across restarts', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
      let real = new Roster();
      const store = new StoreModel();
      const model: ListModel = { developer: [], generic: [] };
      for (const step of steps) {
        if (step.kind === 'restart') {
          real = new Roster();
          for (const [key, value] of store.entries()) assert.ok(real.restore(key, value));
        } else {
          real.apply(play(real, model, store, step));
        }
        for (const [className, list] of Object.entries(model)) {
          assert.is(real.count('cad', className), list.length);
          const shown = [...real.list('cad')].filter((one) => one.class === className);
          assert.equal(
            shown.map(({ user }) => fold(user)),
            list,
          );
          for (const user of ['anna', 'BERT', 'D'])
            assert.is(
              real.isAssigned('cad', className, user, step.seats),
              list.slice(0, step.seats).includes(fold(user)),
            );
        }
      }
    }),
  );
});

roster.run();
