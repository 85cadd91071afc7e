/** An administrator of a site: who joins, what is shown, what would happen, who leaves. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SitePlan } from '../../agent/core/site/site-plan.ts';
import type { SiteView } from '../../agent/core/site/site-view.ts';
import { until } from '../stories/until.ts';
import { Boxes } from './boxes.ts';
import { canRunEtcd } from './etcd.ts';
import { canMakeHosts } from './hosts.ts';

const SEATS = 10;

const show = (boxes: Boxes, box: number): SiteView => {
  const { out } = boxes.site.on(box, 'site', 'status', '--data', boxes.data(box), '--json');
  return JSON.parse(out) as SiteView;
};

const standingsOf = ({ members }: SiteView): readonly string[] =>
  members.map(({ name, standing }) => `${name} ${standing}`);

/** Shown until it is so. */
const shown = (what: string, boxes: Boxes, box: number, fits: (site: SiteView) => boolean) =>
  until(what, async () => {
    const site = show(boxes, box);
    return fits(site) ? site : undefined;
  });

const isAlike = (site: SiteView, ...standings: readonly string[]): boolean =>
  standingsOf(site).join() === standings.join();

if (!canMakeHosts() || !canRunEtcd()) {
  console.log('No network namespaces or no etcd here (they need root, etcd-server): no site.');
} else {
  test('members, blocks and the register are shown on any of them', async () => {
    await using boxes = new Boxes(1);
    await boxes.start(SEATS);
    const all = ['box1 member', 'box2 member', 'box3 member'];
    const site = await shown('all have joined', boxes, 2, (one) => isAlike(one, ...all));
    assert.equal(
      site.members.map(({ isThis }) => isThis),
      [false, true, false],
    );
    assert.ok(site.members[0]?.addresses.includes('10.77.0.1'));
    assert.equal(site.register.map(({ standing }) => standing).sort(), [
      'follower',
      'follower',
      'leader',
    ]);
    const holder = await boxes.site.work(4, 'acme');
    const shared = await shown('a seat is in a block', boxes, 1, ({ blocks }) =>
      blocks.some(({ shares }) => shares.some(({ seats }) => seats > 0)),
    );
    const taken = shared.blocks
      .flatMap(({ shares }) => shares)
      .reduce((n, { seats }) => n + seats, 0);
    assert.ok(taken <= SEATS);
    const { out } = boxes.site.on(1, 'site', 'plan', '--data', boxes.data(1), '--json');
    const plan = JSON.parse(out) as SitePlan;
    assert.equal(plan.others, ['box2', 'box3']);
    assert.equal([plan.goesOn, plan.etcdLeft, plan.etcdNeeded, plan.etcdUnnamed], [true, 2, 2, 0]);
    const told = boxes.site.on(1, 'site', 'plan', '--data', boxes.data(1)).out;
    assert.match(told, /^box2, box3 would go on\.\nThe register would go on: 2 of etcd's/);
    await boxes.killAgent(3);
    await boxes.etcd.kill(2);
    await shown('box 3 is found dead', boxes, 1, (one) =>
      isAlike(one, ...all.slice(0, 2), 'box3 dead'),
    );
    const left = boxes.site.on(1, 'site', 'plan', '--data', boxes.data(1)).out;
    assert.match(left, /^box2 would go on\.\nThe register would stop/);
    await boxes.etcd.kill(1);
    const { status, out: dark } = boxes.site.on(1, 'site', 'status', '--data', boxes.data(1));
    assert.is(status, 1);
    assert.match(dark, /Nothing is known of members and blocks: /);
    await boxes.site.lan.stop(holder, 'SIGKILL');
  });

  test('who joins writes it down, and who leaves; nobody joins what does not answer', async () => {
    await using boxes = new Boxes(1);
    await boxes.etcd.startAll();
    const data = boxes.site.data('own');
    const agent = await boxes.site.serve(4, 'own', '--name', 'fourth');
    const alone = boxes.site.on(4, 'site', 'status', '--data', data);
    assert.is(alone.status, 1);
    assert.match(alone.err, 'This agent is a site by itself.');
    const wrong = boxes.site.on(4, 'site', 'join', 'http://10.77.0.1:1', '--data', data);
    assert.match(wrong.err, 'cannot be reached: nobody answers there.');
    const urls = boxes.etcd.urls.map(({ origin }) => origin).join();
    const joined = boxes.site.on(4, 'site', 'join', urls, '--data', data, '--site-name', 'office');
    assert.match(joined.out, /The register of site office answers; nobody is a member of it yet\./);
    const file = join(data, 'usher.conf');
    assert.is(readFileSync(file, 'utf8').trim(), `site = ${urls}\nsite-name = office`);
    await boxes.site.lan.stop(agent, 'SIGTERM');
    const member = await boxes.site.serve(4, 'own', '--name', 'fourth');
    await until('it is a member', async () => {
      const { out } = boxes.site.on(4, 'site', 'status', '--data', data);
      return /^fourth \(this\).* member$/m.test(out) || undefined;
    });
    assert.is(boxes.site.on(4, 'site', 'leave', '--data', data).status, 0);
    assert.is(readFileSync(file, 'utf8').trim(), 'site-name = office');
    await boxes.site.lan.stop(member, 'SIGTERM');
  });
}

test.run();
