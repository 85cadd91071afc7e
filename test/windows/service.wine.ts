/**
 * The packaged program as a service of Windows, under Wine: installed by itself, ruled by Wine's
 * service manager, serving a client on Linux through the loopback interface that both share. Wine
 * keeps no access lists, service SIDs, recovery actions and event log: those are not seen here.
 */

import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
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
  withLog,
  workOutside,
} from './windows-program.ts';
import type { Wine } from './wine.ts';

const DATA = 'ProgramData/Usher';
const PROGRAM_FOLDER = 'Program Files/Usher';

/** What Windows' registry keeps of the service; Wine's has no recovery actions, and no service SID. */
const assertKept = (wine: Wine): void => {
  const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Usher';
  const kept = succeed(wine.run('reg', 'query', key));
  assert.match(kept, / ImagePath +REG_SZ +"C:\\Program Files\\Usher\\usher\.exe" serve --service /);
  assert.match(kept, / ObjectName +REG_SZ +NT AUTHORITY\\LocalService\s/);
  assert.match(kept, / Start +REG_DWORD +0x2\s/, 'by itself');
  assert.match(kept, / DelayedAutoStart +REG_DWORD +0x1\s/, 'after the others');
  assert.match(kept, / PreshutdownTimeout +REG_DWORD +0x4e20\s/, '20 s');
};

const testWith = (root: string): void => {
  test('a service is installed, serves, keeps its leases, and goes without a trace', async () => {
    using wine = openWine(root);
    await withLog(wine, async () => {
      wine.stayUp();
      const usher = (...words: readonly string[]) => wine.run('usher.exe', ...words);
      const plan = succeed(usher('service', 'install', '--dry-run'));
      assert.match(plan, /serve --service --data C:\\ProgramData\\Usher/);
      assert.not.ok(existsSync(wine.onDriveC(DATA)), 'a dry run does nothing');
      assert.match(usher('service', 'status').out, /not installed/);

      succeed(usher('service', 'install', '--no-start'));
      assertKept(wine);
      const port = await settle(wine);
      succeed(usher('service', 'start'));
      assert.match(succeed(usher('service', 'status')), /running, process \d+[\s\S]*started/);
      assert.match(succeed(usher('status')), /^Agent /, 'the pipe answers');
      assert.match(succeed(wine.run('sc', 'query', 'Usher')), /RUNNING/);
      addLicense(wine, new Vendor());

      const worker = await workOutside(wine, port);
      const seats = seatIds(wine);
      assert.is(seats.length, 1);
      succeed(usher('service', 'stop'));
      assert.match(usher('service', 'status').out, /stopped/);
      assert.is(usher('status').status, 3, 'nobody answers at the pipe');
      assert.match(succeed(usher('service', 'logs')), /Stopped\.\s*$/);

      const keyFile = readFileSync(wine.onDriveC(`${DATA}/agent.key`));
      assert.ok(keyFile.includes('dpapi'), 'its key is sealed by Windows');

      succeed(usher('service', 'start'));
      assert.equal(seatIds(wine), seats, 'the lease is kept');
      const again = succeed(usher('service', 'install'));
      assert.match(again, /has stopped[\s\S]*is installed[\s\S]*runs/, 'brought up to date');
      assert.match(readFileSync(wine.onDriveC(SETTINGS), 'utf8'), new RegExp(`port = ${port}`));
      assert.equal(seatIds(wine), seats, 'the lease is kept by the new program');
      assert.is(await goHome(worker), 0);

      succeed(usher('service', 'uninstall'));
      assert.match(usher('service', 'status').out, /not installed/);
      assert.not.ok(existsSync(wine.onDriveC(`${PROGRAM_FOLDER}/usher.exe`)));
      assert.ok(existsSync(wine.onDriveC(`${DATA}/store`)), 'the data stay');
      const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\Usher';
      assert.is.not(wine.run('reg', 'query', key).status, 0, 'the event source is gone');
      const purged = succeed(usher('service', 'uninstall', '--purge'));
      assert.match(purged, /There was no service\.[\s\S]*ProgramData\\Usher is removed/);
      assert.not.ok(existsSync(wine.onDriveC(DATA)));
    });
  });

  test('started by hand, the service says how it is started', () => {
    using wine = openWine(root);
    const { status, err } = wine.run('usher.exe', 'serve', '--service', '--data', 'C:\\data');
    assert.is(status, 2, err);
    assert.match(err, /usher service start/);
  });
};

const root = openWineFor();
if (root !== undefined) testWith(root);

test.run();
