import { request } from 'node:http';
import { platform } from 'node:os';
import * as assert from 'uvu/assert';
import { DataFolder } from '../../agent/edges/data-folder.ts';
import { Site } from './site.ts';
import { story, tellStories, untold } from './story.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

if (platform() === 'linux' && isRoot) {
  story('C9: another user of the computer may not administer the agent', async () => {
    await using site = await Site.lending({});
    for (const words of [['status'], ['license', 'list'], ['seat', 'list']]) {
      const { code, stderr } = await site.start(words, { by: NOBODY }).ending();
      assert.is(code, 4, stderr);
      assert.match(stderr, /^This user may not administer the agent .*\n$/);
    }
    const [license] = await site.licenses();
    const remove = ['license', 'remove', '--yes', license?.id ?? ''];
    assert.is((await site.start(remove, { by: NOBODY }).ending()).code, 4);
    assert.is((await site.licenses()).length, 1);
  });
} else {
  untold('C9: another user may not administer the agent (needs root and Linux)');
}

/** What the endpoint answers to a request with this body. */
const post = (site: Site, body: string, path = '/operation'): Promise<number> =>
  new Promise((keep, breakIt) => {
    const socketPath = new DataFolder(site.data).controlPath;
    const outgoing = request({ socketPath, path, method: 'POST' }, (response) => {
      response.resume();
      keep(response.statusCode ?? 0);
    });
    outgoing.on('error', breakIt);
    outgoing.end(body);
  });

story('nonsense at the local endpoint is refused and harms nothing', async () => {
  await using site = await Site.lending({});
  const nonsense = ['', 'null', '[]', '{"kind":"fly"}', '{"kind":"license-show"}', '{"kind":1'];
  for (const body of nonsense) assert.is(await post(site, body), 400, body);
  assert.is(await post(site, '{"kind":"status"}', '/elsewhere'), 404);
  assert.is(await post(site, '{"kind":"seat-disconnect","id":{"a":1}}'), 400);
  const big = JSON.stringify({ kind: 'license-add', text: 'x'.repeat(8_000_000) });
  assert.is(await post(site, big).catch(() => 413), 413);
  assert.is(await post(site, '{"kind":"status"}'), 200);
});

tellStories();
