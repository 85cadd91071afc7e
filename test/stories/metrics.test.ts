import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const addressOf = async (site: Site): Promise<string> => {
  const agent = await site.serve('--console', '0');
  const [, address = ''] = await agent.saying(/Console on (http:\/\/localhost:\d+)\//);
  return address.replace('localhost', '127.0.0.1');
};

story('S7: metrics, health and readiness are served on this computer', async () => {
  await using site = await Site.open();
  const address = await addressOf(site);
  await site.addLicense();
  await site.work();
  const metrics = await fetch(`${address}/metrics`);
  assert.match(metrics.headers.get('content-type') ?? '', /openmetrics-text/);
  const text = await metrics.text();
  assert.match(text, /^usher_seats\{product="acme-cad",class="generic",state="used"\} 1$/m);
  assert.match(text, /^usher_store_commit_seconds_count [1-9]/m);
  assert.is((await fetch(`${address}/healthz`)).status, 200);
  assert.is((await fetch(`${address}/readyz`)).status, 200);
});

story('S7: where the port is taken the agent says so and goes on', async () => {
  await using first = await Site.open();
  const { port } = new URL(await addressOf(first));
  await using second = await Site.open();
  const agent = await second.serve('--console', port);
  await agent.saying(
    /Warning: There is no console, and there are no metrics: TCP port \d+ is in use\./,
  );
  await second.addLicense();
  assert.is((await second.tryToWork()).code, 0);
  const bad = await second.usher('serve', '--console', 'on');
  assert.is(bad.code, 2);
  assert.match(bad.stderr, /--console is a port, an IP address with a port, or off, not "on"/);
});

tellStories();
