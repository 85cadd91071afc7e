import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseMinisignKey, verifyMinisign } from '../../../agent/update/minisign.ts';

// Made by minisign 0.11 itself, of a key that was thrown away.
const KEY = 'RWQfokoiOYLG8JGJZZ3NXyDZcn1C1x36I1l1OTkSNoq6BGg6bybf9F9M';
const CONTENT = Buffer.from('usher\n');
const SIGNATURE = `untrusted comment: signature from minisign secret key
RUQfokoiOYLG8NmIlM0bYX3Is8/s3OTZ3xt9/QHBcQHN20iRLKFwSbz1vjL6sgiOtrHm8d3u0hx9bHIFxIbtCSu4t6Mw66BTNwE=
trusted comment: usher 0.2.0
PWyxSa5fCSiI0Er4LpdUCsBiQ7nOHv7Z2oYjC7TELNjp9SXH820qzaFyR6rHx/0kc9jQ0GNo4WThNwv0h6mmCw==
`;
const LEGACY =
  'RWQfokoiOYLG8O/0kpw/X/chlierQvwUDZPAQIZtCpSVvip7w347dY2KhFJBF6h/rZ3sI+KezugxDmrGU3axj2qRRJp6fTz7lQY=';

const minisign = suite('minisign');

const verify = (signature: string, content: Uint8Array = CONTENT, key = KEY) => {
  const parsed = parseMinisignKey(key);
  if (parsed === undefined) throw new Error('no key');
  return verifyMinisign(parsed, content, signature);
};

minisign('its own signature fits, and gives the comment', () => {
  assert.equal(verify(SIGNATURE), { ok: true, value: 'usher 0.2.0' });
  assert.equal(verify(SIGNATURE.replaceAll('\n', '\r\n')), { ok: true, value: 'usher 0.2.0' });
});

minisign('another file, another comment, another first line', () => {
  const changed = { ok: false, error: 'does-not-fit' };
  assert.equal(verify(SIGNATURE, Buffer.from('usher')), changed);
  assert.equal(verify(SIGNATURE.replace('0.2.0', '9.9.9')), changed);
  assert.ok(verify(SIGNATURE.replace('from minisign secret key', 'of anybody')).ok);
});

minisign('another key', () => {
  const other = Buffer.from(KEY, 'base64');
  other[5] = 0;
  assert.equal(verify(SIGNATURE, CONTENT, other.toString('base64')).ok, false);
  const sameId = Buffer.from(KEY, 'base64');
  sameId[20] = (sameId[20] ?? 0) ^ 1;
  assert.equal(verify(SIGNATURE, CONTENT, sameId.toString('base64')).ok, false);
});

minisign('the old form is refused with its own word', () => {
  const lines = SIGNATURE.split('\n');
  lines[1] = LEGACY;
  assert.equal(verify(lines.join('\n')), { ok: false, error: 'legacy' });
});

minisign('what is cut short anywhere is unreadable or does not fit, and never fits', () => {
  for (let length = 0; length < SIGNATURE.length - 1; length++) {
    assert.not.ok(verify(SIGNATURE.slice(0, length)).ok, String(length));
  }
});

minisign('a flipped bit anywhere in what is signed never fits', () => {
  const [, first = '', , second = ''] = SIGNATURE.split('\n');
  for (const line of [first, second]) {
    for (let at = 0; at < line.length; at++) {
      const other = line[at] === 'A' ? 'B' : 'A';
      const flipped = `${line.slice(0, at)}${other}${line.slice(at + 1)}`;
      assert.not.ok(verify(SIGNATURE.replace(line, flipped)).ok, `${line.length} ${at}`);
    }
  }
});

minisign('a key is one line or the file with its comment', () => {
  assert.ok(parseMinisignKey(`untrusted comment: minisign public key\n${KEY}\n`));
  for (const text of ['', 'RWQ', KEY.slice(4), `${KEY}A`, `a\nb\n${KEY}`])
    assert.is(parseMinisignKey(text), undefined);
});

minisign.run();
