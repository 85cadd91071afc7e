import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UsherError } from '../../../agent/usher-error.ts';
import { parseMasterQuestion } from '../../../agent/vendor/master-question.ts';
import { epochSeconds } from '../../../protocol/units.ts';

const test = suite('questions to a master');
const ID = '0'.repeat(26);
const ROOT = new Uint8Array(32);
const NOW = epochSeconds(1_800_000_000);

const read = (value: unknown) => parseMasterQuestion(value, NOW, ROOT);
const faultOf = (value: unknown): string => {
  try {
    read(value);
    return '';
  } catch (error) {
    if (error instanceof UsherError && error.code === 'WRONG_USAGE') return error.message;
    throw error;
  }
};

test('the field that does not fit is named', () => {
  for (const [value, sentence] of [
    [null, /JSON object/],
    [[], /JSON object/],
    [{}, /no such question/],
    [{ kind: 'toString' }, /no such question/],
    [{ kind: 'license-show' }, /"license" is the number of a license/],
    [{ kind: 'license-show', license: '../x' }, /"license"/],
    [{ kind: 'license-standing', license: ID, state: 'gone' }, /"state" is one of active, sus/],
    [{ kind: 'customer-add', name: 'a\nb' }, /"name" is a line of text/],
    [{ kind: 'customer-add', name: 'x'.repeat(200) }, /"name" is a text of at most 128/],
    [{ kind: 'account-set', name: 'a', role: 'staff', password: 'short' }, /"password"/],
    [{ kind: 'audit', most: 1001 }, /"most" is a whole number up to 1000/],
    [{ kind: 'license-extend', license: ID, expires: 'soon' }, /a day like 2027-03-31/],
    [{ kind: 'license-issue', customer: 'c' }, /JSON object/],
    [{ kind: 'license-issue', customer: 'c', order: { seats: '3' } }, /--product is needed/],
    [{ kind: 'license-seats', license: ID, seats: 'many' }, /--seats is a whole number/],
  ] as const) {
    assert.match(faultOf(value), sentence);
  }
});

test('an order is read as that of the command line', () => {
  const order = { product: 'acme-cad', seats: '3', expires: '2090-01-31', refresh: '30:5' };
  const question = read({ kind: 'license-issue', customer: 'Example Ltd', policy: 'ask', order });
  assert.is(question.kind, 'operation');
  if (question.kind !== 'operation' || question.operation.kind !== 'license-issue') return;
  const { terms, policy } = question.operation;
  assert.is(policy, 'ask');
  assert.is(terms.pools[0]?.seats, 3);
  assert.is(terms.activation?.refresh?.grace, 5 * 86_400);
  assert.is(terms.customer, 'Example Ltd');
});

test('whatever comes in is read or refused, and never throws anything else', () => {
  const kinds = [
    'audit',
    'account-set',
    'license-issue',
    'license-list',
    'upload',
    'request-decide',
  ];
  const anyQuestion = fc
    .record({ kind: fc.constantFrom(...kinds), order: fc.object() })
    .chain((base) => fc.object().map((more) => ({ ...more, ...base })));
  fc.assert(fc.property(anyQuestion, (value) => void faultOf(value)));
});

test('a page of a list is from a row on, and of at most so many', () => {
  const pageOf = (more: object): unknown => {
    const question = read({ kind: 'customer-list', ...more });
    return question.kind === 'operation' && 'page' in question.operation
      ? question.operation.page
      : undefined;
  };
  assert.is(pageOf({}), undefined);
  assert.equal(pageOf({ from: 50, most: 50 }), { from: 50, most: 50 });
  assert.equal(pageOf({ from: 50 }), { from: 50, most: 5000 });
  for (const wrong of [{ from: -1 }, { most: 5001 }, { from: 1.5 }, { most: '9' }]) {
    assert.match(faultOf({ kind: 'customer-list', ...wrong }), /whole number/);
  }
});

test.run();
