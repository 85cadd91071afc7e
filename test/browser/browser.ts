/** Chromium as the tests use it: Debian's, or the one that USHER_CHROMIUM names. */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const PROGRAM = process.env['USHER_CHROMIUM'] ?? '/usr/bin/chromium';
/** Where pictures go, for whoever wants to look at them. */
const PICTURES = join('build', 'out', 'screenshots');

export const hasBrowser: boolean = existsSync(PROGRAM);

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: PROGRAM,
    // Chromium's own sandbox does not run as root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'de';
}

/** Both themes, wide and narrow, in both languages. */
export const LOOKS: readonly Look[] = (['light', 'dark'] as const).flatMap((theme) => [
  { width: 1440, height: 900, theme, language: 'en' as const },
  { width: 360, height: 740, theme, language: 'de' as const },
]);

/** The names of the pages that the navigation leads to. */
export const pagesOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate<string[]>(
    "[...document.querySelectorAll('#navigation nav a')].map((one) => one.hash.slice(2))",
  );

export const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');

/** A page at this address, which fails the test for each error that it meets. */
export const openPage = async (browser: Browser, url: string, look: Look): Promise<Page> => {
  const { width, height, theme, language } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: language === 'de' ? 'de-DE' : 'en-GB',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  page.on('console', (message) => {
    // An agent that ends, or does not let somebody in, is no fault of the page.
    const isNetwork = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isNetwork) {
      throw new Error(`The page complained: ${message.text()}`);
    }
  });
  await page.goto(url);
  return page;
};

export const takePicture = async (page: Page, name: string): Promise<void> => {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
};

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious; its script comes by the debugger, which the page's policy does not bind. */
export const findFaults = async (page: Page): Promise<readonly string[]> => {
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
