import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { columnsOf, rowsOf } from '../../../agent/edges/standard-output.ts';

test('a terminal has its size, a serial line the usual one without a width, and a file none', () => {
  const sizeOf = (output: Parameters<typeof columnsOf>[0]) => [columnsOf(output), rowsOf(output)];
  assert.equal(sizeOf({ columns: 132, rows: 50 }), [132, 50]);
  assert.equal(sizeOf({ columns: 0, rows: 0 }), [Number.POSITIVE_INFINITY, 24]);
  assert.equal(sizeOf({}), [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test.run();
