import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story('I7: usher top shows who holds what; where nobody watches, once', async () => {
  await using site = await Site.lending({});
  const worker = await site.work();
  assert.ok(worker);
  const { stdout, code } = await site.usher('top');
  assert.is(code, 0);
  assert.match(stdout, /acme-cad .*1 +3/);
  assert.not.match(stdout, '\u001b');
});

tellStories();
