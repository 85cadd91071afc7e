import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseNames } from '../../../agent/cli/name-list.ts';
import { UsherError } from '../../../agent/usher-error.ts';

const USERS = { noun: 'user', longest: 12, most: 3 };

const fault = (text: string): string => {
  try {
    parseNames(text, USERS);
  } catch (error) {
    assert.instance(error, UsherError);
    assert.is((error as UsherError).code, 'BROKEN_DATA');
    return (error as UsherError).message;
  }
  throw new Error('it was taken');
};

test('one name a line, whoever ends the lines, with blank ones and blanks around', () => {
  assert.equal(parseNames('ann\r\n\r\n  bob \rcem', USERS), ['ann', 'bob', 'cem']);
  assert.equal(parseNames('Ann Bee\n', USERS), ['Ann Bee']);
});

test('the first column of a CSV, with its heading, in quotation marks where it has them', () => {
  assert.equal(parseNames('User,mail\n"Bee, Ann",a@b\nbob;b@c\ncem\tx', USERS), [
    'Bee, Ann',
    'bob',
    'cem',
  ]);
  assert.equal(parseNames('"a""b"\n', USERS), ['a"b']);
  assert.equal(parseNames('ann\nuser\n', USERS), ['ann', 'user'], 'only the first line heads');
  assert.equal(parseNames('"user",x\nann', USERS), ['ann']);
});

test('a list that cannot be taken is refused whole, with its line', () => {
  assert.is(fault(''), 'The list names no user.');
  assert.is(fault('user\n'), 'The list names no user.');
  assert.match(fault('ann\n"bob\n'), /^Line 2: a quotation mark is not closed\.$/);
  assert.match(fault('ann\n"bob"x,y\n'), /^Line 2: a quotation mark/);
  assert.match(fault('ann\nx\u0007y'), /^Line 2 is no user's name: it has 1 to 12 characters/);
  assert.match(fault('1234567890123'), /^Line 1 is no user's name/);
  assert.match(fault(',mail'), /^Line 1 is no user's name/);
  assert.is(fault('a\nb\nc\nd'), 'There are more than 3 users.');
});

test('a list that is not written in UTF-8 is refused, and what to do is said', () => {
  assert.match(
    fault('ann\nM\ufffdller\n'),
    /^Line 2 is not written in UTF-8: save the file as UTF-8\.$/,
  );
});

test.run();
