import { readFile, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { hostCodeFromText, hostCodeToText, makeHostCode } from '../../protocol/host-code.ts';
import type { License } from '../../protocol/license.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const ISSUE = ['vendor', 'issue', '--product', 'acme-cad', '--customer', 'Bauhaus Ltd'] as const;

const HOST_CODE = hostCodeToText(
  makeHostCode([{ kind: 'mac', value: '00:53:00:00:00:01' }], nativePrimitives.sha512),
  nativePrimitives.sha512,
);

/** Signs by command and gives what `vendor inspect` shows: rows by their first word. */
const issueAndInspect = async (
  site: Site,
  ...terms: readonly string[]
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const issued = await site.usher(...ISSUE, ...terms);
  assert.is(issued.code, 0, issued.stderr);
  const { stdout, stderr, code } = await site.usherWith(issued.stdout, 'vendor', 'inspect', '-');
  assert.is(code, 0, stderr);
  const rows = new Map<string, string[]>();
  for (const line of stdout.trimEnd().split('\n')) {
    const [name = '', text = ''] = line.split(/ {2,}/);
    rows.set(name, [...(rows.get(name) ?? []), text]);
  }
  return rows;
};

const makeKey = async (): Promise<Site> => {
  const site = await Site.open();
  await site.usher('vendor', 'keygen');
  return site;
};

story('a floating license says its stages, its overdraft and what else it promises', async () => {
  await using site = await makeKey();
  const seats = ['--seats', '10', '--class', 'developer=1', '--count', 'host'];
  const stages = ['--stage', '2027-03-01..2027-03-31=15', '--stage', 'developer:2027-04-01..=3'];
  const more = ['--overdraft', '2', '--overdraft', 'developer=1', '--borrow', '2:7d'];
  const versions = ['--versions', '..12', '--maintenance', '2026-12-31'];
  const others = ['--resource', 'any', '--meter', 'runs=10000', '--meter', 'pages=5'];
  const rows = await issueAndInspect(
    site,
    ...[...seats, ...stages, ...more, ...versions, ...others, '--trial', '30'],
  );
  assert.match(rows.get('Type')?.[0] ?? '', /^floating: /);
  assert.equal(rows.get('Seats'), [
    '1 seat of class developer, 3 from 2027-04-01 on; 1 more tolerated and reported',
    '10 seats of any class, 15 from 2027-03-01 to 2027-03-31; 2 more tolerated and reported',
  ]);
  assert.equal(rows.get('Counted'), ['a seat for each host']);
  assert.equal(rows.get('Borrowing'), ['2 seats at a time, for up to 7 days']);
  assert.equal(rows.get('Versions'), ['up to 12, released up to 2026-12-31']);
  assert.equal(rows.get('Only for'), ['one database or project that the administrator chooses']);
  assert.equal(rows.get('Allowance'), ['runs: 10,000', 'pages: 5']);
  assert.equal(rows.get('Trial'), ['30 days from its first use']);
});

story('a plain license is silent about what it leaves open', async () => {
  await using site = await makeKey();
  const rows = await issueAndInspect(site, '--seats', '1');
  assert.equal(rows.get('Seats'), ['1 seat of any class']);
  for (const name of ['Trial', 'Borrowing', 'Versions', 'Only for', 'Allowance', 'Supersedes'])
    assert.is(rows.get(name), undefined, name);
});

story('a named license counts its users', async () => {
  await using site = await makeKey();
  const terms = ['--type', 'named', '--seats', '5', '--versions', '12', '--borrow', '1:12h'];
  const rows = await issueAndInspect(site, ...terms, '--resource', 'orders');
  assert.match(rows.get('Type')?.[0] ?? '', /^named: /);
  assert.equal(rows.get('Counted'), ['a seat for each user']);
  assert.equal(rows.get('Versions'), ['only 12']);
  assert.equal(rows.get('Borrowing'), ['1 seat at a time, for up to 12 hours']);
  assert.equal(rows.get('Only for'), ['orders']);
});

story('a server license has features and no seats', async () => {
  await using site = await makeKey();
  const terms = ['--type', 'server', '--feature', 'render', '--versions', '10..12'];
  const rows = await issueAndInspect(site, ...terms);
  assert.match(rows.get('Type')?.[0] ?? '', /^server: no user limit/);
  assert.is(rows.get('Seats'), undefined);
  assert.equal(rows.get('Features'), ['render']);
  assert.equal(rows.get('Versions'), ['10 to 12']);
});

story('a standalone license names its computer and needs no activation', async () => {
  await using site = await makeKey();
  const code = HOST_CODE.toUpperCase().replaceAll('-', ' ');
  const rows = await issueAndInspect(site, '--type', 'standalone', '--host-code', code);
  assert.match(rows.get('Type')?.[0] ?? '', /^standalone: /);
  const [signed = ''] = rows.get('Host code') ?? [];
  assert.ok(hostCodeFromText(signed, nativePrimitives.sha512).ok);
  assert.not.equal(signed, HOST_CODE, 'it is for the eyes of the vendor');
  assert.equal(rows.get('Activation'), ['none']);
  assert.is(rows.get('Seats'), undefined);
});

story('more than fits one license is not signed', async () => {
  await using site = await makeKey();
  const names = Array.from({ length: 32 }, (_, i) => `class-${i}`);
  const stages = names.flatMap((name) =>
    Array.from({ length: 64 }, () => ['--stage', `${name}:2027-01-01..2027-01-31=1000000`]).flat(),
  );
  const classes = names.flatMap((name) => ['--class', `${name}=1`]);
  const { code, stdout, stderr } = await site.usher(...ISSUE, ...classes, ...stages);
  assert.is(code, 2, stderr);
  assert.is(stdout, '');
  assert.match(stderr, /That is more than one license can say: issue several\./);
});

story('a renewal supersedes earlier licenses, by their ids or by their files', async () => {
  await using site = await makeKey();
  await site.usher(...ISSUE, '--seats', '5', '--out', 'first.txt');
  await site.usher(...ISSUE, '--seats', '3', '--binary', '--out', 'second.bin');
  const ids: string[] = [];
  for (const file of ['first.txt', 'second.bin']) {
    const [license] = await site.json<License[]>('vendor', 'inspect', file);
    ids.push(license?.id ?? '');
  }
  const [first = ''] = ids;
  const words = ['--supersedes', first.toUpperCase(), '--supersedes', 'second.bin'];
  const rows = await issueAndInspect(site, '--seats', '8', ...words, '--supersedes', 'first.txt');
  assert.equal(rows.get('Supersedes'), [ids.join(', ')]);

  await site.usher('vendor', 'keygen', '--out', 'other.key');
  const renew = [...ISSUE, '--seats', '8', '--supersedes', 'first.txt'];
  const stranger = await site.usher(...renew, '--key', 'other.key');
  assert.is(stranger.code, 2);
  assert.match(stranger.stderr, /--supersedes first\.txt: It is signed with another key\./);
  const product = ['vendor', 'issue', '--product', 'acme-cam', '--customer', 'y', '--seats', '8'];
  const other = await site.usher(...product, '--supersedes', 'first.txt');
  assert.is(other.code, 2);
  assert.match(other.stderr, /It is for another product, acme-cad\./);
  await writeFile(
    site.file('damaged.txt'),
    (await readFile(site.file('first.txt'))).subarray(0, 90),
  );
  const damaged = await site.usher(...ISSUE, '--seats', '8', '--supersedes', 'damaged.txt');
  assert.is(damaged.code, 2);
  assert.match(damaged.stderr, /damaged\.txt: The block ends before its END line/);
  const missing = await site.usher(...ISSUE, '--seats', '8', '--supersedes', 'missing.txt');
  assert.is(missing.code, 1);
  assert.match(missing.stderr, /Cannot read missing\.txt/);
});

tellStories();
