import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { shellWord } from '../../../agent/cli/shell-word.ts';

test('a word that no shell changes stands as it is', () => {
  for (const word of ['a', '/var/lib/usher', 'a-b_c.d', '10.0.0.5:24711', 'Büro']) {
    assert.is(shellWord(word, 'linux'), word);
    assert.is(shellWord(word, 'win32'), word);
  }
  assert.is(shellWord('C:\\Usher', 'win32'), 'C:\\Usher');
});

test('all else is quoted as the system’s shells have it', () => {
  assert.is(shellWord('a b', 'linux'), "'a b'");
  assert.is(shellWord('~', 'linux'), "'~'");
  assert.is(shellWord('C:\\Usher', 'linux'), "'C:\\Usher'");
  assert.is(shellWord('a b', 'win32'), '"a b"');
  assert.is(shellWord('C:\\my data\\', 'win32'), '"C:\\my data\\\\"');
  assert.is(shellWord('a,b', 'win32'), '"a,b"');
  assert.is(shellWord('', 'win32'), '""');
});

test.run();
