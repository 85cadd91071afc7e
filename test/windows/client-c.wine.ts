/**
 * The C client as a Windows program, under Wine: its example takes a seat of an agent on Linux through
 * the loopback interface that both share, keeps it for longer than a term, and gives it back.
 */

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { CWorkshop, hasTool, WARNINGS } from '../interop/c-program.ts';
import { Site } from '../stories/site.ts';
import { openWine, openWineFor } from './windows-program.ts';

const COMPILER = 'x86_64-w64-mingw32-gcc';

const testWith = (root: string, program: string): void => {
  test('a Windows application holds a seat of an agent on Linux', async () => {
    await using site = await Site.lending({ term: seconds(10) });
    using wine = openWine(root, program, 'example.exe');
    const { key } = site.vendor;
    const at = `127.0.0.1:${site.port}`;
    const held = wine.run('example.exe', key, 'acme-cad', at, '12');
    assert.is(held.status, 0, `${held.out}${held.err}`);
    assert.match(held.out, /The seat is held\.\s+Seat [0-9a-z]{16} of /);
    assert.match(held.out, /The seat is given back\.\s*$/);
    assert.not.match(held.out, /lost|does not answer/);
    await site.seatsBecome(0);

    const refused = wine.run('example.exe', key, 'acme-other', at, '1');
    assert.is(refused.status, 1);
    assert.match(refused.err, /No seat \(no-license\)\. This agent has no license/);
    const foreign = wine.run('example.exe', 'A'.repeat(43), 'acme-cad', at, '1');
    assert.match(foreign.err, /No seat \(untrusted-other-vendor\)/);
    await site.seatsBecome(0);
  });

  test('it finds the agent of its own computer without an address', async () => {
    await using site = await Site.lending({});
    using wine = openWine(root, program, 'driver.exe');
    const driver = workshop.make(COMPILER, 'driver', '-O2');
    copyFileSync(driver, join(wine.folder, 'driver.exe'));
    const { key } = site.vendor;
    const words = ['--vendor-key', key, '--product', 'acme-cad', '--port', `${site.port}`];
    const done = wine.run('driver.exe', ...words, '--interfaces', '127.0.0.1');
    assert.is(done.status, 0, `${done.out}${done.err}`);
    assert.match(done.out, /"step":"released","code":"ok"/);
  });
};

const workshop = new CWorkshop();
process.on('exit', () => workshop[Symbol.dispose]());

if (!hasTool(COMPILER)) {
  console.log(`Not run under Wine: the C client, for there is no ${COMPILER}.`);
} else {
  const program = workshop.make(COMPILER, 'example', '-O2', ...WARNINGS);
  const root = openWineFor(program);
  if (root !== undefined) testWith(root, program);
}

test.run();
