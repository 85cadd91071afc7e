/**
 * The packaged binary alone on a new machine with systemd: installed by one command, it serves under a
 * hardened unit, keeps a client's seat across a restart, an upgrade and a reboot, and leaves nothing
 * when it is purged. Run by .ci/run.
 */

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/build/run.ts';
import type { Check } from '../vm/guest.ts';
import { openSystemdRoot, runUnderSystemd } from './systemd-guest.ts';

const BINARY = join(process.cwd(), 'build', 'out', 'usher-linux-x64');
const EXPOSURE_MAX = 1.5;

/** Before the reboot. The client's own files are where a reboot takes them away. */
const FIRST = `
usher=/payload/usher
files > /payload/before
check install $usher service install
check install-again $usher service install
check active systemctl is-active usher.service
check status usher service status --json
check exposure systemd-analyze security --no-pager usher.service
check add usher license add /payload/license.txt
export USHER_INTERFACES=lo HOME=/run/client XDG_STATE_HOME=/run/client; mkdir -p $HOME
usher run --product acme -- sh -c 'echo at work; exec sleep 1000' >/run/client/said 2>&1 & worker=$!
for i in $(seq 300); do grep -q 'at work' /run/client/said && break; sleep 0.1; done
check lease-uptime cat /proc/uptime
check held usher seat list --json
check restart usher service restart
cp $usher /payload/newer; printf x >>/payload/newer
check upgrade /payload/newer service install
check still-held usher seat list --json
check worker sh -c "kill -0 $worker && cat /run/client/said"
check told systemctl show usher.service --property=StatusText
echo 'name = renamed' >>/etc/usher/usher.conf
check reload systemctl reload usher.service
check renamed usher status
echo 'nam = x' >>/etc/usher/usher.conf
check reload-faulty systemctl reload usher.service
check log usher service logs
sed -i '/^nam =/d' /etc/usher/usher.conf
sync; systemctl reboot; exit
`;

const SECOND = `
for i in $(seq 600); do systemctl is-active --quiet usher.service && break; sleep 0.1; done
check after-reboot usher service status --json
check seats-after-reboot usher seat list --json
check uninstall usher service uninstall
check kept ls /var/lib/usher /etc/usher
check purge /payload/usher service uninstall --purge
check user getent passwd usher
check unit systemctl list-units --all --no-legend 'usher*'
files > /payload/after
check left diff /payload/before /payload/after
finish
`;

/** Every file but those of the kernel, of this test and of systemd's own memory. */
const SCRIPT = `
files() {
  find / -xdev \\( -path /payload -o -path /run -o -path /var/log -o -path /var/lib/systemd \\
    -o -path /tmp -o -path /var/tmp -o -path /var/cache \\) -prune -o -printf '%p\\n' | sort
}
if [ ! -e /payload/booted ]; then touch /payload/booted; ${FIRST}
else ${SECOND}
fi`;

const makeLicense = async (folder: string): Promise<string> => {
  const [key, license] = [join(folder, 'vendor.key'), join(folder, 'license.txt')];
  const usher = (...words: readonly string[]) => run(BINARY, words, { env: { HOME: folder } });
  await usher('vendor', 'keygen', '--out', key);
  const terms = ['--product', 'acme', '--customer', 'ACME', '--seats', '2', '--no-activation'];
  await usher('vendor', 'issue', '--key', key, ...terms, '--allow-virtual', '--out', license);
  return license;
};

const services = suite<{ checks: ReadonlyMap<string, Check> }>('service under systemd');

services.before(async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-service-'));
  try {
    const files = { usher: BINARY, 'license.txt': await makeLicense(folder) };
    context.checks = await runUnderSystemd(await openSystemdRoot(), { files, script: SCRIPT });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

type Checks = ReadonlyMap<string, Check>;

const outputOf = (checks: Checks, name: string, code = 0): string => {
  const check = checks.get(name) ?? { output: 'it was never run', code: -1 };
  assert.is(check.code, code, `${name}: ${check.output}`);
  return check.output;
};

const seatIds = (checks: Checks, name: string): readonly string[] =>
  (JSON.parse(outputOf(checks, name)) as readonly { readonly id: string }[]).map(({ id }) => id);

services('one command installs it, and again changes nothing', ({ checks }) => {
  assert.match(outputOf(checks, 'install'), /^Installed \/usr\/local\/bin\/usher$/m);
  assert.match(outputOf(checks, 'install-again'), /^Everything was in place already\.$/m);
  assert.is(outputOf(checks, 'active'), 'active\n');
});

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

services('a client keeps its seat across restart and upgrade and notices nothing', ({ checks }) => {
  assert.match(outputOf(checks, 'add'), 'Added license');
  const held = seatIds(checks, 'held');
  assert.is(held.length, 1);
  outputOf(checks, 'restart');
  assert.match(outputOf(checks, 'upgrade'), /^Replaced \/usr\/local\/bin\/usher$/m);
  assert.equal(seatIds(checks, 'still-held'), held);
  const said = outputOf(checks, 'worker').split('\n');
  assert.ok(
    said.indexOf('at work') >= 0 && said.at(said.indexOf('at work') + 1) === '',
    said.join('\n'),
  );
});

services('settings are reloaded through systemd, and a fault is said', ({ checks }) => {
  outputOf(checks, 'reload');
  assert.match(outputOf(checks, 'renamed'), /^Agent +renamed,/m);
  outputOf(checks, 'reload-faulty', 1);
  const log = outputOf(checks, 'log');
  assert.match(log, /Changed: name\./);
  assert.match(log, /Nothing was changed: .* Did you mean "name"\?/);
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

const why =
  process.platform !== 'linux' || process.arch !== 'x64' || process.getuid?.() !== 0
    ? 'it takes root on an x64 Linux'
    : existsSync(BINARY)
      ? undefined
      : `there is no ${BINARY}`;
if (why === undefined) services.run();
else console.log(`No service was installed: ${why}.`);
