import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { editRules, type RulesChange } from '../../../../agent/core/rules/edit-rules.ts';
import { parseRules } from '../../../../agent/core/rules/parse-rules.ts';
import { RULES_HELP } from '../../../../agent/core/rules/rules-help.ts';

const edit = suite('edit rules');

const TEXT = `# Seats of the lab.

group lab = user ann   # and others later
limit 3 cad for group lab # together
priority 1 cad for everyone`;

/** The text after it, or the faults. */
const edited = (text: string, change: RulesChange): string => {
  const result = editRules(text, change);
  return result.ok
    ? result.value
    : result.error.map(({ line, sentence }) => `${line}: ${sentence}`).join('\n');
};

edit('a rule is put at the end, on a line of its own', () => {
  assert.is(
    edited(TEXT, { kind: 'add', line: '  limit 1 cad for each user  # new ' }),
    `${TEXT}\nlimit 1 cad for each user  # new\n`,
  );
  assert.is(
    edited(`${TEXT}\n`, { kind: 'add', line: 'limit 1 cad for each user' }),
    `${TEXT}\nlimit 1 cad for each user\n`,
  );
  assert.is(
    edited('', { kind: 'add', line: 'limit 1 a for each user' }),
    'limit 1 a for each user\n',
  );
});

edit('a rule is put before another, where the first that fits decides', () => {
  const before = (number: number): RulesChange => ({
    kind: 'add',
    line: 'priority 9 cad for user ann',
    before: number,
  });
  const [head, tail] = TEXT.split('priority');
  assert.is(edited(TEXT, before(5)), `${head}priority 9 cad for user ann\npriority${tail}\n`);
  assert.is(edited(TEXT, before(1)), `priority 9 cad for user ann\n${TEXT}\n`);
  assert.is(edited(TEXT, before(6)), `${TEXT}\npriority 9 cad for user ann\n`);
  assert.is(edited(TEXT, before(7)), '7: There is no line 7: the rules have 5 lines.');
  assert.is(edited(TEXT, before(0)), '0: There is no line 0: the rules have 5 lines.');
  assert.match(edited(TEXT, before(1.5)), /There is no line 1.5/);
});

edit('line ends and a byte-order mark stay', () => {
  const windows = '\ufeff# x\r\nlimit 3 cad for user a';
  const added = edited(windows, { kind: 'add', line: 'limit 1 cad for each user' });
  assert.is(added, `${windows}\r\nlimit 1 cad for each user\r\n`);
  assert.is(
    edited(windows, { kind: 'add', line: 'limit 1 cad for each user', before: 1 }),
    '\ufefflimit 1 cad for each user\r\n# x\r\nlimit 3 cad for user a\r\n',
  );
  assert.is(
    edited(added, { kind: 'remove', line: 2 }),
    '\ufeff# x\r\nlimit 1 cad for each user\r\n',
  );
});

edit('what is no single new rule is refused with a sentence', () => {
  const add = (line: string): string => edited(TEXT, { kind: 'add', line });
  assert.is(add('a\nb'), '6: Add one rule at a time, on one line.');
  assert.is(add(' # only a comment'), '6: There is no rule in it: nothing is added.');
  assert.match(add('limt 1 cad for each user'), /^6: .*Did you mean "limit"\?$/);
  assert.is(
    add('limit 7  cad for GROUP lab'),
    '6: Line 4 is a rule "limit" on the same seats for the same already: keep one of the two.',
  );
  assert.match(
    add('limit 7 cad for group lap'),
    /^6: There is no group lap.*Did you mean "lab"\?$/,
  );
  const faults = edited(TEXT, { kind: 'add', line: 'priority 2 cad for everyone', before: 1 });
  assert.match(faults, /^1: Line 5 is a rule "priority"/, 'by the numbers of the text as it was');
  assert.match(
    edited('foo\n', { kind: 'add', line: 'limit 1 a for each user' }),
    /^1: Here should be/,
  );
});

edit('a rule is taken out by its number or its text, with its comment', () => {
  const [head] = TEXT.split('limit');
  const left = `${head}priority 1 cad for everyone`;
  assert.is(edited(TEXT, { kind: 'remove', line: 4 }), left);
  assert.is(edited(TEXT, { kind: 'remove', line: ' limit 3 cad for group lab ' }), left);
  assert.is(edited(TEXT, { kind: 'remove', line: 'limit 3 cad for group lab # together' }), left);
  assert.is(edited('limit 1 a for each user', { kind: 'remove', line: 1 }), '');
  assert.is(edited('foo "\n', { kind: 'remove', line: 'foo "' }), '', 'even one that is broken');
});

edit('what is not there, or in use, is not taken out', () => {
  const remove = (line: number | string): string => edited(TEXT, { kind: 'remove', line });
  for (const line of [0, 1, 2, 6, -1, 1.5]) {
    assert.is(remove(line), `${line}: Line ${line} holds no rule: nothing is taken out.`);
  }
  assert.is(
    remove('limit 4 cad for group lab'),
    '0: No rule is written so: nothing is taken out. Did you mean "limit 3 cad for group lab"?',
  );
  assert.is(remove(''), '0: No rule is written so: nothing is taken out.');
  assert.is(remove('# Seats of the lab.'), '0: No rule is written so: nothing is taken out.');
  assert.is(remove(3), '4: There is no group lab: make it by "group lab = …".');
});

edit('what comes out always parses, and taking out undoes adding', () => {
  const lines = [
    'limit 1 a for each user',
    'group lab = user x',
    'foo',
    '',
    'reserve 1 b for host y',
  ];
  const texts = fc.constantFrom('', '\n\n', '# x', 'group m = user a\n', RULES_HELP, 'foo\n');
  fc.assert(
    fc.property(
      texts,
      fc.constantFrom(...lines),
      fc.integer({ min: -1, max: 60 }),
      (text, line, n) => {
        const added = editRules(text, { kind: 'add', line, before: n });
        const removed = editRules(text, { kind: 'remove', line: n });
        for (const one of [added, removed]) if (one.ok) assert.ok(parseRules(one.value).ok);
        if (!added.ok) return;
        const undone = editRules(added.value, { kind: 'remove', line: n });
        assert.ok(undone.ok && undone.value.trimEnd() === text.trimEnd());
      },
    ),
    { numRuns: 500 },
  );
});

edit.run();
