import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  forPhysical,
  forTampering,
  forVirtual,
  VALUE_MAX,
  WEIGHTS,
} from '../../../../agent/core/host/evidence.ts';

const found = (value: string) => ({ id: 'x', family: 'cpu', value }) as const;

test('weights follow strength and side', () => {
  assert.is(forVirtual('strong', found('a')).weight, WEIGHTS.strong);
  assert.is(forVirtual('weak', found('a')).weight, WEIGHTS.weak);
  assert.is(forPhysical('medium', found('a')).weight, -WEIGHTS.medium);
  assert.is(forTampering(found('a')).weight, WEIGHTS.medium);
});

test('three medium findings reach what one strong one does', () => {
  assert.ok(3 * WEIGHTS.medium >= WEIGHTS.strong);
  assert.ok(2 * WEIGHTS.medium < WEIGHTS.strong);
});

test('a value is one printable line of bounded length', () => {
  assert.is(forVirtual('weak', found(' a\u001b[31m\n\0b\tc ')).value, 'a [31m b c');
  assert.is(forVirtual('weak', found('x'.repeat(500))).value.length, VALUE_MAX);
});

test.run();
