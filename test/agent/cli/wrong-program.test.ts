import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { wrongProgram } from '../../../agent/cli/wrong-program.ts';

const said = (from: string): string | undefined => wrongProgram(from, 'linux-x64');

test('a package and an archive are told from a program, and what to do with them', () => {
  assert.match(
    said('rel/usher_0.2.0-1_amd64.deb') ?? '',
    /is a package: .*`apt install rel\/usher_/,
  );
  assert.match(
    said('/rel/usher-0.2.0-1.x86_64.rpm') ?? '',
    /is a package: .*`dnf install \/rel\/usher/,
  );
  assert.match(said('usher-0.2.0-win-x64.MSI') ?? '', /is a package: .*`msiexec \/i usher-0\.2/);
  for (const archive of ['usher-0.2.0-linux-x64.tar.gz', 'a.tgz', 'usher-0.2.0-win-x64.zip']) {
    assert.match(said(archive) ?? '', /is an archive: .*usher-VERSION-linux-x64/);
  }
});

test('a package of this folder is not looked for in those of the system', () => {
  assert.match(
    said('usher_0.2.0-1_amd64.deb') ?? '',
    /`apt install \.\/usher_0\.2\.0-1_amd64\.deb`/,
  );
  assert.match(said("one's.deb") ?? '', /`apt install '\.\/one'\\''s\.deb'`/);
});

test('nothing is fetched from anywhere', () => {
  assert.match(said('https://example.com/usher-0.2.0-linux-x64') ?? '', /^Usher fetches nothing/);
});

test('all else may be one', () => {
  for (const from of ['usher-0.2.0-linux-x64', 'usher-0.2.0-win-x64.exe', 'C:\\usher.exe', 'x']) {
    assert.is(said(from), undefined);
  }
});

test.run();
