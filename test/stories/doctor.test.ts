import { hostname, userInfo } from 'node:os';
import * as assert from 'uvu/assert';
import type { Explanation } from '../../agent/core/operations.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story('the doctor says who holds the seats, who waits, and what rules say', async () => {
  await using site = await Site.lending({ pools: [poolOf(1)] });
  const healthy = await site.usher('doctor');
  assert.is(healthy.code, 0, healthy.stderr);
  assert.match(
    healthy.stdout,
    /^Agents on this network:\n {2}\S+ \(.*\): you would get a seat of acme-cad now/,
  );
  assert.match(healthy.stdout, /^acme-cad for .*: yes, a seat is free\.$/m);

  await site.work();
  await site.waitInLine(1);
  await site.usher('rules', 'add', 'limit 1 acme-cad for each user');
  const ill = await site.usher('doctor', '--product', 'acme-cad');
  assert.is(ill.code, 1);
  const { username } = userInfo();
  assert.match(ill.stdout, /hold as many seats as the administrator allows\..*\n.*usher doctor/);
  assert.match(
    ill.stdout,
    /^Licenses: 1 of 1 seats that could serve it are in use\.\n {2}\S+ +floating +active +covers it$/m,
  );
  assert.match(ill.stdout, /^\* 1 {2}limit 1 acme-cad for each user\n.* Now 1 of 1\.$/m);
  assert.match(ill.stdout, new RegExp(`^In use:\\n {2}${username}@${hostname()} +sh +until`, 'm'));
  assert.match(
    ill.stdout,
    new RegExp(`^Waiting .*:\\n {2}${username}@${hostname()} +waits for`, 'm'),
  );
  const { stdout: queue } = await site.usher('seat', 'list', '--queue');
  assert.match(queue, /^PLACE +PRODUCT .*\n1 +acme-cad +generic/);

  const other = await site.usher('doctor', '--user', 'bob', '--host', 'ws-2', '--json');
  const seen = JSON.parse(other.stdout) as { here: { explanation: Explanation } };
  assert.is(seen.here.explanation.refusal, 'no-seat');
});

story('the doctor asks at the port that the agent here has, whatever is set', async () => {
  await using site = await Site.lending({});
  await using other = await Site.lending({});
  assert.is((await site.status()).reach.port, site.port, 'no network but its own');
  const { stdout, stderr } = await other.usher('doctor', '--data', site.data);
  assert.match(
    stdout,
    new RegExp(`UDP port ${site.port} of this computer belongs to the agent here`),
    stderr,
  );
});

story('without an agent the doctor says so, and what to do', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await agent.destroy();
  const none = await site.usher('doctor', '--product', 'acme-cad');
  assert.is(none.code, 3);
  assert.match(none.stdout, /^No agent answered on this network\. Start one/);
  assert.match(none.stdout, /was not asked: No agent runs on this data folder/);
  const nothing = await site.usher('doctor');
  assert.is(nothing.code, 3);
  assert.match(nothing.stdout, /^No agent answered on this network\. Start one/);
});

story('who may not administer the agent here is told what the network answers', async () => {
  await using site = await Site.lending({});
  const away = await site.usher('doctor', '--product', 'acme-cad', '--data', site.file('other'));
  assert.is(away.code, 0, away.stderr);
  assert.match(away.stdout, /you would get a seat of acme-cad now/);
  assert.match(away.stdout, /The agent of this computer was not asked/);
  const unknown = await site.usher('doctor', '--product', 'acme-cam');
  assert.is(unknown.code, 1);
  assert.match(unknown.stdout, /acme-cam: This agent has no license for the product\./);
});

tellStories();
