import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  renderColumns,
  renderDay,
  renderFitting,
  renderTable,
  renderTime,
} from '../../../agent/cli/columns.ts';

test('columns are as wide as their widest cell, and nothing trails', () => {
  assert.is(
    renderColumns([
      ['a', 'bbb', 'c'],
      ['aaaa', 'b', ''],
    ]),
    'a     bbb  c\naaaa  b',
  );
  assert.is(renderColumns([]), '');
});

test('a table has headings, or says that it is empty', () => {
  assert.is(renderTable(['id', 'name'], [['1', 'x']], 'None.'), 'ID  NAME\n1   x\n');
  assert.is(renderTable(['id'], [], 'None.'), 'None.\n');
});

const COLUMNS = [
  { heading: 'who', cell: ({ who }: Row) => who },
  { heading: 'where', cell: ({ where }: Row) => where, dispensable: 2 },
  { heading: 'what', cell: ({ what }: Row) => what, dispensable: 1 },
];

interface Row {
  readonly who: string;
  readonly where: string;
  readonly what: string;
}

test('a table leaves out what does not fit, the least needed first, never all', () => {
  const rows = [{ who: 'ann', where: 'desk', what: 'acad' }];
  const heads = (width: number) => renderFitting(COLUMNS, rows, width, '').split('\n')[0];
  assert.is(heads(16), 'WHO  WHERE  WHAT');
  assert.is(heads(15), 'WHO  WHERE');
  assert.is(heads(9), 'WHO');
  assert.is(heads(1), 'WHO');
  assert.is(renderFitting(COLUMNS, [], 1, 'Nobody.'), 'Nobody.\n');
});

test('a day is one of UTC, a time one of the reader’s zone', () => {
  assert.is(renderDay(0), '1970-01-01');
  assert.is(renderDay(86_399), '1970-01-01');
  assert.is(renderDay(86_400), '1970-01-02');
  const noon = new Date(2027, 2, 4, 5, 6, 7).getTime() / 1000;
  assert.is(renderTime(noon), '2027-03-04 05:06:07');
});

test.run();
