/** The page of an agent that is a member of a site: two agents, by a real etcd. */

import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SiteView } from '../../agent/core/operations.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { canRunEtcd, EtcdMembers, loopbackPlaces } from '../lan/etcd.ts';
import type { Running } from '../stories/program.ts';
import { Site } from '../stories/site.ts';
import { until } from '../stories/until.ts';
import {
  findFaults,
  hasBrowser,
  isTooWide,
  LOOKS,
  type Look,
  openBrowser,
  openPage,
  takePicture,
} from './browser.ts';

const SEATS = 40;
const members = suite('members');

/** English, and wide. */
const LOOK = LOOKS[0] as Look;

/** The service page of the agent, signed in. */
const openService = async (browser: Browser, box: Site): Promise<Page> => {
  const { url } = await box.json<{ url: string }>('console', 'open');
  const page = await openPage(browser, url, LOOK);
  await page.locator('h1').first().waitFor();
  await page.goto(`${url.split('#')[0]}#/service`);
  return page;
};

const joinSite = async (box: Site, name: string, etcd: EtcdMembers): Promise<Running> => {
  mkdirSync(box.data, { recursive: true, mode: 0o700 });
  const url = etcd.urls.map(({ origin }) => origin).join();
  const agent = await box.serve('--console', '0', '--name', name, '--site', url);
  await agent.saying(/This agent is heard by its site/);
  return agent;
};

members('the service page shows members, blocks, etcd, and what if this box died', async () => {
  await using one = await Site.open();
  await using two = await Site.open(one.vendor);
  using etcd = new EtcdMembers({ places: await loopbackPlaces(1, one.folder) });
  await etcd.startAll();
  await joinSite(one, 'office', etcd);
  await joinSite(two, 'workshop', etcd);
  const { id } = await one.addLicense({ pools: [poolOf(SEATS)] });
  const worker = await one.work();
  const browser = await openBrowser();
  try {
    for (const look of LOOKS) {
      const { url } = await one.json<{ url: string }>('console', 'open');
      const page = await openPage(browser, url, look);
      await page.locator('h1').first().waitFor();
      await page.goto(`${url.split('#')[0]}#/service`);
      const main = page.locator('main');
      const isGerman = look.language === 'de';
      // They come one after the other.
      await main.getByText(/office \d+/).waitFor();
      await main.getByText(isGerman ? 'davon 1 in Gebrauch' : '1 in use').waitFor();
      const said = (await main.textContent()) ?? '';
      for (const word of ['office', 'workshop', id, 'generic']) assert.match(said, word);
      assert.match(said, isGerman ? 'jetzt ausfiele' : 'If this box died now');
      // etcd runs beside the agents here.
      assert.match(said, isGerman ? 'würde stehen bleiben' : 'The register would stop');
      assert.equal(await findFaults(page), [], look.theme);
      assert.not(await isTooWide(page), `wider than ${look.width}`);
      await takePicture(page, `members-${look.width}-${look.theme}`);
      await page.context().close();
    }
  } finally {
    await browser.close();
    worker.hangUp();
  }
});

members('who is dead is forgotten by a button, and shown no more', async () => {
  await using one = await Site.open();
  await using two = await Site.open(one.vendor);
  using etcd = new EtcdMembers({ places: await loopbackPlaces(1, one.folder) });
  await etcd.startAll();
  await joinSite(one, 'office', etcd);
  const workshop = await joinSite(two, 'workshop', etcd);
  await one.addLicense();
  workshop.kill('SIGKILL');
  await until('it is found dead', async () => {
    const { members: all } = await one.json<SiteView>('site', 'status');
    return all.some(({ standing }) => standing === 'dead') || undefined;
  });
  const browser = await openBrowser();
  try {
    const page = await openService(browser, one);
    const row = page.locator('tr', { hasText: 'workshop' });
    await row.getByText('found dead').waitFor();
    assert.not(await isTooWide(page), `wider than ${LOOK.width}`);
    await row.getByRole('button', { name: 'Forget' }).click();
    const dialog = page.getByRole('dialog');
    assert.match((await dialog.textContent()) ?? '', /Forget the member workshop\?/);
    assert.equal(await findFaults(page), []);
    await takePicture(page, 'member-forgotten');
    await dialog.getByRole('button', { name: 'Forget' }).click();
    await row.waitFor({ state: 'detached' });
  } finally {
    await browser.close();
  }
});

members(
  'what becomes of members and of etcd is seen on a page that is only looked at',
  async () => {
    await using one = await Site.open();
    await using two = await Site.open(one.vendor);
    using etcd = new EtcdMembers({ places: await loopbackPlaces(3, one.folder) });
    await etcd.startAll();
    await joinSite(one, 'office', etcd);
    await one.addLicense();
    const browser = await openBrowser();
    try {
      const page = await openService(browser, one);
      const row = page.locator('tr', { hasText: 'workshop' });
      const rowOf = (place: number) =>
        page.locator('dl.facts > div', { hasText: etcd.urls[place]?.origin ?? '' });
      const leader = () =>
        until('a leader', async () => {
          for (const place of [0, 1, 2]) {
            const said = await rowOf(place).locator('dd').textContent();
            if (etcd.isRunning(place) && said?.startsWith('leads')) return place + 1;
          }
          return undefined;
        });
      // Somebody joins, dies, and is back.
      const workshop = await joinSite(two, 'workshop', etcd);
      await row.getByText('is there').waitFor();
      workshop.kill('SIGKILL');
      await row.getByText('found dead').waitFor();
      await workshop.gone;
      await joinSite(two, 'workshop', etcd);
      await row.getByText('is there').waitFor();
      // etcd loses its leader and has another; then it has none, and one again.
      const first = (await leader()) - 1;
      await etcd.kill(first);
      const second = (await leader()) - 1;
      assert.is.not(second, first);
      await etcd.kill(second);
      const last = 3 - first - second;
      await rowOf(last).getByText('has no leader').waitFor();
      const trouble = page.locator('.members h2 + p.bad');
      await trouble.waitFor();
      await etcd.start(first);
      await leader();
      await trouble.waitFor({ state: 'detached' });
    } finally {
      await browser.close();
    }
  },
);

if (hasBrowser && canRunEtcd()) members.run();
else console.log('No Chromium or no etcd here: the page of a member is not looked at.');
