import { writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import type { ResourceView } from '../../agent/core/operations.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story('a license of any resource lends for the one that it is activated for', async () => {
  await using site = await Site.lending({ resource: '*', pools: [poolOf(2)] });
  const [license] = await site.licenses();
  const id = license?.id ?? '';
  const early = await site.tryToWork('--resource', 'plant-7');
  assert.match(early.stderr, /There is no license for this database or project\./);

  const added = await site.usher('resource', 'add', 'Plant-7', 'plant-8', '--customer', 'Bauhaus');
  assert.equal([added.code, added.stdout], [0, 'Registered 2 resources.\n']);
  const activated = await site.usher(
    'resource',
    'activate',
    'plant-7',
    '--license',
    id.slice(0, 8),
  );
  assert.is(activated.code, 0, activated.stderr);
  assert.is(activated.stdout, `Plant-7 has 2 seats now, of license ${id}.\n`);
  await site.work('--resource', 'PLANT-7');
  assert.is((await site.tryToWork('--resource', 'plant-8')).code, 1);
  assert.is((await site.tryToWork()).code, 1, 'it is for nothing else');

  const [seven, eight] = await site.json<readonly ResourceView[]>('resource', 'list');
  assert.equal(
    [seven?.name, seven?.customer, seven?.lent, seven?.seats],
    ['Plant-7', 'Bauhaus', 1, 2],
  );
  assert.equal(eight?.licenses, []);
  const { stdout: table } = await site.usher('resource', 'list');
  assert.match(table, new RegExp(`^Plant-7 +Bauhaus +1 +2 +${id}$`, 'm'));
  assert.match((await site.usher('license', 'show', id)).stdout, /^Activated for +Plant-7$/m);
  assert.match((await site.usher('license', 'list')).stdout, /for Plant-7$/m);

  const removed = await site.usher('resource', 'remove', 'plant-7');
  assert.is(
    removed.stdout,
    `Removed Plant-7.\nFree for another one: ${id}.\n1 of its seats in use go on until they are given back.\n`,
  );
});

story('what cannot be activated is refused in one sentence', async () => {
  await using site = await Site.lending({}, { resource: 'plant-7' });
  const [free, tied] = await site.licenses();
  await writeFile(site.file('names.txt'), 'plant-7\nplant-8\n');
  await site.usher('resource', 'add', '--from', 'names.txt');
  const activate = async (name: string, id = ''): Promise<string> => {
    const { code, stderr } = await site.usher('resource', 'activate', name, '--license', id);
    assert.is(code, 1);
    return stderr;
  };
  assert.match(await activate('plant-7', free?.id), /is tied to no database or project/);
  assert.match(await activate('plant-8', tied?.id), /is for plant-7 only/);
  assert.match(await activate('plant-9', tied?.id), /is for plant-7 only/);
  assert.match(await activate('plant-7', 'zzzz'), /No license begins with "zzzz"\./);
  const again = await site.usher('resource', 'add', 'PLANT-8');
  assert.is(
    again.stderr,
    'PLANT-8 is registered already, or was named twice. See what there is with `usher resource list` or `usher child list`.\n',
  );
  const none = await site.usher('resource', 'remove', 'plant-9');
  assert.match(none.stderr, /^No resource is named plant-9/);
});

tellStories();
