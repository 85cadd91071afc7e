import { writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import type { License } from '../../protocol/license.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le');
const bareCode = (text: string): string => text.replace(/-----.*-----/g, '').trim();

story('I4: a license survives what mail programs do to it', async () => {
  await using site = await Site.open();
  const license = site.vendor.issue();
  const mails: Readonly<Record<string, string | Uint8Array>> = {
    'quoted twice': license.replace(/^/gm, '> > '),
    'with CRLF': license.replaceAll('\n', '\r\n'),
    'between prose': `Dear Ms Bauer,\n\nhere is your license:\n${license}\n-- \nAcme sales\n`,
    'quoted, with CRLF, between prose': `On Monday Acme wrote:\n${license}\nThanks!`
      .replace(/^/gm, '> ')
      .replaceAll('\n', '\r\n'),
    'wrapped anew': license.replace(/(.{40})/g, '$1\n').replace(/-----\n/g, '-----'),
    'indented, with trailing blanks': license.replace(/^/gm, '   ').replace(/$/gm, '  '),
    'nothing but the code': bareCode(license),
    'saved by a Windows editor': utf16(license),
    'with a byte order mark': `\ufeff${license}`,
  };
  await Promise.all(
    Object.entries(mails).map(async ([how, mail]) => {
      const { code, stdout, stderr } = await site.usherWith(mail, 'vendor', 'inspect', '-');
      assert.is(code, 0, `${how}: ${stderr}`);
      assert.match(stdout, /^Signature {4}good$/m, how);
    }),
  );
});

story('I4: the block in a file is found whichever way the file was saved', async () => {
  await using site = await Site.open();
  await writeFile(site.file('utf16.txt'), utf16(site.vendor.issue()));
  await writeFile(site.file('license.bin'), site.vendor.sign());
  await writeFile(site.file('bare.txt'), bareCode(site.vendor.issue()));
  const inspect = async (file: string): Promise<void> => {
    const { code, stderr } = await site.usher('vendor', 'inspect', file);
    assert.is(code, 0, `${file}: ${stderr}`);
  };
  await Promise.all(['utf16.txt', 'license.bin', 'bare.txt'].map(inspect));
});

story('I4 D2: two blocks in one paste are both taken', async () => {
  await using site = await Site.lending();
  const paste = `First:\n${site.vendor.issue()}\nand second:\n${site.vendor.issue()}`;
  const inspected = await site.usherWith(paste, 'vendor', 'inspect', '-', '--json');
  assert.is((JSON.parse(inspected.stdout) as License[]).length, 2);
  const added = await site.usherWith(paste, 'license', 'add', '-');
  assert.is(added.code, 0, added.stderr);
  assert.is(added.stdout.match(/^Added license /gm)?.length, 2);
  assert.is((await site.licenses()).length, 2);
});

story('I4: of two blocks the good one is taken and the bad one named', async () => {
  await using site = await Site.lending();
  const bad = site.vendor.issue().replace(/^(.{20})(.)/m, '$1_');
  const cut = site.vendor.issue().replace(/-----END.*/, '');
  const paste = `${site.vendor.issue()}${bad}${cut}`;
  const added = await site.usherWith(paste, 'license', 'add', '-');
  assert.is(added.code, 1);
  assert.match(added.stdout, /^Added license [a-z0-9]+: acme-cad, 3 seats, active\.\n$/);
  assert.is((await site.licenses()).length, 1);
});

tellStories();
