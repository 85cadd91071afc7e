/**
 * The installer package under Wine, silently: the service is there and runs, a newer version takes
 * its place with settings and leases kept, an older one is refused, removal leaves the data.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeWindowsSetup } from '../../scripts/packages/windows-setup.ts';
import { goHome } from '../stories/site.ts';
import { Vendor } from '../stories/vendor.ts';
import {
  addLicense,
  openWine,
  openWineFor,
  SETTINGS,
  seatIds,
  settle,
  succeed,
  WINDOWS_PROGRAM,
  withLog,
  workOutside,
} from './windows-program.ts';

const PROGRAM_FOLDER = 'Program Files/Usher';
const CONSOLE_ENTRY = 'ProgramData/Microsoft/Windows/Start Menu/Programs/Usher/Usher console.lnk';
const REMOVABLE = 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall';

const KOFFI = join(process.cwd(), 'build', 'out', 'stage', 'win-x64', 'koffi.node');

const testWith = (root: string): void => {
  test('the package installs, upgrades and removes the service, and keeps what it must', async () => {
    using wine = openWine(root);
    const made = {
      root: process.cwd(),
      program: WINDOWS_PROGRAM,
      koffi: KOFFI,
      folder: wine.folder,
      time: 0,
    };
    for (const version of ['1.2.3', '1.2.4']) await makeWindowsSetup({ ...made, version });
    const zip = join(wine.folder, 'usher-1.2.3-win-x64.zip');
    const listed = spawnSync('unzip', ['-Z1', zip]).stdout.toString();
    assert.equal(listed.trim().split('\n'), ['usher.exe', 'README.txt']);
    wine.stayUp();
    await withLog(wine, async () => {
      const usher = (...words: readonly string[]) => wine.run('usher.exe', ...words);
      const install = (version: string) =>
        wine.run('msiexec', '/i', `usher-${version}-win-x64.msi`, '/qn');

      // Before it is installed: the usual port may be in use outside, and settings there are kept.
      const port = await settle(wine);
      succeed(install('1.2.3'));
      assert.match(succeed(usher('service', 'status')), /running, process/);
      addLicense(wine, new Vendor());
      const worker = await workOutside(wine, port);
      const seats = seatIds(wine);
      assert.is(seats.length, 1);

      succeed(install('1.2.4'));
      assert.match(succeed(usher('service', 'status')), /running, process/);
      assert.match(readFileSync(wine.onDriveC(SETTINGS), 'utf8'), new RegExp(`port = ${port}`));
      assert.equal(seatIds(wine), seats, 'the lease is kept');
      assert.is(await goHome(worker), 0);
      const entries = succeed(wine.run('reg', 'query', REMOVABLE, '/s'));
      assert.match(entries, /DisplayName\s+REG_SZ\s+Usher license agent/);
      assert.match(entries, /DisplayVersion\s+REG_SZ\s+1\.2\.4/);
      assert.not.match(entries, /1\.2\.3/, 'the former version is not offered for removal');
      assert.is.not(install('1.2.3').status, 0, 'a downgrade is refused');
      assert.match(succeed(usher('service', 'status')), /running, process/);

      assert.ok(existsSync(wine.onDriveC(CONSOLE_ENTRY)), 'the console is in the Start menu');

      succeed(wine.run('msiexec', '/x', 'usher-1.2.4-win-x64.msi', '/qn'));
      assert.not.ok(existsSync(wine.onDriveC(dirname(CONSOLE_ENTRY))), 'and its folder goes');
      assert.not.ok(existsSync(wine.onDriveC(PROGRAM_FOLDER)), 'nothing of the program is left');
      assert.ok(existsSync(wine.onDriveC('ProgramData/Usher/store')), 'the data stay');
      assert.match(usher('service', 'status').out, /not installed/);
    });
  });
};

const root = openWineFor();
const hasTools = ['wixl', 'msibuild', 'unzip'].every(
  (tool) => spawnSync('which', [tool]).status === 0,
);
if (!hasTools) console.log('Not run: making an installer package needs wixl, msibuild and unzip.');
else if (root !== undefined) testWith(root);

test.run();
