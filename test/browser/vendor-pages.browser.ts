/** Every page of a master, in both themes, wide and narrow, with thousands of customers. */

import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  findFaults,
  hasBrowser,
  isTooWide,
  LOOKS,
  type Look,
  openBrowser,
  openPage,
  pagesOf,
  takePicture,
} from './browser.ts';
import { PASSWORD, VendorCrowd } from './vendor-crowd.ts';

const CUSTOMERS = 2000;
/** A machine that does other work as well is no fault of the page. */
const SLOWNESS = 10;

const pages = suite<{ browser: Browser; crowd: VendorCrowd }>('vendor pages');

pages.before(async (context) => {
  context.browser = await openBrowser();
  context.crowd = await VendorCrowd.open(CUSTOMERS);
});
pages.after(async ({ browser, crowd }) => {
  await browser.close();
  await crowd[Symbol.asyncDispose]();
});

const enter = async (browser: Browser, url: string, look: Look, name: string): Promise<Page> => {
  const page = await openPage(browser, url, look);
  await page.locator('[name=name]').fill(name);
  await page.locator('[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.locator('main h1').waitFor();
  await page.locator('#navigation nav a').first().waitFor({ state: 'attached' });
  return page;
};

const settle = async (page: Page): Promise<void> => {
  await page.locator('main h1').waitFor();
  await page.locator('.empty', { hasText: /…$/ }).waitFor({ state: 'detached' });
  await page.evaluate(
    "for (const one of document.querySelectorAll('main details')) one.open = true",
  );
};

const judge = async (page: Page, name: string): Promise<void> => {
  await settle(page);
  assert.equal(await findFaults(page), [], name);
  assert.not(await isTooWide(page), `${name} is too wide`);
  await takePicture(page, name);
};

for (const look of LOOKS) {
  const name = `${look.width}-${look.theme}`;
  pages(`axe finds nothing serious: ${name}`, async ({ browser, crowd }) => {
    const door = await openPage(browser, crowd.url, look);
    await door.locator('[name=password]').waitFor();
    await judge(door, `vendor-door-${name}`);
    await door.context().close();
    for (const [who, role] of [
      ['vera', 'vendor'],
      ['it@example.com', 'mine'],
    ] as const) {
      const page = await enter(browser, crowd.url, look, who);
      const names = await pagesOf(page);
      assert.is(names.length, role === 'vendor' ? 8 : 4);
      for (const one of names) {
        await page.goto(`${crowd.url}#/${one}`);
        await page.locator(`a[href="#/${one}"][aria-current]`).waitFor({ state: 'attached' });
        await judge(page, `${role}-${one}-${name}`);
      }
      await page.goto(`${crowd.url}#/license/${crowd.telling}`);
      await page.locator('figure.stages').waitFor();
      await judge(page, `${role}-license-${name}`);
      if (role === 'vendor') {
        await page.goto(`${crowd.url}#/customer/${crowd.customer}`);
        await page.getByText('ann@example.com').waitFor();
        await judge(page, `${role}-customer-${name}`);
      }
      await page.context().close();
    }
  });
}

pages(
  'thousands are searched and paged at the master, a page at a time',
  async ({ browser, crowd }) => {
    const page = await enter(browser, crowd.url, LOOKS[0] as Look, 'vera');
    const first = page.locator('[role=table] .body [role=row] strong').first();
    await first.waitFor();
    const sizes: number[] = [];
    page.on('response', (response) => {
      if (!response.url().endsWith('/api/operation')) return;
      sizes.push(Number(response.headers()['content-length']));
    });
    const times: Record<string, number> = {};
    const measure = async (what: string, act: () => Promise<void>, sign: string): Promise<void> => {
      const began = performance.now();
      await act();
      await page.getByText(sign).first().waitFor();
      times[what] = Math.round(performance.now() - began);
    };
    await measure(
      'next page',
      () => page.getByRole('button', { name: 'Older' }).click(),
      '51 to 100 of 2,004',
    );
    await measure('search', () => page.getByRole('searchbox').fill('1979'), '1 license');
    await page.locator('#navigation a[href="#/customers"]').click();
    await measure('customers', async () => {}, '2,001 customers');
    await page.locator('#navigation a[href="#/audit"]').click();
    await measure('audit', async () => {}, '1 to 50 of');
    console.log('milliseconds until it is shown:', JSON.stringify(times));
    const most = Math.max(...sizes);
    console.log(`the longest answer: ${most} bytes`);
    assert.ok(most < 64_000, `${most} bytes in one answer`);
    for (const [what, took] of Object.entries(times)) {
      assert.ok(took < 300 * SLOWNESS, `${what} took ${took} ms`);
    }
    await page.context().close();
  },
);

pages('the keyboard is enough: a license is found and opened', async ({ browser, crowd }) => {
  const page = await enter(browser, crowd.url, LOOKS[0] as Look, 'vera');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'To the content' }).press('Enter');
  await page.keyboard.press('Tab');
  assert.is(await page.evaluate('document.activeElement.textContent'), 'New license');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Example Ltd');
  await page.locator('h1 small', { hasText: /^4 licenses$/ }).waitFor();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.crumb').waitFor();
  await page.context().close();
});

if (hasBrowser) pages.run();
else console.log('Not told on this computer: vendor pages (there is no Chromium).');
