import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS } from '../../../agent/cli/commands.ts';
import { parseMinisignKey, verifyMinisign } from '../../../agent/update/minisign.ts';
import { parseBuildOrder } from '../../../scripts/build/build-order.ts';
import { linuxFiles } from '../../../scripts/packages/linux-files.ts';
import { makeLinuxPackages } from '../../../scripts/packages/make-linux-packages.ts';
import { manPage } from '../../../scripts/packages/man-page.ts';
import { sumUp } from '../../../scripts/packages/release.ts';
import { sbomOf } from '../../../scripts/packages/sbom.ts';
import { parseSigningKey, publicKeyLine } from '../../../scripts/packages/signing-key.ts';
import { makeWindowsSetup } from '../../../scripts/packages/windows-setup.ts';
import { makeSecretKeyFile } from './signing-key.ts';

/** 2026-11-20, 00:00 in UTC. */
const TIME = 1_795_132_800;
const root = process.cwd();
/** Who publishes it is said in package.json and nowhere else; nobody has a site yet. */
const { author: AUTHOR } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly author: string;
};
const has = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const say = (program: string, ...args: readonly string[]): string => {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  assert.is(done.status, 0, `${program} ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
};

const man = suite('the manual page');

man('every command and every flag is in it', () => {
  const page = manPage({ commands: COMMANDS, version: '1.2.3', time: TIME });
  const text = page.replaceAll('\\-', '-');
  for (const { name, summary, flags, settings } of COMMANDS) {
    assert.ok(text.includes(`.SS "usher ${name}`), name);
    assert.ok(text.includes(summary.replaceAll('…', '...').replaceAll('"', '\\(dq')), summary);
    for (const flag of [...Object.keys(flags), ...settings])
      assert.ok(text.includes(`\\fB--${flag}`), `${name} --${flag}`);
  }
  // A stray request would swallow its line.
  for (const line of page.split('\n'))
    assert.match(line, /^(\.(TH|SH|SS|TP|PP|B|I|RI|br)\b|[^.'])|^$/);
});

man('the code that a command passes on is not put down to broken data', () => {
  const page = manPage({ commands: COMMANDS, version: '1.2.3', time: TIME });
  assert.match(page, /\nbroken data\n\.PP\nusher run passes on the code/);
});

man.run();

const packages = suite<{ folder: string; names: readonly string[] }>('packages');
const check = has('xz') ? packages : packages.skip;

const makeIn = async (folder: string): Promise<readonly string[]> => {
  const binary = join(folder, 'binary');
  writeFileSync(binary, '#!/bin/sh\necho "usher 1.2.3 (test), Node 1"\n');
  const files = await linuxFiles(root, Buffer.from('terms\n'), '1.2.3', TIME);
  const order = { files, binary, version: '1.2.3', time: TIME, folder };
  return [
    ...(await makeLinuxPackages({ ...order, architecture: 'x64' })),
    ...(await makeLinuxPackages({ ...order, architecture: 'arm64' })),
  ];
};

packages.before(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'usher-packages-'));
  context.names = has('xz') ? await makeIn(context.folder) : [];
});
packages.after(({ folder }) => rmSync(folder, { recursive: true }));

check('two builds are one', async ({ folder, names }) => {
  const again = mkdtempSync(join(tmpdir(), 'usher-packages-'));
  try {
    assert.equal(await makeIn(again), names);
    for (const name of names)
      assert.ok(readFileSync(join(again, name)).equals(readFileSync(join(folder, name))), name);
  } finally {
    rmSync(again, { recursive: true });
  }
});

check('the tarball has one folder, and its files belong to root', ({ folder }) => {
  const tarball = join(folder, 'usher-1.2.3-linux-x64.tar.gz');
  const lines = say('tar', 'tzvf', tarball).trim().split('\n');
  for (const line of lines) assert.match(line, /root\/root .* usher-1\.2\.3\//);
  assert.ok(lines.some((line) => line.startsWith('-rwxr-xr-x') && line.endsWith('/install.sh')));
});

const checkDeb = has('dpkg-deb') ? packages : packages.skip;
checkDeb('dpkg reads the .deb', ({ folder }) => {
  const deb = join(folder, 'usher_1.2.3-1_arm64.deb');
  const fields = say('dpkg-deb', '-f', deb, 'Package', 'Version', 'Architecture', 'Depends');
  assert.match(fields, /^Package: usher\nVersion: 1\.2\.3-1\nArchitecture: arm64\n/);
  assert.is(say('dpkg-deb', '-f', deb, 'Maintainer', 'Homepage'), `Maintainer: ${AUTHOR}\n`);
  const listing = say('dpkg-deb', '-c', deb);
  assert.match(listing, /^-rwxr-xr-x root\/root .* \.\/usr\/bin\/usher$/m);
  for (const folder of ['./etc/', './usr/share/man/man1/']) assert.ok(listing.includes(folder));
  const settings = say('dpkg-deb', '--info', deb, 'conffiles').trim().split('\n');
  assert.equal(settings, ['/etc/ufw/applications.d/usher', '/etc/usher/usher.conf']);
});

const checkRpm = has('rpm') ? packages : packages.skip;
checkRpm('rpm reads the .rpm, and every digest in it fits', ({ folder }) => {
  const rpm = join(folder, 'usher-1.2.3-1.aarch64.rpm');
  assert.match(say('rpm', '-K', rpm), /digests OK/);
  const format = '%{NAME} %{VERSION} %{RELEASE} %{ARCH} %{PAYLOADCOMPRESSOR} %{PACKAGER} %{URL}\\n';
  const fields = `usher 1.2.3 1 aarch64 xz ${AUTHOR} (none)\n`;
  assert.is(say('rpm', '-qp', '--qf', format, rpm), fields);
  assert.is(say('rpm', '-qpc', rpm), '/etc/usher/usher.conf\n');
  assert.match(say('rpm', '-qplv', rpm), /^-rwxr-xr-x .* root .* root .* \/usr\/bin\/usher$/m);
});

check('nothing in a package opens a firewall', ({ folder }) => {
  const scripts = readdirSync(join(root, 'build', 'linux'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /make-user|install|post|pre/.test(name))
    .map((name) => readFileSync(join(root, 'build', 'linux', name), 'utf8'));
  assert.ok(scripts.length >= 8 && folder !== '');
  for (const script of scripts) assert.not.match(script, /firewall-cmd|ufw (allow|enable)|nft /);
});

packages.run();

const windows = suite<{ folder: string }>('what Windows is given');
const checkWindows = ['wixl', 'msibuild', 'unzip'].every(has) ? windows : windows.skip;

windows.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'usher-windows-'));
  writeFileSync(join(context.folder, 'program'), 'program\n'.repeat(100_000));
  writeFileSync(join(context.folder, 'addon'), 'addon');
});
windows.after(({ folder }) => rmSync(folder, { recursive: true }));

/** The bytes of the installer package and of the zip. */
const makeSetup = async (folder: string, version: string): Promise<readonly Buffer[]> => {
  const [program, koffi] = [join(folder, 'program'), join(folder, 'addon')];
  const names = await makeWindowsSetup({ root, program, koffi, version, time: TIME, folder });
  assert.equal(names, [`usher-${version}-win-x64.msi`, `usher-${version}-win-x64.zip`]);
  return names.map((name) => readFileSync(join(folder, name)));
};

checkWindows(
  'two builds are one, elsewhere and later; another version is another',
  async ({ folder }) => {
    const [msi, zip] = await makeSetup(folder, '1.2.3');
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    // Another second: what the clock has put in would differ.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const [sameMsi, sameZip] = await makeSetup(folder, '1.2.3').finally(() => {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    });
    assert.ok(msi?.equals(sameMsi ?? Buffer.of()), 'the .msi');
    assert.ok(zip?.equals(sameZip ?? Buffer.of()), 'the .zip');
    await makeSetup(folder, '1.2.4');
    const codeIn = (version: string): string | undefined =>
      /\{[0-9A-F-]{36}\}/.exec(
        say('msiinfo', 'suminfo', join(folder, `usher-${version}-win-x64.msi`)),
      )?.[0];
    assert.is.not(codeIn('1.2.3'), undefined);
    assert.is.not(codeIn('1.2.3'), codeIn('1.2.4'));
  },
);

checkWindows('other tools read them', async ({ folder }) => {
  const zip = join(folder, 'usher-1.2.3-win-x64.zip');
  await makeSetup(folder, '1.2.3');
  assert.match(say('unzip', '-t', zip), /No errors detected/);
  assert.match(say('unzip', '-Zs', zip), /^-rw-r--r-- .* 26-Nov-20 00:00 usher\.exe$/m);
  assert.is(say('unzip', '-p', zip, 'usher.exe'), 'program\n'.repeat(100_000));
  const summary = say('msiinfo', 'suminfo', join(folder, 'usher-1.2.3-win-x64.msi'));
  assert.match(summary, /Created: Fri Nov 20 00:00:00 2026/);
});

windows.run();

const release = suite<{ folder: string }>('a release');
release.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'usher-release-'));
  writeFileSync(join(context.folder, 'usher-1.2.3-linux-x64'), 'binary');
});
release.after.each(({ folder }) => rmSync(folder, { recursive: true }));

release('its sums are signed, and nobody else’s file fits', async ({ folder }) => {
  const key = parseSigningKey(makeSecretKeyFile());
  await sumUp(folder, 'usher 1.2.3', key);
  const sums = readFileSync(join(folder, 'SHA256SUMS'));
  const signature = readFileSync(join(folder, 'SHA256SUMS.minisig'), 'utf8');
  const trusted = parseMinisignKey(publicKeyLine(key));
  assert.ok(trusted);
  if (trusted === undefined) return;
  assert.equal(verifyMinisign(trusted, sums, signature), { ok: true, value: 'usher 1.2.3' });
  assert.not.ok(verifyMinisign(trusted, sums.subarray(1), signature).ok);
});

const checkReal = has('minisign') ? release : release.skip;
checkReal('minisign itself is content with the signature', async ({ folder }) => {
  const key = parseSigningKey(makeSecretKeyFile());
  await sumUp(folder, 'usher 1.2.3', key);
  const file = join(folder, 'SHA256SUMS');
  assert.match(say('minisign', '-V', '-P', publicKeyLine(key), '-m', file), /usher 1\.2\.3/);
});

release('without a key there are sums and no signature', async ({ folder }) => {
  await sumUp(folder, '', undefined);
  assert.equal(readdirSync(folder).sort(), ['SHA256SUMS', 'usher-1.2.3-linux-x64']);
});

release('a key that is damaged, locked or none is refused without showing it', () => {
  const text = makeSecretKeyFile();
  const bytes = Buffer.from(text.split('\n')[1] ?? '', 'base64');
  const changed = (at: number, to: number): string =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from([to]), bytes.subarray(at + 1)]).toString(
      'base64',
    );
  const refusals: [string, RegExp][] = [
    ['', /no secret key/],
    [changed(2, 0x53), /locked with a password/],
    [changed(70, (bytes[70] ?? 0) ^ 1), /is damaged/],
  ];
  for (const [secret, why] of refusals) {
    assert.throws(
      () => parseSigningKey(secret),
      (error: Error) => why.test(error.message) && !error.message.includes(secret || '–'),
    );
  }
});

release('its bill of materials is the same for the same binary', () => {
  const options = {
    version: '1.2.3',
    commit: 'abc',
    target: 'linux-x64',
    sha256: 'ab'.repeat(32),
    versions: { node: '24.0.0', v8: '13', modules: '137' },
    packages: [{ name: '@a/b', version: '1.0.0', license: 'MIT', integrity: 'sha512-AAAA' }],
    time: TIME,
  };
  const bom = JSON.parse(sbomOf(options));
  assert.is(sbomOf(options), sbomOf(options));
  assert.is(bom.specVersion, '1.5');
  assert.match(
    bom.serialNumber,
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-/,
  );
  assert.equal(
    bom.components.map((one: { readonly purl: string }) => one.purl),
    ['pkg:generic/node@24.0.0', 'pkg:npm/%40a/b@1.0.0'],
  );
  assert.equal(
    bom.components[0].components.map((one: { readonly name: string }) => one.name),
    ['v8'],
  );
});

release.run();

const order = suite('what a build is asked for');

order('targets, packages, a version and a folder', () => {
  const parsed = parseBuildOrder(['linux-x64', 'packages', '--version', '0.0.9', '--into', 'x']);
  assert.ok(parsed.ok);
  if (!parsed.ok) return;
  const { targets, ...rest } = parsed.value;
  assert.equal(
    targets.map(({ name }) => name),
    ['linux-x64'],
  );
  assert.equal(rest, {
    wantsPackages: true,
    version: '0.0.9',
    into: 'x',
  });
});

order('what does not fit gets a sentence', () => {
  for (const args of [['--version'], ['--version', '1.0-x'], ['--into'], ['plan9']])
    assert.not.ok(parseBuildOrder(args).ok, args.join(' '));
});

order.run();
