import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Command } from '../../../agent/cli/command.ts';
import { findCommand, parseArguments } from '../../../agent/cli/parse-command.ts';
import { UsherError } from '../../../agent/usher-error.ts';

const command = (some: Partial<Command>): Command => ({
  name: 'thing',
  summary: 'Do a thing',
  positionals: [],
  flags: {
    json: { kind: 'switch', summary: '' },
    out: { kind: 'text', summary: '' },
    class: { kind: 'list', summary: '' },
  },
  settings: ['port'],
  run: async () => 0,
  ...some,
});

const refusal = (some: Partial<Command>, ...words: readonly string[]): string => {
  try {
    parseArguments(command(some), words);
  } catch (error) {
    assert.instance(error, UsherError);
    assert.is((error as UsherError).code, 'WRONG_USAGE');
    return (error as UsherError).message;
  }
  throw new Error('it was taken');
};

test('two words are looked up before one', () => {
  const commands = [command({ name: 'seat' }), command({ name: 'seat list' })];
  assert.is(findCommand(commands, ['seat', 'list', 'x'])?.command.name, 'seat list');
  assert.equal(findCommand(commands, ['seat', 'list', 'x'])?.words, ['x']);
  assert.is(findCommand(commands, ['seat', '--json'])?.command.name, 'seat');
  assert.is(findCommand(commands, ['table']), undefined);
  assert.is(findCommand(commands, []), undefined);
});

test('texts, lists, switches and settings are read', () => {
  const words = ['--out', 'a', '--class=b', '--class', 'c', '--json', '--port', '1'];
  const args = parseArguments(command({}), words);
  assert.is(args.text('out'), 'a');
  assert.equal(args.list('class'), ['b', 'c']);
  assert.ok(args.has('json'));
  assert.is(args.text('port'), '1');
  const none = parseArguments(command({}), []);
  assert.is(none.text('out'), undefined);
  assert.equal(none.list('class'), []);
  assert.not(none.has('json'));
});

test('what stands behind -- is left as it is', () => {
  const args = parseArguments(command({ rest: 'COMMAND…' }), ['--json', '--', 'ls', '--', '--out']);
  assert.equal(args.rest, ['ls', '--', '--out']);
  assert.is(args.text('out'), undefined);
});

test('a positional may repeat, at least once or not at all', () => {
  const some = { name: 'ID', summary: '', times: 'some' } as const;
  const any = { name: 'ID', summary: '', times: 'any' } as const;
  assert.equal(parseArguments(command({ positionals: [some] }), ['a', 'b']).positionals, [
    'a',
    'b',
  ]);
  assert.equal(parseArguments(command({ positionals: [any] }), []).positionals, []);
  assert.is(refusal({ positionals: [some] }), 'It takes ID….');
  assert.is(refusal({ positionals: [any], rest: 'X' }), 'It takes [ID…] -- X.');
});

test('help is given whatever else is missing, in both spellings', () => {
  const id = { name: 'ID', summary: '' };
  for (const word of ['--help', '-h']) {
    assert.ok(parseArguments(command({ positionals: [id], rest: 'X' }), [word]).has('help'));
  }
});

test('each refusal is one sentence', () => {
  const id = { name: 'ID', summary: '' };
  assert.is(refusal({}, 'word'), 'It takes flags only.');
  assert.is(refusal({ positionals: [id] }), 'It takes ID.');
  assert.is(refusal({ positionals: [id] }, 'a', 'b'), 'It takes ID.');
  assert.is(refusal({ rest: 'COMMAND…' }), 'It takes -- COMMAND….');
  assert.is(refusal({ rest: 'COMMAND…' }, 'ls'), 'It takes -- COMMAND….');
  assert.is(refusal({}, '--', 'x'), 'It takes flags only.');
  assert.is(refusal({}, '--bogus'), "Unknown option '--bogus'.");
  assert.is(refusal({}, '--json=1'), "Option '--json' does not take an argument.");
  assert.is(refusal({}, '--out'), '--out needs a value.');
  const dash = '--out needs a value: one that begins with a dash is written --out=VALUE.';
  assert.is(refusal({}, '--out', '--json'), dash);
});

test('what is optional may be left out, and nothing may be too much', () => {
  const positionals = [{ name: 'FILE', summary: '', times: 'optional' } as const];
  assert.equal(parseArguments(command({ positionals }), []).positionals, []);
  assert.equal(parseArguments(command({ positionals }), ['a']).positionals, ['a']);
  assert.is(refusal({ positionals }, 'a', 'b'), 'It takes [FILE].');
});

test.run();
