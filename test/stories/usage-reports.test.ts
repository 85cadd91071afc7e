import { userInfo } from 'node:os';
import * as assert from 'uvu/assert';
import type { DenialRow, PersonSummary, PoolSummary } from '../../agent/core/usage/usage-report.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const ONE_SEAT = { pools: [poolOf(1)] };

story(
  'S7: a report says whether there are enough seats, who held them and who got none',
  async () => {
    await using site = await Site.open();
    const agent = await site.serve();
    await site.addLicense(ONE_SEAT);
    const worker = await site.work();
    assert.is((await site.tryToWork()).code, 1);
    assert.is((await site.usher('run', '--product', 'acme-cam', '--', 'true')).code, 1);
    const [pool] = await site.json<readonly PoolSummary[]>('report', 'usage');
    assert.is(pool?.product, 'acme-cad');
    assert.equal(
      [pool?.licensed, pool?.peak, pool?.granted, pool?.denied],
      [1, 1, 1, 1],
      'while the seat is held',
    );
    const denials = await site.json<readonly DenialRow[]>('report', 'denials');
    assert.equal(denials.map(({ product, code, count }) => [product, code, count]).sort(), [
      ['acme-cad', 'no-seat', 1],
      ['acme-cam', 'no-license', 1],
    ]);
    await goHome(worker);
    agent.kill('SIGTERM');
    await agent.ending();
    // From the store, without the agent.
    const text = await site.usher('report', 'usage');
    assert.is(text.code, 0, text.stderr);
    assert.match(text.stdout, /^PRODUCT +CLASS +SEATS +PEAK/m);
    assert.match(
      text.stdout,
      /^acme-cad generic: More seats would have been used: all 1 were taken/m,
    );
    const [person] = await site.json<readonly PersonSummary[]>('report', 'users');
    assert.is(person?.name, userInfo().username);
    assert.is(person?.granted, 1);
    const { stdout: csv } = await site.usher('report', 'peaks', '--csv');
    assert.match(
      csv,
      /^start,product,class,peak,seats,.*\r\n\d{4}-\d\d-\d\d,acme-cad,generic,1,1,/,
    );
  },
);

story('S7: a killed agent has its reports to the last write, and goes on with them', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(ONE_SEAT);
  await site.tryToWork();
  await site.json('report', 'usage');
  agent.kill('SIGKILL');
  await agent.ending();
  await site.serve();
  await site.tryToWork();
  const [pool] = await site.json<readonly PoolSummary[]>('report', 'usage');
  assert.is(pool?.granted, 2);
});

story('S7: what makes no sense as a time is told', async () => {
  await using site = await Site.open();
  const unreal = await site.usher('report', 'usage', '--from', '2026-02-30');
  assert.is(unreal.code, 2, unreal.stdout);
  const { code, stderr } = await site.usher('report', 'usage', '--from', 'yesterday');
  assert.is(code, 2);
  assert.match(stderr, /--from is a day \(2027-01-31\)/);
  const none = await site.usher('report', 'users');
  assert.is(none.code, 3);
  assert.match(none.stderr, /has no store/);
});

tellStories();
