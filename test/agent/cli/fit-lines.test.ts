import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS } from '../../../agent/cli/commands.ts';
import { fitLines } from '../../../agent/cli/fit-lines.ts';
import { renderHelp, renderOverview } from '../../../agent/cli/help.ts';

test('a long line is broken between words, under its last column', () => {
  const line = '  --hours N  for so long, up to a week or until the agent is started again';
  assert.equal(fitLines(line, 40).split('\n'), [
    '  --hours N  for so long, up to a week',
    '             or until the agent is',
    '             started again',
  ]);
});

test('what fits, what has colours, and what nobody sees stays as it is', () => {
  for (const [text, width] of [
    ['a b\nc', 80],
    [`\x1b[1m${'word '.repeat(40)}`, 80],
    ['word '.repeat(40), Number.POSITIVE_INFINITY],
    ['x'.repeat(200), 80],
  ] as const) {
    assert.is(fitLines(text, width), text);
  }
});

test('no word is lost, and no line is wider than it has to be', () => {
  const word = fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom('a', 'b', '-') });
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 40 }),
      fc.integer({ min: 40, max: 120 }),
      (all, width) => {
        const text = `key  ${all.join(' ')}`;
        const fitted = fitLines(text, width);
        assert.equal(fitted.split(/\s+/), text.split(/\s+/));
        for (const line of fitted.split('\n')) assert.ok(line.trimEnd().length <= width, line);
      },
    ),
  );
});

test('every help text fits into 80 columns', () => {
  const texts = [renderOverview(COMMANDS, '1.2.3'), ...COMMANDS.map(renderHelp)];
  for (const text of texts) {
    for (const line of fitLines(text, 80).split('\n')) assert.ok(line.length <= 80, line);
  }
});

test.run();
