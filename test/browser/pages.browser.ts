/** Every page, in both themes, wide and narrow, with ten thousand seats: what axe finds, and how fast. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hasBrowser, type Look, openBrowser, openPage, takePicture } from './browser.ts';
import { Crowd } from './crowd.ts';

const PAGES = [
  'overview',
  'seats',
  'licenses',
  'usage',
  'users',
  'resources',
  'rules',
  'log',
  'service',
];
const SEATS = 10_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const LOOKS: readonly Look[] = (['light', 'dark'] as const).flatMap((theme) => [
  { width: 1440, height: 900, theme, language: 'en' as const },
  { width: 360, height: 740, theme, language: 'de' as const },
]);

const pages = suite<{ browser: Browser; crowd: Crowd }>('pages');

pages.before(async (context) => {
  context.browser = await openBrowser();
  context.crowd = await Crowd.open(SEATS);
});
pages.after(async ({ browser, crowd }) => {
  await browser.close();
  await crowd[Symbol.asyncDispose]();
});

/** What axe finds serious; its script comes by the debugger, which the page's policy does not bind. */
const findFaults = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .map(
      ({ id, impact, nodes }) =>
        `${impact} ${id}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html)
          .join(' ')}`,
    );
};

const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');

for (const look of LOOKS) {
  const name = `${look.width}-${look.theme}`;
  pages(`axe finds nothing serious: ${name}`, async ({ browser, crowd }) => {
    const page = await openPage(browser, crowd.link(), look);
    await page.locator('h1').first().waitFor();
    assert.not.match(page.url(), 'code', 'the code leaves the address at once');
    for (const one of PAGES) {
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
    await page.context().close();
  },
);

if (hasBrowser) pages.run();
else console.log('Not told on this computer: pages (there is no Chromium).');
