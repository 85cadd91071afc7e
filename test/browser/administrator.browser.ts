/** A day at the desk, with a real agent and real clients. */

import { readFile, writeFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { armor, dearmor } from '../../protocol/armor.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { ACTIVATION_TERMS } from '../plain-license.ts';
import { SmallVendor } from '../small-vendor.ts';
import type { Running } from '../stories/program.ts';
import { Site } from '../stories/site.ts';
import { until } from '../stories/until.ts';
import { now } from '../stories/vendor.ts';
import { findFaults, hasBrowser, openBrowser, openPage, takePicture } from './browser.ts';

const desk = suite<{ browser: Browser }>('desk');
const LOOK = { width: 1280, height: 800, theme: 'light', language: 'en' } as const;

desk.before(async (context) => {
  context.browser = await openBrowser();
});
desk.after(({ browser }) => browser.close());

const openDesk = async (site: Site, browser: Browser): Promise<Page> => {
  const { url } = await site.json<{ url: string }>('console', 'open');
  const page = await openPage(browser, url, LOOK);
  await page.locator('h1').first().waitFor();
  return page;
};

const go = async (page: Page, name: string): Promise<void> => {
  await page.locator(`nav a[href="#/${name}"]`).click();
  await page.locator(`nav a[href="#/${name}"][aria-current]`).waitFor();
};

/** What the vendor sends back for a request. */
const answerTo = (site: Site, request: string): string => {
  const vendor = new SmallVendor(site.vendor.keys, nativePrimitives);
  const [block] = dearmor('request', request, nativePrimitives);
  if (block?.ok !== true) throw new Error(`no request in ${request}`);
  return armor('response', vendor.activate(block.value, now()), nativePrimitives);
};

/** Milliseconds from the grant to the page; the change itself takes what it takes. */
const seenWithin = async (page: Page, worker: Promise<Running>): Promise<number> => {
  await worker;
  const began = performance.now();
  await page.locator('[role=row] [role=cell] strong').first().waitFor();
  return performance.now() - began;
};

desk(
  'an empty agent asks for a license; the console and its clients follow each other',
  async ({ browser }) => {
    await using site = await Site.open();
    const agent = await site.serve('--console', '0');
    await agent.saying(/Console on http:\/\/localhost:\d+\//);
    const page = await openDesk(site, browser);
    assert.is(await page.locator('h1').textContent(), 'Add a license');
    assert.is(await page.locator('nav').count(), 0, 'and nothing else');
    await takePicture(page, 'first-license');
    await page.locator('textarea').fill('Dear customer,\nhere is nothing.');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('No license block was found').waitFor();
    const mail = site.vendor.issue({}).replaceAll('\n', '\r\n> ');
    await page.locator('textarea').fill(`Dear customer,\r\n> ${mail}\r\nYours`);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.match((await page.locator('.product').textContent()) ?? '', 'acme-cad');

    await go(page, 'licenses');
    await page.locator('summary', { hasText: 'Add a license' }).click();
    await writeFile(
      site.file('named.bin'),
      site.vendor.sign({ type: 'named', product: 'acme-sim' }),
    );
    await page.locator('input[type=file]').setInputFiles(site.file('named.bin'));
    await page.getByRole('heading', { name: 'acme-sim' }).waitFor();

    await go(page, 'seats');
    await page.getByText('No seat is in use.').waitFor();
    const worker = site.work();
    const took = await seenWithin(page, worker);
    assert.ok(took < 1000, `a client appeared after ${took} ms`);
    console.log(`a client appears after ${Math.round(took)} ms`);

    await page.locator('[role=cell] input').first().check();
    await page.getByRole('button', { name: 'Disconnect 1 seat' }).click();
    await page.locator('dialog', { hasText: 'is not closed' }).waitFor();
    await takePicture(page, 'disconnect');
    await page.locator('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('No seat is in use.').waitFor();
    await (await worker).saying(/taken this seat back/);
    await agent.saying(/\(console, this computer\): disconnect seat/);

    await go(page, 'rules');
    await page.locator('textarea').fill('exclud everyone from acme-cad\n');
    await page.locator('.faults', { hasText: 'Line 1' }).waitFor();
    assert.ok(await page.getByRole('button', { name: 'Save and put in force' }).isDisabled());
    await page.locator('textarea').fill('# nobody today\nexclude everyone from acme-cad\n');
    await page.getByText('In order: 1 rule.').waitFor();
    await page.locator('[name=user]').fill('ann');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.locator('.verdict.bad').waitFor();
    await page.getByRole('button', { name: 'Save and put in force' }).click();
    await page.getByText('In force.').waitFor();
    assert.is((await site.tryToWork()).code, 1);
    await go(page, 'overview');
    await page.locator('.card', { hasText: 'Refused in the last hour' }).getByText('1 ×').waitFor();

    await go(page, 'users');
    await page.locator('summary').click();
    await page.locator('textarea').fill('ann, bob');
    await page.getByRole('button', { name: 'Assign', exact: true }).click();
    await page.getByText('2 assigned. 2 of 3 seats').waitFor();
    await until('both are assigned', async () => {
      const { users } = await site.ask({ kind: 'user-list', product: null });
      return users.length === 2 ? true : undefined;
    });
    const list = {
      name: 'users.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('J\xfcrgen\n', 'latin1'),
    };
    await page.locator('input[type=file]').setInputFiles(list);
    await page.getByText('the file is not in UTF-8').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as CSV' }).click();
    const saved = await readFile(await (await download).path(), 'utf8');
    assert.match(saved, /^\ufeffuser,product,/, 'a spreadsheet sees that it is Unicode');
    await page.locator('[role=cell] input').first().check();
    await page.getByRole('button', { name: 'Recall 1 user' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Recall' }).click();
    await page.getByText('1 recalled.').waitFor();

    await go(page, 'log');
    await page.getByText('signed in as administrator').first().waitFor();
    await go(page, 'service');
    await page.getByText('UDP port').waitFor();

    agent.kill('SIGKILL');
    await page.getByText('The agent does not answer').waitFor();
    await page.context().close();
  },
);

desk(
  'when every license has ended, the licenses come first; a link works once',
  async ({ browser }) => {
    await using site = await Site.open();
    await site.serve('--console', '0');
    await site.addLicense({ expires: (await site.addLicense()).issued });
    for (const { id, state } of await site.licenses()) {
      if (state !== 'expired') await site.ask({ kind: 'license-remove', id });
    }
    const { url } = await site.json<{ url: string }>('console', 'open');
    const page = await openPage(browser, url, LOOK);
    await page.locator('h1', { hasText: 'Licenses' }).waitFor();
    await page.getByText('The license has expired.').waitFor();
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto(url);
    await other.locator('code', { hasText: 'usher console open' }).waitFor();
    assert.not.match(other.url(), 'code');
    await context.close();
    await page.context().close();
  },
);

desk('a license is activated by file, removed, and had back by undoing it', async ({ browser }) => {
  await using site = await Site.open();
  await site.serve('--console', '0');
  await site.addLicense({ activation: ACTIVATION_TERMS });
  const page = await openDesk(site, browser);
  await page.getByRole('button', { name: 'Activate' }).click();
  await page.getByRole('button', { name: 'Make a request' }).click();
  await page.locator('svg.qr').waitFor();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the request' }).click();
  const request = await readFile(await (await saving).path(), 'utf8');
  assert.equal(await findFaults(page), []);
  await takePicture(page, 'activate');
  await page.locator('dialog textarea').fill(answerTo(site, request));
  await page.getByRole('button', { name: 'Load the response' }).click();
  await page.locator('.license .badge.good', { hasText: 'active' }).waitFor();
  assert.is((await site.licenses())[0]?.state, 'active');

  await page.locator('.license summary').click();
  const exporting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  assert.match(await readFile(await (await exporting).path(), 'utf8'), 'BEGIN USHER LICENSE');
  // With another one the page stays what it is when the first is removed.
  await site.addLicense({ product: 'acme-sim' });
  await page.getByRole('button', { name: 'Remove' }).first().click();
  await page.locator('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.locator('.removed', { hasText: 'acme-cad' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.license', { hasText: 'acme-cad' }).locator('.badge.good').waitFor();
  await page.context().close();
});

desk('a client’s server gets seats by a file, and is suspended', async ({ browser }) => {
  await using site = await Site.open();
  await site.serve('--console', '0');
  await site.addLicense({ activation: ACTIVATION_TERMS, children: { most: 5, depth: 1 } });
  const { requests } = await site.ask({ kind: 'license-request', ids: [] });
  await site.ask({ kind: 'license-response', text: answerTo(site, requests[0]?.text ?? '') });
  const page = await openDesk(site, browser);
  await go(page, 'children');
  await page.locator('summary', { hasText: 'Create a child license' }).click();
  await page.getByLabel('Client', { exact: true }).fill('Nordwind');
  await page.getByLabel('Seats', { exact: true }).fill('2');
  await page.getByLabel(/Where its server/).fill('https://licenses.example.com:24711');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Create and save' }).click();
  assert.match(await readFile(await (await saving).path(), 'utf8'), '-----BEGIN USHER');
  const card = page.locator('.license', { hasText: 'Nordwind' });
  await card.getByText('2 seats').waitFor();
  await card.getByRole('button', { name: 'Suspend' }).click();
  await page.locator('dialog').getByRole('button', { name: 'Suspend' }).click();
  await card.locator('.badge.warn', { hasText: 'suspended' }).waitFor();
  const { children } = await site.ask({ kind: 'child-list' });
  assert.is(children[0]?.state, 'suspended');
  await page.context().close();
});

if (hasBrowser) desk.run();
else console.log('Not told on this computer: desk (there is no Chromium).');
