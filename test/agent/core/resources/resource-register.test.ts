import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  RESOURCE_LICENSES_MAX,
  RESOURCE_PREFIX,
  RESOURCES_MAX,
  type ResourceChange,
  type ResourceFault,
  ResourceRegister,
} from '../../../../agent/core/resources/resource-register.ts';
import type { Write } from '../../../../agent/core/write.ts';
import { type LicenseId, licenseId } from '../../../../protocol/ids.ts';
import { pack } from '../../../../protocol/msgpack.ts';
import type { Result } from '../../../../protocol/result.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { StoreModel } from '../store-model.ts';

const register = suite('resource register');

const NOW = epochSeconds(1_800_000_000);

const license = (number: number): LicenseId => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(0, number);
  return licenseId(bytes);
};

const planned = (result: Result<ResourceChange, ResourceFault>): ResourceChange => {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
};

const fault = (result: Result<ResourceChange, ResourceFault>): ResourceFault | undefined =>
  result.ok ? undefined : result.error;

const registerOf = (...names: readonly string[]): ResourceRegister => {
  const real = new ResourceRegister();
  real.apply(planned(real.add(names, null, NOW)).writes);
  return real;
};

register('a plan is not true before it is applied', () => {
  const real = new ResourceRegister();
  const added = planned(real.add(['Orders', 'billing'], 'Acme', NOW));
  assert.equal(real.list(), []);
  real.apply(added.writes);
  assert.equal(real.list(), [
    { name: 'billing', customer: 'Acme', added: NOW, licenses: [] },
    { name: 'Orders', customer: 'Acme', added: NOW, licenses: [] },
  ]);
  const activated = planned(real.activate('ORDERS', license(1), null));
  assert.is(real.resourceOf(license(1)), undefined);
  real.apply(activated.writes);
  assert.is(real.resourceOf(license(1))?.name, 'Orders');
  const removed = planned(real.remove('orders'));
  assert.is(real.get('Orders')?.licenses.length, 1);
  real.apply(removed.writes);
  assert.is(real.get('Orders'), undefined);
  assert.is(real.resourceOf(license(1)), undefined);
});

register('all are added or none, each name once', () => {
  const real = registerOf('Orders');
  const duplicate = { code: 'duplicate', name: 'ORDERS' };
  assert.equal(fault(real.add(['billing', 'ORDERS'], null, NOW)), duplicate);
  assert.equal(fault(real.add(['billing', 'Billing'], null, NOW)), {
    code: 'duplicate',
    name: 'Billing',
  });
  assert.is(real.list().length, 1);
});

register('a license is activated for one resource, a resource has several licenses', () => {
  const real = registerOf('Orders', 'billing');
  real.apply(planned(real.activate('orders', license(1), null)).writes);
  real.apply(planned(real.activate('orders', license(2), null)).writes);
  assert.equal(real.get('orders')?.licenses, [license(1), license(2)]);
  const taken = { code: 'license-taken', by: 'Orders' };
  assert.equal(fault(real.activate('billing', license(2), null)), taken);
  const again = planned(real.activate('orders', license(2), null));
  assert.equal(again.writes, [], 'it is so already');
  assert.equal(again.resources, [real.get('orders')]);
  const named = planned(real.activate('orders', license(2), 'Acme'));
  real.apply(named.writes);
  assert.is(real.get('orders')?.customer, 'Acme');
  real.apply(planned(real.activate('orders', license(3), null)).writes);
  assert.is(real.get('orders')?.customer, 'Acme', 'null leaves it');
});

register('a license that is freed can be activated elsewhere', () => {
  const real = registerOf('Orders', 'billing');
  real.apply(planned(real.activate('billing', license(1), null)).writes);
  real.apply(planned(real.remove('billing')).writes);
  assert.is(real.resourceOf(license(1)), undefined);
  assert.ok(real.activate('orders', license(1), null).ok);
});

register('what is not here cannot be activated or removed', () => {
  const real = registerOf('Orders');
  const unknown = { code: 'unknown', name: 'billing' };
  assert.equal(fault(real.activate('billing', license(1), null)), unknown);
  assert.equal(fault(real.remove('billing')), unknown);
});

register('keeps a bounded number of resources, and of licenses of each', () => {
  const names = Array.from({ length: RESOURCES_MAX }, (_, i) => `project ${i}`);
  const real = registerOf(...names);
  const full = { code: 'full', most: RESOURCES_MAX };
  assert.equal(fault(real.add(['one more'], null, NOW)), full);
  for (let i = 0; i < RESOURCE_LICENSES_MAX; i++)
    real.apply(planned(real.activate('project 7', license(i), null)).writes);
  assert.equal(fault(real.activate('project 7', license(RESOURCE_LICENSES_MAX), null)), {
    code: 'full',
    most: RESOURCE_LICENSES_MAX,
  });
  assert.ok(real.activate('project 7', license(0), null).ok);
  real.apply(planned(real.remove('project 8')).writes);
  assert.ok(real.add(['one more'], null, NOW).ok);
});

register('a damaged record is not taken up', () => {
  const real = registerOf('Orders');
  const key = `${RESOURCE_PREFIX}6f7264657273`;
  const good = [1, 'Orders', 'Acme', NOW, [license(1)]] as const;
  const damaged = [
    good.slice(0, 4),
    [...good, 0],
    [2, ...good.slice(1)],
    [1, 'Order', ...good.slice(2)],
    [...good.slice(0, 4), [license(1), license(1)]],
  ];
  for (const value of damaged) assert.not(real.restore(key, pack(value)), JSON.stringify(value));
  assert.is(real.get('orders')?.customer, null, 'as it was');
  assert.ok(real.restore(key, pack(good)));
  const other = pack([1, 'b', null, NOW, [license(1)]]);
  assert.not(real.restore(`${RESOURCE_PREFIX}62`, other), 'two with one license');
  assert.is(real.resourceOf(license(1))?.name, 'Orders');
});

register('to apply what is no change of a register is a bug', () => {
  const { writes } = planned(registerOf('Orders').remove('Orders'));
  assert.throws(() => new ResourceRegister().apply(writes), /no change/);
});

interface Step {
  readonly kind: 'add' | 'activate' | 'remove' | 'restart';
  readonly name: string;
  readonly license: number;
  readonly commits: boolean;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('add', 'add', 'activate', 'activate', 'remove', 'restart'),
  name: fc.constantFrom('orders', 'ORDERS', 'billing', 'a/b', 'c'),
  license: fc.nat(3),
  commits: fc.boolean(),
});

/** Which licenses each resource has, by its name in small letters. */
type TableModel = Map<string, readonly LicenseId[]>;

const holderIn = (model: TableModel, id: LicenseId): string | undefined =>
  [...model].find(([, licenses]) => licenses.includes(id))?.[0];

/** What the model expects: the code of a fault, or the licenses that the resource has then. */
const expected = (model: TableModel, step: Step): string | readonly LicenseId[] | undefined => {
  const name = step.name.toLowerCase();
  const id = license(step.license);
  const holder = holderIn(model, id);
  const licenses = model.get(name);
  if (step.kind === 'add') return licenses === undefined ? [] : 'duplicate';
  if (licenses === undefined) return 'unknown';
  if (step.kind === 'remove') return licenses;
  if (holder === name) return licenses;
  return holder === undefined ? [...licenses, id] : 'license-taken';
};

const planStep = (
  real: ResourceRegister,
  { kind, name, license: number }: Step,
): Result<ResourceChange, ResourceFault> => {
  if (kind === 'add') return real.add([name], null, NOW);
  return kind === 'activate' ? real.activate(name, license(number), null) : real.remove(name);
};

const play = (
  real: ResourceRegister,
  model: TableModel,
  store: StoreModel,
  step: Step,
): readonly Write[] => {
  const wanted = expected(model, step);
  const plan = planStep(real, step);
  if (!plan.ok) {
    assert.is(plan.error.code, wanted);
    return [];
  }
  const [resource] = plan.value.resources;
  assert.equal(resource?.licenses, wanted);
  store.write(plan.value.writes);
  if (!step.commits) {
    store.write(plan.value.onFailure);
    return [];
  }
  const name = resource?.name.toLowerCase() ?? '';
  if (step.kind === 'remove') model.delete(name);
  else model.set(name, resource?.licenses ?? []);
  return plan.value.writes;
};

register('does what a plain table does, across restarts', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
      let real = new ResourceRegister();
      const store = new StoreModel();
      const model: TableModel = new Map();
      for (const step of steps) {
        if (step.kind === 'restart') {
          real = new ResourceRegister();
          for (const [key, value] of store.entries()) assert.ok(real.restore(key, value));
        } else {
          real.apply(play(real, model, store, step));
        }
        const shown = real.list().map(({ name, licenses }) => [name.toLowerCase(), licenses]);
        assert.equal(shown, [...model].sort());
        for (let number = 0; number < 4; number++) {
          const holder = real.resourceOf(license(number))?.name.toLowerCase();
          assert.is(holder, holderIn(model, license(number)));
        }
      }
    }),
  );
});

register.run();
