/**
 * The packaged binary alone on a new machine with systemd: installed by one command, it serves under a
 * hardened unit, keeps a client's seat across a restart, an upgrade, an update that fails and a reboot,
 * and leaves nothing when it is purged. Run by .ci/run.
 */

import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sumUp } from '../../scripts/packages/release.ts';
import { parseSigningKey, publicKeyLine } from '../../scripts/packages/signing-key.ts';
import { buildVersion } from '../packages/releases.ts';
import { makeSecretKeyFile } from '../scripts/packages/signing-key.ts';
import {
  assertUndisturbed,
  BINARY,
  type Checks,
  FUNCTIONS,
  makeLicense,
  openGuest,
  outputOf,
  seatIds,
} from './guest-site.ts';
import { runUnderSystemd } from './systemd-guest.ts';

const EXPOSURE_MAX = 1.5;
const NEXT = '9.0.0';
const BROKEN = '9.0.1';

/** Says that it is a newer one, and does not serve. */
const BROKEN_PROGRAM = `#!/bin/sh
[ "$1" = --version ] && echo 'usher ${BROKEN} (broken), Node 1' && exit
echo 'It does not serve.' >&2
exit 1
`;

/** Before the reboot. */
const FIRST = `
usher=/payload/usher
files > /payload/before
ip link add d0 type dummy; ip addr add 10.9.0.1/24 dev d0; ip link set d0 up
nft 'add table inet site; add chain inet site in { type filter hook input priority 0; policy drop; }; add rule inet site in iif lo accept'
check install $usher service install
check shut nft list ruleset
USHER_INTERFACES= check install-again $usher service install --open-firewall
check opened nft list ruleset
check status usher service status --json
usher service logs --lines 1 --follow >/run/client/followed 2>&1 & follower=$!
check exposure systemd-analyze security --no-pager usher.service
check add usher license add /payload/license.txt
work
check held usher seat list --json
check restart usher service restart
cp $usher /payload/newer; printf x >>/payload/newer
check upgrade /payload/newer service install
check update usher update --from /payload/usher-${NEXT}-linux-x64 --key KEY
check updated usher --version
check broken-update usher update --from /payload/usher-${BROKEN}-linux-x64 --key KEY
check back usher --version
check beside ls /usr/local/bin
check status-after usher service status --json
check still-held usher seat list --json
check worker still
check told systemctl show usher.service --property=StatusText
echo 'name = renamed' >>/etc/usher/usher.conf
check reload systemctl reload usher.service
check renamed usher status
echo 'nam = x' >>/etc/usher/usher.conf
check reload-faulty systemctl reload usher.service
sed -i '/^nam =/d' /etc/usher/usher.conf
check log usher service logs
kill -INT $follower; wait $follower
check followed cat /run/client/followed
# One that is stopped in order gives its seat back.
kill -9 $worker
sync; systemctl reboot; exit
`;

const SECOND = `
nft 'add table inet site; add chain inet site in { type filter hook input priority 0; policy drop; }; add rule inet site in iif lo accept'
for i in $(seq 600); do systemctl is-active --quiet usher.service && break; sleep 0.1; done
check after-reboot usher service status --json
check seats-after-reboot usher seat list --json
ip link add d0 type dummy; ip addr add 10.9.0.1/24 dev d0; ip link set d0 up
USHER_INTERFACES= check reopened usher firewall open --data /var/lib/usher
check uninstall usher service uninstall
check closed nft list ruleset
check kept ls /var/lib/usher /etc/usher
check purge /payload/usher service uninstall --purge
check user getent passwd usher
check unit systemctl list-units --all --no-legend 'usher*'
files > /payload/after
check left diff /payload/before /payload/after
finish
`;

const scriptFor = (key: string): string =>
  `${FUNCTIONS}
if [ ! -e /payload/booted ]; then touch /payload/booted; ${FIRST}
else ${SECOND}
fi`.replaceAll('--key KEY', `--key ${key}`);

/** Everything that the guest brings: this build, a next one and a broken one, signed. */
const fillFolder = async (folder: string): Promise<string> => {
  const next = await buildVersion(NEXT, []);
  const name = `usher-${NEXT}-linux-x64`;
  await copyFile(join(next, name), join(folder, name));
  await rm(next, { recursive: true });
  await writeFile(join(folder, `usher-${BROKEN}-linux-x64`), BROKEN_PROGRAM, { mode: 0o755 });
  const key = parseSigningKey(makeSecretKeyFile());
  await sumUp(folder, 'a release for tests', key);
  return publicKeyLine(key);
};

/** What the guest has told; once for all tests. */
const visitGuest = async (home: string): Promise<Checks> => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-service-'));
  try {
    const key = await fillFolder(folder);
    const signed = [`usher-${NEXT}-linux-x64`, `usher-${BROKEN}-linux-x64`];
    const release = [...signed, 'SHA256SUMS', 'SHA256SUMS.minisig'];
    const files = {
      usher: BINARY,
      'license.txt': await makeLicense(folder),
      ...Object.fromEntries(release.map((name) => [name, join(folder, name)])),
    };
    return await runUnderSystemd(home, { files, script: scriptFor(key) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const home = (await openGuest(BINARY)) ?? '';

const services = suite<{ checks: Checks }>('service under systemd');

services('the guest boots, does it all and powers off', async (context) => {
  context.checks = await visitGuest(home);
});

services('one command installs it, and again changes nothing', ({ checks }) => {
  assert.match(outputOf(checks, 'install'), /^Installed \/usr\/local\/bin\/usher$/m);
  assert.not.match(outputOf(checks, 'install-again'), /^(Installed|Wrote|Made|Replaced) /m);
});

services(
  'the firewall is opened by its flag, never silently, and closed at the end',
  ({ checks }) => {
    assert.not.match(outputOf(checks, 'shut'), 'usher');
    assert.match(outputOf(checks, 'install-again'), /^Opened: UDP 24711 from 10\.9\.0\.0\/24/m);
    const rule = 'ip saddr 10.9.0.0/24 udp dport 24711 accept comment "usher:';
    assert.ok(outputOf(checks, 'opened').includes(rule), outputOf(checks, 'opened'));
    assert.match(outputOf(checks, 'reopened'), /^Opened/);
    assert.not.match(outputOf(checks, 'closed'), 'usher');
  },
);

services('systemd was told that it serves, and what', ({ checks }) => {
  const status = JSON.parse(outputOf(checks, 'status'));
  assert.is(status.state, 'running');
  assert.is(status.startsAtBoot, true);
  assert.match(status.detail, /^Serving on UDP port 24711: no license yet\.$/);
  assert.match(
    outputOf(checks, 'told'),
    'StatusText=Serving on UDP port 24711: acme 1 of 2 seats.',
  );
});

services(`its exposure is at most ${EXPOSURE_MAX}`, ({ checks }) => {
  const text = outputOf(checks, 'exposure');
  const level = Number(/exposure level for usher\.service: ([\d.]+)/.exec(text)?.[1]);
  assert.ok(level <= EXPOSURE_MAX, `exposure ${level}`);
});

services(
  'a client keeps its seat across restart, upgrade and updates and notices nothing',
  ({ checks }) => {
    assert.match(outputOf(checks, 'add'), 'Added license');
    const held = seatIds(checks, 'held');
    assert.is(held.length, 1);
    outputOf(checks, 'restart');
    assert.match(outputOf(checks, 'upgrade'), /^Replaced \/usr\/local\/bin\/usher$/m);
    assert.equal(seatIds(checks, 'still-held'), held);
    assertUndisturbed(checks, 'worker');
  },
);

services(
  'an update takes the place of the program, and one that does not come up gives it back',
  ({ checks }) => {
    assert.match(outputOf(checks, 'update'), /usher is 9\.0\.0 now, signed as/);
    assert.match(outputOf(checks, 'updated'), /^usher 9\.0\.0 /);
    const refusal = outputOf(checks, 'broken-update', 1);
    assert.match(
      refusal,
      /did not come up as 9\.0\.1: .* The program from before is back and runs\./m,
    );
    assert.match(outputOf(checks, 'back'), /^usher 9\.0\.0 /);
    assert.is(outputOf(checks, 'beside'), 'usher\n');
    const [before, after] = ['status', 'status-after'].map((name) =>
      JSON.parse(outputOf(checks, name)),
    );
    assert.is(after.state, 'running');
    assert.is.not(after.pid, before.pid);
  },
);

services('settings are reloaded through systemd, and a fault is said', ({ checks }) => {
  outputOf(checks, 'reload');
  assert.match(outputOf(checks, 'renamed'), /^Agent +renamed,/m);
  outputOf(checks, 'reload-faulty', 1);
  const log = outputOf(checks, 'log');
  assert.match(log, /Changed: name\./);
  assert.match(log, /Nothing was changed: .* Did you mean "name"\?/);
});

services('the log is followed', ({ checks }) => {
  const followed = outputOf(checks, 'followed');
  assert.match(followed, /Serving on UDP port 24711[\s\S]*Changed: name\./);
});

services('after a reboot it serves again and has kept the seat', ({ checks }) => {
  assert.is(JSON.parse(outputOf(checks, 'after-reboot')).state, 'running');
  assert.equal(seatIds(checks, 'seats-after-reboot'), seatIds(checks, 'held'));
});

services('uninstalled it keeps the data, purged it leaves nothing', ({ checks }) => {
  assert.match(outputOf(checks, 'uninstall'), 'Kept: /var/lib/usher and /etc/usher/usher.conf');
  for (const name of ['agent.key', 'store', 'usher.conf'])
    assert.match(outputOf(checks, 'kept'), name);
  outputOf(checks, 'purge');
  assert.is(outputOf(checks, 'left'), '');
  assert.is(outputOf(checks, 'user', 2), '');
  assert.is(outputOf(checks, 'unit'), '');
});

if (home !== '') services.run();
