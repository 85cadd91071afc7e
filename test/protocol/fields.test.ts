import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Fields, isPlainText } from '../../protocol/fields.ts';

const fields = suite('fields');

fields('fitting fields are read in order', () => {
  const cursor = new Fields([7, true, 'text', new Uint8Array(4), null, [1, 2], ['a', 3]]);
  assert.is(cursor.uint(), 7);
  assert.is(cursor.flag(), true);
  assert.is(cursor.text(4), 'text');
  assert.equal(cursor.bytes(4), new Uint8Array(4));
  assert.is(
    cursor.optional((field) => field.uint()),
    null,
  );
  assert.equal(
    cursor.list(2, (item) => item.uint()),
    [1, 2],
  );
  assert.not(cursor.complete);
  const pair = cursor.nested((inner) => ({ name: inner.text(1), count: inner.uint() }));
  assert.equal(pair, { name: 'a', count: 3 });
  assert.ok(cursor.valid && cursor.complete);
});

const misfits: Readonly<Record<string, (cursor: Fields) => unknown>> = {
  'a number for a text': (cursor) => cursor.text(9),
  'a number above its bound': (cursor) => cursor.uint(299),
  'a number for a flag': (cursor) => cursor.flag(),
  'a number for binary': (cursor) => cursor.bytes(2),
  'a number for an array': (cursor) => cursor.list(9, (item) => item.uint()),
  'a number for a nested array': (cursor) => cursor.nested((inner) => inner.uint()),
  'a number for an exact array': (cursor) => cursor.exactly((inner) => inner.uint()),
};

for (const [what, take] of Object.entries(misfits)) {
  fields(`${what} spoils the whole, for good`, () => {
    const cursor = new Fields([300, 1]);
    take(cursor);
    assert.not(cursor.valid);
    cursor.uint();
    assert.not(cursor.valid || cursor.complete);
  });
}

fields('a missing field spoils the whole, an optional one too', () => {
  const missing = new Fields([]);
  assert.is(missing.uint(), 0);
  assert.not(missing.valid);
  const optional = new Fields([]);
  optional.optional((field) => field.uint());
  assert.not(optional.valid);
});

fields('what is no array has no fields', () => {
  for (const value of [undefined, null, 5, 'text', new Uint8Array(3)])
    assert.not(new Fields(value).valid);
});

fields('a misfit inside a list or nested array spoils the whole', () => {
  const list = new Fields([[1, 'two']]);
  assert.equal(
    list.list(2, (item) => item.uint()),
    [],
  );
  assert.not(list.valid);
  const nested = new Fields([['x']]);
  nested.nested((inner) => inner.uint());
  assert.not(nested.valid);
  const long = new Fields([[1, 2, 3]]);
  long.list(2, (item) => item.uint());
  assert.not(long.valid);
});

fields('more fields may follow in a nested array, not in an exact one', () => {
  const value = [[1, 'later']];
  const nested = new Fields(value);
  nested.nested((inner) => inner.uint());
  assert.ok(nested.complete);
  const exact = new Fields(value);
  exact.exactly((inner) => inner.uint());
  assert.not(exact.valid);
});

fields('text is counted in UTF-16 units, binary in bytes', () => {
  assert.ok(new Fields(['ü'.repeat(4)]).text(4));
  assert.is(new Fields(['\u{1f512}'.repeat(3)]).text(5), '');
  assert.is(new Fields(['']).text(4, 1), '');
  assert.equal(new Fields([new Uint8Array(3)]).bytesUpTo(3), new Uint8Array(3));
  assert.equal(new Fields([new Uint8Array(4)]).bytesUpTo(3), new Uint8Array(0));
});

fields('plain text cannot lie on a screen', () => {
  for (const text of ['', 'Müller & Söhne', '株式会社', '\u{1f512}', 'עברית'])
    assert.ok(isPlainText(text), text);
  const bad = '\u0000 \n \u001b \u007f \u0085 \u2028 \u202e \u2066 \ufeff \ud800 \udc00'.split(' ');
  for (const text of bad) assert.not(isPlainText(`a${text}b`), JSON.stringify(text));
});

fields.run();
