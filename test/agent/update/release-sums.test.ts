import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareReleases, newestFor, parseSums } from '../../../agent/update/release-sums.ts';

const sums = suite('the sums of a release');
const HASH = 'ab'.repeat(32);

sums('binaries are found among packages', () => {
  const text = [
    `${HASH}  usher-0.2.0-linux-x64`,
    `${HASH} *usher-0.10.0-win-x64.exe`,
    `${HASH}  usher-0.2.0-linux-x64.tar.gz`,
    `${HASH}  usher_0.2.0-1_amd64.deb`,
    '',
  ].join('\n');
  assert.equal(
    parseSums(text)?.map(({ version, target }) => [version, target]),
    [
      ['0.2.0', 'linux-x64'],
      ['0.10.0', 'win-x64'],
    ],
  );
});

sums('anything else is no list of sums', () => {
  for (const text of ['', 'x', `${HASH} usher`, `${HASH.toUpperCase()}  usher`, '<html>'])
    assert.is(parseSums(text), undefined, text);
  assert.is(parseSums(`${HASH}  usher\n`.repeat(1001)), undefined);
});

sums('versions go by number, and the newest is for this target', () => {
  assert.ok(compareReleases('0.10.0', '0.9.1') > 0);
  assert.is(compareReleases('1.0', '1.0.0'), 0);
  const of = (version: string, target: string) => ({ name: '', version, target, sha256: HASH });
  const all = [of('0.9.0', 'linux-x64'), of('0.10.0', 'linux-x64'), of('2.0.0', 'win-x64')];
  assert.is(newestFor(all, 'linux-x64')?.version, '0.10.0');
  assert.is(newestFor(all, 'linux-arm64'), undefined);
});

sums.run();
