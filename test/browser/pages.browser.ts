/** Every page, in both themes, wide and narrow, with ten thousand seats: what axe finds, and how fast. */

import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  findFaults,
  hasBrowser,
  isTooWide,
  LOOKS,
  openBrowser,
  openPage,
  pagesOf,
  takePicture,
} from './browser.ts';
import { Crowd } from './crowd.ts';

const SEATS = 10_000;
/** A machine that does other work as well is no fault of the page. */
const SLOWNESS = 10;

const pages = suite<{ browser: Browser; crowd: Crowd }>('pages');

pages.before(async (context) => {
  context.browser = await openBrowser();
  context.crowd = await Crowd.open(SEATS);
});
pages.after(async ({ browser, crowd }) => {
  await browser.close();
  await crowd[Symbol.asyncDispose]();
});

for (const look of LOOKS) {
  const name = `${look.width}-${look.theme}`;
  pages(`axe finds nothing serious: ${name}`, async ({ browser, crowd }) => {
    const page = await openPage(browser, crowd.link(), look);
    await page.locator('h1').first().waitFor();
    assert.not.match(page.url(), 'code', 'the code leaves the address at once');
    const names = await pagesOf(page);
    assert.ok(names.includes('children'), 'every page that there may be');
    for (const one of names) {
      await page.goto(`${crowd.url}#/${one}`);
      await page.locator(`a[href="#/${one}"][aria-current]`).waitFor({ state: 'attached' });
      await page.locator('main h1').waitFor();
      await page.locator('.empty', { hasText: /…$/ }).waitFor({ state: 'detached' });
      if (one === 'licenses') {
        await page.evaluate(
          "for (const one of document.querySelectorAll('main details')) one.open = true",
        );
      }
      assert.equal(await findFaults(page), [], `${one}, ${name}`);
      assert.not(await isTooWide(page), `${one} is wider than ${look.width}`);
      await takePicture(page, `${one}-${name}`);
    }
    await page.context().close();
  });
}

pages('the door and its words are in order too', async ({ browser, crowd }) => {
  for (const look of LOOKS) {
    const page = await openPage(browser, crowd.url, look);
    await page.locator('code').waitFor();
    assert.equal(await findFaults(page), []);
    await takePicture(page, `door-${look.width}-${look.theme}`);
    await page.context().close();
  }
});

pages(
  'ten thousand seats are searched, sorted and scrolled within a moment',
  async ({ browser, crowd }) => {
    const look = { width: 1440, height: 900, theme: 'light', language: 'en' } as const;
    const page = await openPage(browser, crowd.link(), look);
    await page.locator('h1').first().waitFor();
    await page.goto(`${crowd.url}#/seats`);
    await page.locator('[role=row] >> nth=5').waitFor();
    const rows = await page.locator('[role=table] .body [role=row]').count();
    assert.ok(rows < 60, `${rows} rows are made`);
    const measure = (script: string): Promise<number> =>
      page.evaluate<number>(`(async () => {
      const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
      await frame();
      const times = [];
      for (let i = 0; i < 5; i++) {
        const began = performance.now();
        ${script}
        await frame();
        times.push(performance.now() - began);
        await frame();
      }
      return times.sort((a, b) => a - b)[2];
    })()`);
    const search = `const box = document.querySelector('[type=search]');
    box.value = 'ws-' + (i + 1); box.dispatchEvent(new Event('input', { bubbles: true }));`;
    const figures = {
      search: await measure(search),
      sort: await measure("document.querySelectorAll('button.sort')[i % 4].click();"),
      scroll: await measure("document.querySelector('.body').scrollTop = i * 40000;"),
      selectAll: await measure("document.querySelector('.head input').click();"),
    };
    console.log('milliseconds to the next frame:', JSON.stringify(figures));
    for (const [what, took] of Object.entries(figures)) {
      assert.ok(took < 100 * SLOWNESS, `${what} took ${took} ms`);
    }
    await page.context().close();
  },
);

/** Pages in a PDF, by the objects that stand for them. */
const countPages = (pdf: Buffer): number =>
  pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

pages('"do we need more seats?" is printed on one page', async ({ browser, crowd }) => {
  for (const language of ['en', 'de'] as const) {
    const look = { width: 1440, height: 900, theme: 'light', language } as const;
    const page = await openPage(browser, crowd.link(), look);
    await page.locator('h1').first().waitFor();
    await page.goto(`${crowd.url}#/usage`);
    await page.locator('.heat td[title]').first().waitFor();
    const printed = await page.pdf({
      format: 'A4',
      printBackground: true,
      preferCSSPageSize: true,
    });
    assert.is(countPages(printed), 1, language);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 703, height: 1030 });
    await takePicture(page, `usage-printed-${language}`);
    await page.context().close();
  }
});

if (hasBrowser) pages.run();
else console.log('Not told on this computer: pages (there is no Chromium).');
