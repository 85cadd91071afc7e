import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UsherError } from '../../../agent/usher-error.ts';
import { type LicenseOrder, licenseFromOrder } from '../../../agent/vendor/license-order.ts';
import { epochSeconds } from '../../../protocol/units.ts';

const NOW = epochSeconds(Date.UTC(2027, 0, 15, 12) / 1000);
const day = (year: number, month: number, date: number): number =>
  Date.UTC(year, month - 1, date) / 1000;

const order: LicenseOrder = {
  product: 'acme-cad',
  customer: 'Bauhaus Ltd',
  seats: '3',
  classes: [],
  features: [],
  starts: undefined,
  expires: undefined,
  term: undefined,
  needsActivation: true,
  hosts: { virtual: 'refuse', container: 'refuse', unknown: 'refuse' },
};

const refusal = (some: Partial<LicenseOrder>): string => {
  try {
    licenseFromOrder({ ...order, ...some }, NOW);
  } catch (error) {
    assert.instance(error, UsherError);
    assert.is((error as UsherError).code, 'WRONG_USAGE');
    return (error as UsherError).message;
  }
  throw new Error('it was taken');
};

test('the least that is said makes a license that starts now and does not end', () => {
  assert.equal(licenseFromOrder(order, NOW), {
    product: 'acme-cad',
    customer: 'Bauhaus Ltd',
    issued: NOW,
    starts: NOW,
    expires: null,
    term: 600,
    pools: [{ class: 'generic', seats: 3 }],
    features: [],
    activation: 'required',
    hosts: order.hosts,
  });
});

test('the last day belongs to the license', () => {
  const license = licenseFromOrder({ ...order, starts: '2027-02-01', expires: '2027-02-01' }, NOW);
  assert.is(license.starts, day(2027, 2, 1));
  assert.is(license.expires, day(2027, 2, 2));
  assert.is(licenseFromOrder({ ...order, expires: '2027-01-15' }, NOW).expires, day(2027, 1, 16));
});

test('classes come first, generic seats beside them', () => {
  const { pools } = licenseFromOrder({ ...order, classes: ['a=1', 'b c=2'] }, NOW);
  assert.equal(pools, [
    { class: 'a', seats: 1 },
    { class: 'b c', seats: 2 },
    { class: 'generic', seats: 3 },
  ]);
});

test('what does not fit is refused with the flag it stands in', () => {
  assert.is(refusal({ product: '' }), '--product is needed.');
  assert.is(refusal({ customer: undefined }), '--customer is needed.');
  assert.match(refusal({ product: 'x'.repeat(65) }), '--product has at most 64 characters');
  assert.match(refusal({ product: 'a\nb' }), '--product');
  assert.match(refusal({ seats: undefined }), '--seats N or --class NAME=N is needed.');
  for (const seats of ['0', '-1', '1.5', '1e3', '1000001', '']) {
    assert.match(refusal({ seats }), '--seats is a whole number from 1 to 1000000');
  }
  assert.match(refusal({ classes: ['=3'] }), '--class is NAME=N');
  assert.match(refusal({ classes: ['a=x'] }), '--class a is a whole number');
  assert.match(refusal({ classes: ['a=1', 'a=2'] }), 'Each class is named once');
  assert.match(refusal({ classes: ['generic=1'] }), '--seats is the class generic');
  assert.match(refusal({ term: '9' }), '--term is a whole number from 10 to 86400');
  for (const expires of ['2027-02-30', '2027-2-3', 'soon', '0000-00-00', '9999-12-31']) {
    assert.match(refusal({ expires }), '--expires is a day like 2027-03-31');
  }
  assert.match(refusal({ expires: '2027-01-14' }), '--expires is a day after the license starts');
  assert.match(
    refusal({ starts: '2027-03-02', expires: '2027-03-01' }),
    '--expires is a day after the license starts',
  );
  assert.match(refusal({ features: Array.from({ length: 65 }, () => 'x') }), 'at most 64 features');
  assert.match(refusal({ features: [''] }), '--feature is needed.');
});

test.run();
