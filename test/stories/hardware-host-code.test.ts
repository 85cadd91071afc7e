import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories, untold } from './story.ts';

story(
  'this computer has a host code, the same each time, and says what it is made of',
  async () => {
    await using site = await Site.open();
    const [first, second, json] = await Promise.all([
      site.usher('hardware', '--host-code'),
      site.usher('hardware', '--host-code'),
      site.json<{ hostCode: string; components: { kind: string }[] }>('hardware', '--host-code'),
    ]);
    assert.is(first.code, 0, first.stderr);
    assert.match(first.stdout, /^[0-9a-z]{5}(-[0-9a-z]{1,5})+\n$/);
    assert.is(second.stdout, first.stdout);
    assert.is(`${json.hostCode}\n`, first.stdout);
    assert.ok(json.components.length > 0);
  },
);

story('no value of the computer is printed', async () => {
  await using site = await Site.open();
  const machineId = (await readFile('/etc/machine-id', 'utf8').catch(() => '-none-')).trim();
  const { stdout } = await site.usher('hardware', '--host-code', '--json');
  assert.not.ok(stdout.includes(machineId), stdout);
});

story('recorded facts have no host code', async () => {
  await using site = await Site.open();
  const { code, stderr } = await site.usher('hardware', '--host-code', '--facts', 'x.json');
  assert.is(code, 2);
  assert.match(stderr, /--host-code stands alone or with --vendor or --json\./);
});

// 65534 is nobody wherever there is one.
if (platform() === 'linux' && process.getuid?.() === 0) {
  story('an ordinary user sees the same host code as root', async () => {
    await using site = await Site.open();
    const by = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const nobody = await site.start(['hardware', '--host-code'], { by }).ending();
    assert.is(nobody.code, 0, nobody.stderr);
    assert.is(nobody.stdout, (await site.usher('hardware', '--host-code')).stdout);
  });
} else untold('an ordinary user sees the same host code as root (needs root on Linux)');

tellStories();
