import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRules } from '../../../../agent/core/rules/parse-rules.ts';
import { RULES_HELP } from '../../../../agent/core/rules/rules-help.ts';
import { rulesOf } from './rules-rig.ts';

const parse = suite('parse rules');

/** What was read of one line. */
const read = (...lines: readonly string[]): unknown => {
  const rule = rulesOf(...lines).all.at(-1);
  if (rule === undefined) return undefined;
  const { line: _, ...rest } = rule;
  return rest;
};

const name = (text: string, isGlob = false) => ({ text, folded: text.toLowerCase(), isGlob });
const user = (text: string) => ({ kind: 'user', name: name(text) });
const scope = (product: string | null, className: string | null = null) => ({
  product,
  class: className,
});
const EVERYONE = { kind: 'everyone' };

parse('a group of every kind of member', () => {
  assert.equal(
    read(
      'group b = user x',
      'group A = user Bob, host ws-*,application "My App" , address 10.0.0.1 , group B',
    ),
    {
      kind: 'group',
      name: name('A'),
      members: [
        user('Bob'),
        { kind: 'host', name: name('ws-*', true) },
        { kind: 'application', name: name('My App') },
        {
          kind: 'address',
          range: { first: [0x0a000001], last: [0x0a000001], text: '10.0.0.1' },
        },
        { kind: 'group', name: name('B') },
      ],
    },
  );
});

parse('a reservation, of a product or of a class', () => {
  const rule = { kind: 'reserve', seats: 2, who: user('alice') };
  assert.equal(read('reserve 2 cad for user alice'), { ...rule, scope: scope('cad') });
  assert.equal(read('reserve 2 cad/dev for user alice'), { ...rule, scope: scope('cad', 'dev') });
  assert.equal(read('reserve 2 "CAD / x"/dev for user alice'), {
    ...rule,
    scope: scope('CAD / x', 'dev'),
  });
  assert.equal(read('reserve 2 cad/a/b for user alice'), { ...rule, scope: scope('cad', 'a/b') });
  assert.equal(read('RESERVE 2 cad For everyone'), { ...rule, scope: scope('cad'), who: EVERYONE });
});

parse('an exclusion, from a product or from everything', () => {
  const rule = { kind: 'exclude', who: user('alice') };
  assert.equal(read('exclude user alice from cad'), { ...rule, scope: scope('cad') });
  assert.equal(read('exclude user alice from everything'), { ...rule, scope: scope(null) });
  assert.equal(read('exclude user alice from *'), { ...rule, scope: scope(null) });
  assert.equal(read('exclude user alice from "everything"'), {
    ...rule,
    scope: scope('everything'),
  });
});

parse('a limit, together or each', () => {
  const rule = { kind: 'limit', most: 3, scope: scope('cad'), who: EVERYONE, each: undefined };
  assert.equal(read('limit 3 cad for everyone'), rule);
  assert.equal(read('limit 3 cad for each user'), { ...rule, each: 'user' });
  assert.equal(read('limit 3 cad for each host'), { ...rule, each: 'host' });
  assert.equal(read('group lab = user a', 'limit 3 cad for each user in group lab'), {
    ...rule,
    each: 'user',
    who: { kind: 'group', name: name('lab') },
  });
});

parse('borrowing: who, how long, how many, or nobody', () => {
  const rule = {
    kind: 'borrow',
    scope: scope('cad'),
    who: EVERYONE,
    longest: undefined,
    seats: undefined,
  };
  assert.equal(read('borrow cad for everyone'), rule);
  assert.equal(read('borrow cad for everyone up to 7 days'), { ...rule, longest: 604_800 });
  assert.equal(read('borrow cad for everyone, at most 1 seat'), { ...rule, seats: 1 });
  assert.equal(read('borrow cad for everyone at most 2 seats'), { ...rule, seats: 2 });
  assert.equal(read('borrow cad for everyone up to 1 hour, at most 3 seats'), {
    ...rule,
    longest: 3600,
    seats: 3,
  });
  assert.equal(read('borrow cad for everyone up to 1 hour at most 3 seats'), {
    ...rule,
    longest: 3600,
    seats: 3,
  });
  assert.equal(read('borrow cad for nobody'), { ...rule, who: { kind: 'nobody' } });
});

parse('an idle time in every unit, or never', () => {
  const rule = { kind: 'idle', scope: scope('cad'), who: EVERYONE };
  const lengths = [
    ['1 second', 1],
    ['90 seconds', 90],
    ['1 minute', 60],
    ['30 Minutes', 1800],
    ['2 hours', 7200],
    ['3650 days', 315_360_000],
    ['never', undefined],
  ] as const;
  for (const [text, longest] of lengths) {
    assert.equal(read(`idle ${text} cad for everyone`), { ...rule, longest }, text);
  }
});

parse('a priority', () => {
  const rule = { kind: 'priority', scope: scope('cad'), who: user('boss') };
  for (const [text, priority] of [
    ['10', 10],
    ['-100', -100],
    ['+100', 100],
    ['0', 0],
  ] as const) {
    assert.equal(read(`priority ${text} cad for user boss`), { ...rule, priority });
  }
});

parse('comments, blank lines, tabs and the line ends of every system', () => {
  const rules = rulesOf('\ufeff# first\r', '\r', '\treserve 1 cad\tfor user c#  # why\r', '', '#');
  assert.is(rules.all.length, 1);
  assert.equal(rules.all[0]?.line, { number: 3, text: 'reserve 1 cad\tfor user c#' });
  assert.ok(rulesOf('# nothing').isEmpty);
  assert.not.ok(rules.isEmpty);
});

parse('a group may be used before its line', () => {
  assert.is(rulesOf('limit 1 cad for group lab', 'group LAB = user a').all.length, 2);
});

parse('the example file has every form and parses', () => {
  const kinds = new Set(rulesOf(RULES_HELP).all.map(({ kind }) => kind));
  assert.is(kinds.size, 7);
});

parse('any text gives rules or faults, and never throws', () => {
  const word = fc.constantFrom(
    ...[
      'group',
      'reserve',
      'exclude',
      'limit',
      'borrow',
      'idle',
      'priority',
      'for',
      'from',
      'user',
    ],
    ...['host', 'each', 'in', 'up', 'to', 'at', 'most', 'seats', '1', '7', 'days', 'a', 'b/c', '='],
    ...[',', '"', '#', '*', 'everyone', 'nobody', 'never', 'everything', 'address', '::1/8', '\n'],
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 60 }).map((words) => words.join(' ')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
  fc.assert(
    fc.property(text, (written) => {
      const result = parseRules(written);
      if (result.ok) return;
      assert.ok(result.error.length > 0);
      for (const { line, sentence } of result.error) {
        assert.ok(line >= 1 && line <= written.split('\n').length);
        assert.match(sentence, /[.?]$/);
      }
    }),
    { numRuns: 1_000 },
  );
});

parse.run();
