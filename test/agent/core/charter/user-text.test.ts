import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CHARTER_TEXT_MAX } from '../../../../agent/core/charter/charter-record.ts';
import { decodeUsers, encodeUsers } from '../../../../agent/core/charter/user-text.ts';
import type { RosterList } from '../../../../agent/core/seats/roster.ts';
import { bytesToUtf8, utf8ToBytes } from '../../../../protocol/bytes.ts';
import { isPlainText } from '../../../../protocol/fields.ts';
import { epochSeconds } from '../../../../protocol/units.ts';

const texts = suite('the text of named users');

const NOW = epochSeconds(1_800_000_000);

const listOf = (className: string, ...users: readonly string[]): RosterList => ({
  product: 'cad',
  class: className,
  users: users.map((user, sequence) => ({ user, since: NOW, sequence })),
});

const read = (text: string) => decodeUsers(utf8ToBytes(text));

const names = fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme' }).filter(isPlainText);

const assignments = fc
  .array(fc.record({ user: names, since: fc.nat(), skipped: fc.nat(3) }), { minLength: 1 })
  .map((users) => {
    let next = 0;
    return users.map(({ user, since, skipped }) => {
      next += skipped + 1;
      return { user, since: epochSeconds(since), sequence: next - 1 };
    });
  });

texts('what is written is read again, in whatever order the lists were', () => {
  const lists = fc.uniqueArray(fc.record({ product: names, class: names, users: assignments }), {
    selector: (list) => `${list.product}\t${list.class}`,
  });
  fc.assert(
    fc.property(lists, (all) => {
      const bytes = encodeUsers(all);
      assert.equal(encodeUsers([...all].reverse()), bytes);
      const inWords = (lists: readonly RosterList[] | undefined): string[] | undefined =>
        lists?.map(({ product, class: name, users }) => JSON.stringify([product, name, users]));
      assert.equal(inWords(decodeUsers(bytes))?.sort(), inWords(all)?.sort());
    }),
  );
});

texts('a name is most of its line', () => {
  const text = bytesToUtf8(encodeUsers([listOf('generic', 'Ann', 'bob'), listOf('empty')]));
  assert.is(text, `users 1\n=\tcad\tgeneric\n\t${NOW.toString(36)}\tAnn\n\t\tbob\n`);
  assert.equal(encodeUsers([listOf('empty')]).length, 0);
  assert.equal(decodeUsers(new Uint8Array()), []);
  const crowd = Array.from({ length: 40_000 }, (_, i) => `firstname.lastname${i}`);
  assert.ok(encodeUsers([listOf('generic', ...crowd)]).length < CHARTER_TEXT_MAX);
});

texts('what no version has written is not read', () => {
  const list = '=\tcad\tgeneric\n';
  assert.ok(read(`users 1\n${list}2\tz\tann\n`));
  for (const text of [
    'users 2\n',
    'users 1',
    'users 1\n\t\tann\n',
    `users 1\n${list}\tann\n`,
    `users 1\n${list}-1\t\tann\n`,
    `users 1\n${list}\t\t\n`,
    `users 1\n${list}\t\tan\u0007n\n`,
    `users 1\n${list}\t\t${'x'.repeat(129)}\n`,
    `users 1\n${list}zzzzzzzzzzz\t\tann\n`,
    `users 1\n${list}\tzzzzzzz\tann\n`,
    `users 1\n=\t${'x'.repeat(200)}\tgeneric\n`,
  ]) {
    assert.is(read(text), undefined, text);
  }
  assert.is(decodeUsers(Uint8Array.of(0xff)), undefined);
});

texts.run();
