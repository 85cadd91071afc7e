import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story('S7: the log is read, searched and printed for programs, running or not', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  const { id } = await site.addLicense();
  await site.tryToWork();
  await site.usher('run', '--product', 'acme-cam', '--', 'true');
  const all = await site.usher('log');
  assert.match(all.stdout, new RegExp(`License ${id} for acme-cad added\\.`));
  assert.match(all.stdout, /Seat of acme-cam refused/);
  const some = await site.usher('log', '--grep', 'REFUSED');
  assert.match(some.stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}Seat of acme-cam refused.*\n$/);
  agent.kill('SIGTERM');
  await agent.ending();
  const { stdout } = await site.usher('log', '--json', '--grep', 'granted', '--since', '1h');
  const entry = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
  assert.is(entry['kind'], 'seat-granted');
  assert.is(entry['fields']?.['product'], 'acme-cad');
  assert.is((await site.usher('log', '--since', '2100-01-01')).stdout, '');
  assert.is((await site.usher('log', '--lines', '1')).stdout.trimEnd().split('\n').length, 1);
});

story(
  'S7: whoever follows the log sees what is added, also when the file is put aside',
  async () => {
    await using site = await Site.lending({});
    const follower = site.start(['log', '--follow']);
    await follower.saying(/for acme-cad added\./);
    await site.usher('run', '--product', 'first', '--', 'true');
    await follower.saying(/Seat of first refused/);
    const path = join(site.data, 'logs', 'usher.log');
    await rename(path, `${path}.1`);
    await site.usher('run', '--product', 'second', '--', 'true');
    await follower.saying(/Seat of second refused/);
  },
);

story('S7: where there is no log it is said where there should be one', async () => {
  await using site = await Site.open();
  const { code, stderr } = await site.usher('log');
  assert.is(code, 1);
  assert.match(stderr, /There is no log at .*usher\.log/);
});

tellStories();
