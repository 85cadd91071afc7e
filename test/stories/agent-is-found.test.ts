import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

interface Found {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly products: readonly { readonly product: string; readonly free: number }[];
}

story('I13: agents are found by broadcast, with their products and free seats', async () => {
  await using site = await Site.open();
  await site.serve('--name', 'front-desk');
  await site.addLicense();
  await site.addLicense({ product: 'acme-cam' });
  await site.work();
  const [table, found] = await Promise.all([
    site.usher('discover'),
    site.json<readonly Found[]>('discover'),
  ]);
  assert.is(table.code, 0, table.stderr);
  const [heads = '', row = '', ...rest] = table.stdout.split('\n');
  assert.match(heads, /^AGENT +ADDRESS +FOUND BY +VERSION +PRODUCTS \(FREE OF ALL SEATS\)$/);
  assert.match(
    row,
    /^front-desk +127\.0\.0\.1:\d+ +broadcast +\d+\.\d+\.\d+ +acme-cad 2\/3, acme-cam 3\/3$/,
  );
  assert.equal(rest, ['']);
  assert.is(found.length, 1, 'one agent is listed once, however it was found');
  assert.is(found[0]?.port, site.port);
});

story('P10 I13: an agent is found by an address given by hand', async () => {
  await using site = await Site.lending({});
  const address = `127.0.0.1:${site.port}`;
  const elsewhere = ['--port', '9', '--patience', '2'];
  const lost = await site.tryToWork(...elsewhere);
  assert.is(lost.code, 3, lost.stderr);
  assert.is((await site.tryToWork(...elsewhere, '--agent', address)).code, 0);
  const env = { USHER_AGENT: `localhost:${site.port}` };
  const words = ['run', '--product', 'acme-cad', ...elsewhere, '--', 'true'];
  assert.is((await site.start(words, { env }).ending()).code, 0);
  const wrong = await site.tryToWork('--agent', 'http://front-desk/');
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, /Not agents' addresses: http:\/\/front-desk\//);
});

story('where no agent is, everybody is told so and what to do', async () => {
  await using site = await Site.open();
  const env = { USHER_PORT: '9' };
  const say = (...words: readonly string[]) => site.start(words, { env }).ending();
  const [discovered, listed, ran, status] = await Promise.all([
    say('discover'),
    say('discover', '--json'),
    say('run', '--product', 'acme-cad', '--patience', '0.5', '--', 'echo', 'worked'),
    say('status'),
  ]);
  assert.is(discovered.code, 3);
  assert.match(discovered.stdout, /^No agent answered\. .*--agent HOST/);
  assert.is(listed.code, 3);
  assert.equal(JSON.parse(listed.stdout), []);
  assert.is(ran.code, 3);
  assert.is(ran.stdout, '');
  assert.match(
    ran.stderr,
    /^No license agent for acme-cad answered on this network\.\n.*USHER_AGENT/,
  );
  assert.is(status.code, 3);
  assert.match(status.stderr, /^No agent runs on this data folder .*usher serve.*--data/);
});

tellStories();
