import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story('I4 I6 C6: an administrator adds, lists, shows and removes a license', async () => {
  await using site = await Site.lending();
  const empty = await site.usher('license', 'list');
  assert.is(empty.code, 0);
  assert.is(empty.stdout, 'No licenses. Add one with `usher license add FILE`.\n');

  const { id } = await site.addLicense();
  const { stdout: table } = await site.usher('license', 'list');
  const [heads = '', row = ''] = table.split('\n');
  assert.match(heads, /^ID +PRODUCT +CUSTOMER +STATE +SEATS IN USE +EXPIRES$/);
  assert.match(row, new RegExp(`^${id} +acme-cad +Bauhaus Ltd +active +generic 0/3 +never$`));
  assert.is(heads.indexOf('CUSTOMER'), row.indexOf('Bauhaus Ltd'), 'columns are aligned');

  for (const name of [id, id.slice(0, 6), id.slice(0, 6).toUpperCase()]) {
    const shown = await site.usher('license', 'show', name);
    assert.is(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, new RegExp(`^License {6}${id}$`, 'm'));
    assert.match(shown.stdout, /^State {8}active$/m);
  }

  const removed = await site.usher('license', 'remove', '--yes', id.slice(0, 8));
  assert.is(removed.code, 0, removed.stderr);
  const back = `\`usher license restore ${id}\` brings it back for 30 days.`;
  assert.is(removed.stdout, `Removed license ${id}: acme-cad. ${back}\n`);
  assert.equal(await site.licenses(), []);
});

story('a duplicate is refused in its own sentence and changes nothing', async () => {
  await using site = await Site.lending();
  const text = site.vendor.issue();
  assert.is((await site.usherWith(text, 'license', 'add', '-')).code, 0);
  const [before] = await site.licenses();
  const again = await site.usherWith(text, 'license', 'add', '-');
  assert.is(again.code, 1);
  assert.is(
    again.stderr,
    `Not added (${before?.id}): This license is here already. See \`usher license list\`.\n`,
  );
  assert.equal(await site.licenses(), [before]);
});

story('a name that fits no license or several is refused', async () => {
  await using site = await Site.lending();
  const none = await site.usher('license', 'show', 'zzzz');
  assert.is(none.code, 1);
  assert.is(none.stderr, 'No license begins with "zzzz". See `usher license list`.\n');
  // More licenses than there are letters: two begin with the same one.
  const paste = Array.from({ length: 40 }, () => site.vendor.issue()).join('');
  assert.is((await site.usherWith(paste, 'license', 'add', '-')).code, 0);
  const initials = (await site.licenses()).map(({ id }) => id.slice(0, 1));
  const twice = initials.find((one, i) => initials.indexOf(one) < i) ?? '';
  const many = await site.usher('license', 'remove', '--yes', twice);
  assert.is(many.code, 1);
  assert.match(
    many.stderr,
    /^\d+ licenses begin with ".": type more of it\. See `usher license list`\.\n$/,
  );
  assert.is((await site.licenses()).length, 40);
});

story('licenses outlive the agent', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  const { id } = await site.addLicense();
  agent.kill('SIGTERM');
  assert.is((await agent.ending()).code, 0);
  await site.serve();
  assert.equal(
    (await site.licenses()).map((one) => one.id),
    [id],
  );
});

story('C10: with its last license removed a product lends nothing', async () => {
  await using site = await Site.lending({});
  const [license] = await site.licenses();
  await site.usher('license', 'remove', '--yes', license?.id ?? '');
  const refused = await site.tryToWork();
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /^acme-cad: This agent has no license for the product\./);
});

tellStories();
