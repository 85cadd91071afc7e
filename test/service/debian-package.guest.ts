/**
 * The way of a new administrator on a new machine with systemd: from the .deb to the first seat, timed,
 * then to the next version while somebody works, and away. Run by .ci/run.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildVersion, RELEASE, VERSION } from '../packages/releases.ts';
import {
  assertUndisturbed,
  type Checks,
  FUNCTIONS,
  makeLicense,
  openGuest,
  outputOf,
  seatIds,
} from './guest-site.ts';
import { runUnderSystemd } from './systemd-guest.ts';

/** From the package to the first seat, in seconds of the guest. */
const NEWCOMER_MAX_S = 60;
const NEXT = '9.0.0';
const PACKAGE = join(RELEASE, `usher_${VERSION}-1_amd64.deb`);

const SCRIPT = `${FUNCTIONS}
now() { read up idle </proc/uptime; echo $up; }
files > /payload/before
begun=$(now)
check install dpkg -i /payload/usher.deb
check add usher license add /payload/license.txt
work
check newcomer echo $begun $(now)
check held usher seat list --json
check upgrade dpkg -i /payload/next.deb
check upgraded usher --version
check status usher service status --json
check still-held usher seat list --json
check worker still
kill $worker; wait $worker
check purge dpkg --purge usher
check user getent passwd usher
check unit systemctl list-units --all --no-legend 'usher*'
files > /payload/after
check left diff /payload/before /payload/after
finish
`;

/** What the guest has told; once for all tests. */
const visitGuest = async (home: string): Promise<Checks> => {
  const next = await buildVersion(NEXT, ['deb']);
  const folder = await mkdtemp(join(tmpdir(), 'usher-package-'));
  try {
    const files = {
      'usher.deb': PACKAGE,
      'next.deb': join(next, `usher_${NEXT}-1_amd64.deb`),
      'license.txt': await makeLicense(folder),
    };
    return await runUnderSystemd(home, { files, script: SCRIPT });
  } finally {
    for (const made of [folder, next]) await rm(made, { recursive: true, force: true });
  }
};

const home = (await openGuest(PACKAGE)) ?? '';

const packages = suite<{ checks: Checks }>('the .deb under systemd');

packages('the guest boots, does it all and powers off', async (context) => {
  context.checks = await visitGuest(home);
});

packages(
  `from the package to the first seat it takes less than ${NEWCOMER_MAX_S} s`,
  ({ checks }) => {
    outputOf(checks, 'install');
    assert.match(outputOf(checks, 'add'), 'Added license');
    assert.is(seatIds(checks, 'held').length, 1);
    const [begun = 0, ended = 0] = outputOf(checks, 'newcomer').split(' ').map(Number);
    const seconds = ended - begun;
    console.log(
      `From the package to the first seat: ${seconds.toFixed(1)} s in an emulated computer.`,
    );
    assert.ok(seconds > 0 && seconds < NEWCOMER_MAX_S, `${seconds} s`);
  },
);

packages('upgraded while somebody works, it runs anew and he notices nothing', ({ checks }) => {
  outputOf(checks, 'upgrade');
  assert.match(outputOf(checks, 'upgraded'), /^usher 9\.0\.0 /);
  assert.is(JSON.parse(outputOf(checks, 'status')).state, 'running');
  assert.equal(seatIds(checks, 'still-held'), seatIds(checks, 'held'));
  assertUndisturbed(checks, 'worker');
});

packages('purged it leaves nothing', ({ checks }) => {
  outputOf(checks, 'purge');
  const backups = /^> \/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/;
  const left = (checks.get('left')?.output ?? 'none').split('\n');
  assert.equal(
    left.filter((line) => /^[<>]/.test(line) && !backups.test(line)),
    [],
  );
  assert.is(outputOf(checks, 'user', 2), '');
  assert.is(outputOf(checks, 'unit'), '');
});

if (home !== '') packages.run();
