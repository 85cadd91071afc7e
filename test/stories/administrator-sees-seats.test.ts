import { hostname, userInfo } from 'node:os';
import * as assert from 'uvu/assert';
import type { SeatView, StatusView } from '../../agent/core/operations.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story(
  'I8: every seat is listed with who uses it, from where, since when and until when',
  async () => {
    await using site = await Site.lending({});
    const empty = await site.usher('seat', 'list');
    assert.is(empty.stdout, 'No seat is held.\n');
    const worker = await site.work();
    const [seat] = await site.json<readonly SeatView[]>('seat', 'list');
    assert.is(seat?.product, 'acme-cad');
    assert.is(seat?.user, userInfo().username);
    assert.is(seat?.host, hostname());
    assert.is(seat?.address, '127.0.0.1');
    assert.is(seat?.process, worker.pid);
    assert.is(seat?.application, 'sh');
    assert.ok(seat !== undefined && seat.until - seat.since >= 600, 'a term of ten minutes');
    const { stdout: table } = await site.usher('seat', 'list');
    const [heads = '', row = ''] = table.split('\n');
    assert.match(
      heads,
      /^SEAT +PRODUCT +CLASS +USER +HOST +ADDRESS +PROCESS +APPLICATION +SINCE +UNTIL/,
    );
    assert.ok(row.startsWith(seat.id));
    assert.is(heads.indexOf('APPLICATION'), row.indexOf(' sh ') + 1, 'columns are aligned');
  },
);

story(
  'I11: the status tells of the agent, its host, its store, its seats and what it has done',
  async () => {
    await using site = await Site.open();
    await site.serve('--name', 'front-desk');
    await site.addLicense();
    await site.work();
    await site.usher('run', '--product', 'acme-cam', '--', 'true');
    const status = await site.json<StatusView>('status');
    assert.is(status.name, 'front-desk');
    assert.is(status.store, 'working');
    assert.is(status.leases, 1);
    assert.equal(status.products, [{ product: 'acme-cad', lent: 1, seats: 3 }]);
    assert.is(status.counters['granted'], 1);
    assert.is(status.counters['refused no-license'], 1);
    const { code, stdout } = await site.usher('status');
    assert.is(code, 0);
    assert.match(stdout, /^Agent +front-desk, version \d/m);
    assert.match(stdout, /^Leases +1$/m);
    assert.match(stdout, /^acme-cad +1 +3$/m);
  },
);

story('I11: the log has a line for each grant, release and refusal, with who and why', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  const { id } = await site.addLicense();
  await site.tryToWork();
  await site.usher('run', '--product', 'acme-cam', '--', 'true');
  await agent.saying(new RegExp(`License ${id} for acme-cad added\\.`));
  await agent.saying(
    new RegExp(`Seat \\S+ of license ${id} granted to \\S+@\\S+ \\(echo, process`),
  );
  await agent.saying(new RegExp(`Seat \\S+ of license ${id} released by`));
  await agent.saying(/Seat of acme-cam refused to \S+@\S+ \(true, process \d+\): no-license\./);
});

tellStories();
