import { readFile, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const TERMS = ['--product', 'acme-cad', '--customer', 'Bauhaus Ltd', '--seats', '3'] as const;
const HERE = ['--allow-virtual', '--container', 'allow', '--allow-unknown', '--no-activation'];
const BY_ISSUER = ['--key', 'issuing.key', '--certificate', 'issuing.txt'] as const;

interface KeyMade {
  readonly publicKey: string;
  readonly keyId: string;
}

/** A root key, an issuing key, and the certificate of the one by the other. */
const certify = async (site: Site, ...more: readonly string[]) => {
  const root = await site.json<KeyMade>('vendor', 'keygen', '--out', 'root.key');
  const issuer = await site.json<KeyMade>('vendor', 'keygen', '--out', 'issuing.key');
  const order = ['--key', 'root.key', '--issuer', issuer.publicKey, '--until', '2099-12-31'];
  const made = await site.usher(
    ...['vendor', 'certify', ...order, '--uses', 'licenses', '--out', 'issuing.txt', ...more],
  );
  assert.is(made.code, 0, made.stderr);
  return { root, issuer, made };
};

story('I5: an issuing key signs, and whoever trusts the root key believes it', async () => {
  await using site = await Site.open();
  const { root, issuer, made } = await certify(site);
  const written =
    'Certificate for licenses, until the end of 2099-12-31, written to issuing.txt.\n';
  assert.is(made.stderr, written);
  const text = await readFile(site.file('issuing.txt'), 'utf8');
  assert.match(text, /^-----BEGIN USHER CERTIFICATE-----\n/);

  const issued = await site.usher('vendor', 'issue', ...BY_ISSUER, ...TERMS, ...HERE);
  assert.is(issued.code, 0, issued.stderr);
  const trusted = await site.usherWith(
    issued.stdout,
    ...['vendor', 'inspect', '-', '--vendor-key', root.publicKey],
  );
  assert.is(trusted.code, 0, trusted.stderr);
  assert.ok(trusted.stdout.includes(`Signed with  ${root.publicKey}`), trusted.stdout);
  assert.ok(trusted.stdout.includes(`Issued with  ${issuer.publicKey}`), trusted.stdout);
  assert.match(trusted.stdout, /^Certificate {2}number \d+, .* to 2099-12-31, for licenses$/m);
  const other = await site.usherWith(
    issued.stdout,
    ...['vendor', 'inspect', '-', '--vendor-key', issuer.publicKey],
  );
  assert.is(other.code, 1);

  await site.serve('--vendor-keys', root.publicKey);
  const added = await site.usherWith(issued.stdout, 'license', 'add', '-');
  assert.is(added.code, 0, added.stderr);
  const [license] = await site.licenses();
  assert.is(license?.signer, root.keyId);
  const run = (key: string) =>
    site.usher('run', '--product', 'acme-cad', '--vendor-key', key, '--', process.execPath, '-v');
  const work = await run(root.publicKey);
  assert.is(work.code, 0, work.stderr);
  assert.is((await run(issuer.publicKey)).code, 1);
});

story('a certificate that does not fit is named before anything is signed', async () => {
  await using site = await Site.open();
  await certify(site);
  const refusals: readonly (readonly [RegExp, readonly string[]])[] = [
    [/: It is of another key\./, ['--key', 'root.key', '--certificate', 'issuing.txt']],
    [/: It holds no certificate/, ['--key', 'issuing.key', '--certificate', 'root.key']],
  ];
  for (const [sentence, words] of refusals) {
    const { code, stderr, stdout } = await site.usher('vendor', 'issue', ...words, ...TERMS);
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr, sentence);
  }
  const issuer = await site.json<KeyMade>('vendor', 'keygen', '--out', 'third.key');
  for (const [sentence, words] of [
    [/--until DAY is needed/, ['--issuer', issuer.publicKey, '--uses', 'licenses']],
    [/--until is a day after/, ['--issuer', issuer.publicKey, '--until', '2020-01-01']],
    [/--uses is needed/, ['--issuer', issuer.publicKey, '--until', '2099-01-01']],
    [/not "all"/, ['--issuer', issuer.publicKey, '--until', '2099-01-01', '--uses', 'all']],
    [/--issuer is the public key/, ['--issuer', 'AAAA', '--until', '2099-01-01']],
  ] as const) {
    const refused = await site.usher('vendor', 'certify', '--key', 'root.key', ...words);
    assert.is(refused.code, 2, refused.stdout);
    assert.match(refused.stderr, sentence);
  }
});

story('a license of the root key gives way to one by its issuing key', async () => {
  await using site = await Site.open();
  await certify(site);
  const first = await site.usher('vendor', 'issue', '--key', 'root.key', ...TERMS);
  await writeFile(site.file('first.txt'), first.stdout);
  const next = ['vendor', 'issue', ...BY_ISSUER, ...TERMS, '--supersedes', 'first.txt'] as const;
  const second = await site.usher(...next);
  assert.is(second.code, 0, second.stderr);
  await site.usher('vendor', 'keygen');
  const stranger = await site.usher('vendor', 'issue', ...TERMS, '--supersedes', 'first.txt');
  assert.is(stranger.code, 2);
  assert.match(stranger.stderr, /It is signed with another key\./);
});

story('a license says how it is to be activated', async () => {
  await using site = await Site.open();
  await site.usher('vendor', 'keygen');
  const activation = ['--agents', '2', '--emergency', '3:60', '--refresh', '90:14'];
  const master = ['--master', 'https://licenses.example.com'];
  const issued = await site.usher('vendor', 'issue', ...TERMS, ...activation, ...master);
  assert.is(issued.code, 0, issued.stderr);
  const { stdout } = await site.usherWith(issued.stdout, 'vendor', 'inspect', '-');
  for (const row of [
    /^Activation {3}for 2 agents at a time$/m,
    /^Emergency {4}up to 3 days, once, within 60 days of its issue$/m,
    /^Refresh {6}every 90 days, with 14 days of grace$/m,
    /^Master {7}https:\/\/licenses\.example\.com$/m,
  ]) {
    assert.match(stdout, row);
  }
  for (const [sentence, words] of [
    [/from 1 to 5, not "6"/, ['--emergency', '6']],
    [/--master is an address/, ['--master', 'licenses.example.com']],
    [/from 1 to 1000/, ['--agents', '0']],
    [/Without activation there is no --agents/, ['--agents', '2', '--no-activation']],
  ] as const) {
    const refused = await site.usher('vendor', 'issue', ...TERMS, ...words);
    assert.is(refused.code, 2);
    assert.match(refused.stderr, sentence);
  }
});

tellStories();
