/** The packages in a bare Debian without a running init: in, up, down, out, and what stays. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';
import { sumUp } from '../../scripts/packages/release.ts';
import { parseSigningKey, publicKeyLine } from '../../scripts/packages/signing-key.ts';
import { makeSecretKeyFile } from '../scripts/packages/signing-key.ts';
import { DebianRoot, host } from './debian-root.ts';
import { buildVersion, RELEASE, VERSION } from './releases.ts';

const BINARY = `usher-${VERSION}-linux-x64`;
const OLD_VERSION = '0.0.9';
let old = '';

test('the release has everything for this tree, and its sums are over all of it', () => {
  const names = readdirSync(RELEASE).filter((name) => !name.startsWith('SHA256SUMS'));
  for (const end of [
    '_amd64.deb',
    '.x86_64.rpm',
    '-linux-x64.tar.gz',
    '-win-x64.msi',
    '-win-x64.zip',
  ])
    assert.ok(
      names.some((name) => name.endsWith(end)),
      end,
    );
  const summed = readFileSync(join(RELEASE, 'SHA256SUMS'), 'utf8').trim().split('\n');
  assert.equal(summed.map((line) => line.slice(66)).sort(), names.sort());
  for (const line of summed) {
    const digest = createHash('sha256').update(readFileSync(join(RELEASE, line.slice(66))));
    assert.is(line.slice(0, 64), digest.digest('hex'), line);
  }
  assert.ok(existsSync(join(RELEASE, 'SHA256SUMS.minisig')), 'it is signed');
});

test.run();

const debs = suite<{ root: DebianRoot; before: readonly string[] }>('the .deb');

debs.before(async (context) => {
  old = await buildVersion(OLD_VERSION, ['deb', 'rpm']);
  context.root = new DebianRoot();
  context.root.bring(join(old, `usher_${OLD_VERSION}-1_amd64.deb`), 'old.deb');
  context.root.bring(join(RELEASE, `usher_${VERSION}-1_amd64.deb`), 'new.deb');
  context.before = context.root.files();
});
debs.after(({ root }) => root[Symbol.dispose]());

const versionIn = (root: DebianRoot, program = 'usher'): string =>
  /^usher (\S+)/.exec(root.run(program, '--version'))?.[1] ?? '';

debs('is installed: program, user, data folder, enabled unit, manual page', ({ root }) => {
  root.run('dpkg', '-i', '/release/old.deb');
  assert.is(versionIn(root), OLD_VERSION);
  assert.match(root.run('stat', '-c', '%U %G %a', '/var/lib/usher'), /^usher usher 700$/m);
  assert.match(root.run('getent', 'passwd', 'usher'), /:\/usr\/sbin\/nologin$/m);
  const wants = '/etc/systemd/system/multi-user.target.wants/usher.service';
  assert.match(root.run('readlink', wants), /systemd\/system\/usher\.service/);
  assert.is(root.run('dpkg', '-V', 'usher'), '');
  const listed = root.run('dpkg', '-L', 'usher').split('\n');
  for (const path of [
    '/usr/share/bash-completion/completions/usher',
    '/usr/share/zsh/vendor-completions/_usher',
    '/usr/share/fish/vendor_completions.d/usher.fish',
    '/usr/lib/firewalld/services/usher.xml',
    '/etc/ufw/applications.d/usher',
    '/usr/share/man/man1/usher.1.gz',
    '/usr/share/doc/usher/copyright',
  ])
    assert.ok(listed.includes(path), path);
});

debs('is upgraded: settings that were changed and data stay', ({ root }) => {
  writeFileSync(join(root.path, 'etc', 'usher', 'usher.conf'), 'name = ours\n');
  writeFileSync(join(root.path, 'var', 'lib', 'usher', 'agent.key'), 'secret');
  root.run('dpkg', '-i', '/release/new.deb');
  assert.is(versionIn(root), VERSION);
  assert.is(root.run('cat', '/etc/usher/usher.conf'), 'name = ours\n');
  assert.is(root.run('cat', '/var/lib/usher/agent.key'), 'secret');
});

debs('does not update itself: that is the package manager’s', ({ root }) => {
  const key = publicKeyLine(parseSigningKey(makeSecretKeyFile()));
  const { code, text } = root.try('usher', 'update', '--from', '/release/x', '--key', key);
  assert.is(code, 1);
  assert.match(text, /package has installed \/usr\/bin\/usher: .* apt or dpkg/);
});

debs('is not downgraded unless told to', ({ root }) => {
  const { code, text } = root.try('apt-get', 'install', '-y', '/release/old.deb');
  assert.is.not(code, 0, text);
  assert.match(text, /--allow-downgrades/);
  assert.is(versionIn(root), VERSION);
  root.run('apt-get', 'install', '-y', '--allow-downgrades', '/release/old.deb');
  assert.is(versionIn(root), OLD_VERSION);
  assert.is(root.run('cat', '/var/lib/usher/agent.key'), 'secret');
  root.run('dpkg', '-i', '/release/new.deb');
});

debs('is removed: settings and data stay', ({ root }) => {
  root.run('dpkg', '-r', 'usher');
  assert.is.not(root.try('usher', '--version').code, 0);
  root.run('test', '-e', '/var/lib/usher/agent.key', '-a', '-e', '/etc/usher/usher.conf');
});

debs('is purged: nothing is left', ({ root, before }) => {
  root.run('dpkg', '-P', 'usher');
  const known = new Set(before);
  // Backups of the files of users, as every package with a user leaves.
  const backups = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$|^\/etc\/\.pwd\.lock$/;
  const left = root.files().filter((path) => !known.has(path) && !backups.test(path));
  assert.equal(left, []);
  assert.is.not(root.try('getent', 'passwd', 'usher').code, 0);
});

debs.run();

const rpms = suite<{ root: DebianRoot }>('the .rpm');
const NEW_RPM = join(RELEASE, `usher-${VERSION}-1.x86_64.rpm`);
const oldRpm = (): string => join(old, `usher-${OLD_VERSION}-1.x86_64.rpm`);

rpms.before((context) => {
  context.root = new DebianRoot();
});
rpms.after(({ root }) => root[Symbol.dispose]());

const rpm = (root: DebianRoot, ...words: readonly string[]): string =>
  host('rpm', `--root=${root.path}`, '--dbpath=/var/lib/rpm', ...words);

rpms('is installed, verified and upgraded; settings that were changed stay', ({ root }) => {
  // Debian's libraries are not in rpm's own book.
  rpm(root, '-i', '--nodeps', oldRpm());
  assert.is(versionIn(root), OLD_VERSION);
  assert.match(root.run('stat', '-c', '%U %a', '/var/lib/usher'), /^usher 700$/m);
  assert.is(rpm(root, '-V', '--nodeps', 'usher'), '');
  writeFileSync(join(root.path, 'etc', 'usher', 'usher.conf'), 'name = ours\n');
  rpm(root, '-U', '--nodeps', NEW_RPM);
  assert.is(versionIn(root), VERSION);
  assert.is(root.run('cat', '/etc/usher/usher.conf'), 'name = ours\n');
});

rpms('is not downgraded unless told to', ({ root }) => {
  const where = [`--root=${root.path}`, '--dbpath=/var/lib/rpm'];
  const refused = spawnSync('rpm', [...where, '-U', '--nodeps', oldRpm()], { encoding: 'utf8' });
  assert.is.not(refused.status, 0);
  assert.match(refused.stderr, /which is newer than/);
  rpm(root, '-U', '--nodeps', '--oldpackage', oldRpm());
  assert.is(versionIn(root), OLD_VERSION);
});

rpms('is erased: changed settings and data stay', ({ root }) => {
  rpm(root, '-e', 'usher');
  assert.not.ok(existsSync(join(root.path, 'usr', 'bin', 'usher')));
  assert.not.ok(existsSync(join(root.path, 'usr', 'lib', 'usher')));
  assert.is(root.run('cat', '/etc/usher/usher.conf.rpmsave'), 'name = ours\n');
  assert.ok(existsSync(join(root.path, 'var', 'lib', 'usher')));
});

rpms.run();

const plain = suite<{ root: DebianRoot; key: string }>('the .tar.gz, and usher update');
const TARBALL = `usher-${VERSION}-linux-x64`;

plain.before(async (context) => {
  context.root = new DebianRoot();
  const { root } = context;
  const unpacked = join(root.path, 'release', 'unpacked');
  mkdirSync(unpacked);
  const archive = join(RELEASE, `${TARBALL}.tar.gz`);
  host('tar', 'xzf', archive, '--strip-components=1', '-C', unpacked);
  const secret = parseSigningKey(makeSecretKeyFile());
  context.key = publicKeyLine(secret);
  const release = mkdtempSync(join(tmpdir(), 'usher-release-'));
  copyFileSync(join(RELEASE, BINARY), join(release, BINARY));
  copyFileSync(
    join(old, `usher-${OLD_VERSION}-linux-x64`),
    join(release, `usher-${OLD_VERSION}-linux-x64`),
  );
  await sumUp(release, `usher ${VERSION}`, secret);
  for (const name of readdirSync(release)) root.bring(join(release, name));
  rmSync(release, { recursive: true });
});
plain.after(({ root }) => {
  root[Symbol.dispose]();
  rmSync(old, { recursive: true, force: true });
});

plain('its script installs into /usr/local', ({ root }) => {
  const said = root.run('/release/unpacked/install.sh');
  assert.match(said, new RegExp(`^Installed usher ${VERSION.replaceAll('.', '\\.')}`));
  assert.is(versionIn(root, '/usr/local/bin/usher'), VERSION);
});

plain('an older one is taken only when that is allowed', ({ root, key }) => {
  const words = [
    '/usr/local/bin/usher',
    'update',
    '--from',
    `/release/usher-${OLD_VERSION}-linux-x64`,
    '--key',
    key,
  ];
  const { code, text } = root.try(...words);
  assert.is(code, 1);
  assert.match(text, /is older than this .* --allow-downgrade/);
  assert.match(root.run(...words, '--allow-downgrade'), /\/usr\/local\/bin\/usher is 0\.0\.9 now/);
  assert.is(versionIn(root, '/usr/local/bin/usher'), OLD_VERSION);
});

const updateTo = (key: string, ...more: readonly string[]): readonly string[] => [
  '/usr/local/bin/usher',
  'update',
  '--from',
  `/release/${BINARY}`,
  '--key',
  key,
  ...more,
];

plain(
  'a check says that there is a newer one, and that no source is configured',
  ({ root, key }) => {
    const check = ['/usr/local/bin/usher', 'update', '--check', '--key', key];
    assert.match(
      root.run(...check, '--sums', '/release/SHA256SUMS'),
      new RegExp(
        `This is 0\\.0\\.9\\. There is ${VERSION.replaceAll('.', '\\.')}: \`usher update --from`,
      ),
    );
    const { code, text } = root.try(...check);
    assert.is(code, 1);
    assert.match(text, /No update source is configured/);
  },
);

plain('another key, and no key', ({ root }) => {
  const other = publicKeyLine(parseSigningKey(makeSecretKeyFile()));
  const { code, text } = root.try(...updateTo(other));
  assert.is(code, 1);
  assert.match(text, /signed with another key/);
  const missing = root.try('/usr/local/bin/usher', 'update', '--from', '/nowhere/usher');
  assert.is(missing.text, 'There is no file /nowhere/usher. See `usher update --help`.\n');
  const none = root.try('/usr/local/bin/usher', 'update', '--from', `/release/${BINARY}`);
  assert.match(none.text, /No key is built in/);
  assert.is(versionIn(root, '/usr/local/bin/usher'), OLD_VERSION);
});

plain('sums that were changed, and a program that is cut short', ({ root, key }) => {
  const sums = join(root.path, 'release', 'SHA256SUMS');
  const text = readFileSync(sums, 'utf8');
  writeFileSync(
    sums,
    text.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
  );
  assert.match(root.try(...updateTo(key)).text, /signature does not fit/);
  writeFileSync(sums, text);
  const program = join(root.path, 'release', BINARY);
  truncateSync(program, 100_000_000);
  assert.match(root.try(...updateTo(key)).text, /changed or is not whole/);
  copyFileSync(join(RELEASE, BINARY), program);
  assert.is(versionIn(root, '/usr/local/bin/usher'), OLD_VERSION);
  assert.equal(root.run('ls', '/usr/local/bin'), 'usher\n');
});

plain('a user who may not replace it is told so', ({ root, key }) => {
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const { code, text } = root.try(...asNobody, ...updateTo(key));
  assert.is(code, 4, text);
  assert.match(text, /Cannot replace \/usr\/local\/bin\/usher: this user may not/);
});

plain('a good one takes its place', ({ root, key }) => {
  assert.match(root.run(...updateTo(key)), /signed as "usher /);
  assert.is(versionIn(root, '/usr/local/bin/usher'), VERSION);
  assert.equal(root.run('ls', '/usr/local/bin'), 'usher\n');
});

plain('its script takes everything away again', ({ root }) => {
  root.run('/release/unpacked/install.sh', '--uninstall');
  const left = root.run('find', '/usr/local', '-name', '*usher*');
  assert.is(left, '');
});

plain.run();
