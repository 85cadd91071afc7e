/**
 * How soon the console answers a hand with ten thousand seats on the page: from the event to the frame
 * after it, in real Chromium, against the same on a page with nothing on it in the same browser.
 */

import type { Page } from 'playwright-core';
import { hasBrowser, openBrowser, openPage } from '../../test/browser/browser.ts';
import { Crowd } from '../../test/browser/crowd.ts';
import type { Bench, Progress } from './bench-run.ts';
import type { Measurement } from './figure.ts';
import { median, quantile } from './statistics.ts';

const SEATS = 10_000;
const TIMES = 15;
const LOOK = { width: 1440, height: 900, theme: 'light', language: 'en' } as const;

/** What a hand does, as a script that knows the number `i` of the time. */
const ACTS = {
  sort: "document.querySelectorAll('button.sort')[i % 4].click();",
  filter: `const box = document.querySelectorAll('main select')[1];
    box.selectedIndex = 1 + (i % 2); box.dispatchEvent(new Event('change', { bubbles: true }));`,
  'filter off': `const box = document.querySelectorAll('main select')[1];
    box.selectedIndex = 0; box.dispatchEvent(new Event('change', { bubbles: true }));
    document.querySelector('main select').dispatchEvent(new Event('change', { bubbles: true }));`,
  search: `const box = document.querySelector('[type=search]');
    box.value = i % 3 === 2 ? '' : 'ws-' + (i + 1); box.dispatchEvent(new Event('input', { bubbles: true }));`,
  scroll: "document.querySelector('[role=table]').scrollTop = i * 20000;",
  'select one': "document.querySelectorAll('.body [role=row] input')[i % 5].click();",
  'select all': "document.querySelector('.head input').click();",
} as const;

const CHOOSE_ONE = `document.querySelector('dialog button.quiet')?.click();
  await frame();
  const box = document.querySelector('.body [role=row] input');
  if (!box.checked) box.click();`;
const ASK = "document.querySelector('.tools .danger').click();";
const SAY_SO = `document.querySelector('dialog button.danger').click();
  while (document.querySelector('dialog') !== null) await frame();`;

const EMPTY = 'button.click();';
const EMPTY_PAGE = `document.body.innerHTML = '<button>0</button>';
  window.button = document.querySelector('button');
  button.onclick = () => { button.textContent = String(Number(button.textContent) + 1); };`;

/** Milliseconds from the event to the frame after it, one by one; `before` each, untimed, is another. */
const measure = (page: Page, script: string, before = ''): Promise<number[]> =>
  page.evaluate<number[]>(`(async () => {
    const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
    await frame();
    const times = [];
    for (let i = 0; i < ${TIMES}; i++) {
      { ${before} }
      await frame();
      const began = performance.now();
      ${script}
      await frame();
      times.push(performance.now() - began);
      await frame();
    }
    return times;
  })()`);

/** Milliseconds that the page's thread has had of a processor: what else the machine does is not in it. */
const watchThread = async (page: Page): Promise<() => Promise<number>> => {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await debug.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
};

/** The longest that the page is blocked while it takes in that something has changed. */
const measureUpdate = async (page: Page, crowd: Crowd): Promise<number[]> => {
  await page.evaluate(`window.blocks = []; window.last = performance.now();
    window.watch = setInterval(() => {
      const now = performance.now();
      blocks.push(now - last);
      last = now;
    }, 4);`);
  const longest: number[] = [];
  for (let i = 0; i < 5; i++) {
    await page.evaluate('blocks.length = 0');
    const heard = page.waitForResponse((one) => one.url().endsWith('/api/operation'));
    crowd.live.news();
    await heard;
    await page.waitForTimeout(4000);
    longest.push(await page.evaluate<number>('Math.max(...blocks)'));
  }
  await page.evaluate('clearInterval(watch)');
  return longest;
};

export const consoleBench: Bench = async (progress) => {
  if (!hasBrowser) {
    const note = 'There is no Chromium here: USHER_CHROMIUM names one.';
    return [{ name: 'console, 10,000 seats', value: null, unit: 'ms', details: { note } }];
  }
  await using crowd = await Crowd.open(SEATS);
  const browser = await openBrowser();
  try {
    const empty = await openPage(browser, 'about:blank', LOOK);
    await empty.evaluate(EMPTY_PAGE);
    const page = await openPage(browser, crowd.link(), LOOK);
    await page.locator('h1').first().waitFor();
    await page.goto(`${crowd.url}#/seats`);
    await page.locator('[role=row] >> nth=5').waitFor();
    return await measureAll(page, empty, crowd, progress);
  } finally {
    await browser.close();
  }
};

const measureAll = async (
  page: Page,
  empty: Page,
  crowd: Crowd,
  progress: Progress,
): Promise<readonly Measurement[]> => {
  const figures: Measurement[] = [];
  const thread = await watchThread(page);
  const add = async (what: string, run: () => Promise<number[]>, idle: number): Promise<void> => {
    const before = await thread();
    const times = await run();
    const busy = (await thread()) - before;
    const most = quantile(times, 1).toFixed(1);
    progress(
      `${what}: ${median(times).toFixed(1)} ms, at most ${most}; ${(busy / times.length).toFixed(1)} ms of the page's processor time`,
    );
    figures.push({
      name: `console, ${SEATS} seats: ${what}`,
      value: median(times),
      unit: 'ms',
      baseline: { name: 'an empty page', value: idle },
      bar: { of: 'value', most: 100 },
      details: { most: quantile(times, 1), mainThread: busy / times.length, times },
    });
  };
  for (const [what, script] of Object.entries(ACTS)) {
    // Each with what the machine does just then.
    await empty.bringToFront();
    const idle = median(await measure(empty, EMPTY));
    await page.bringToFront();
    await add(what, () => measure(page, `{ ${script} }`), idle);
  }
  await empty.bringToFront();
  const idle = median(await measure(empty, EMPTY));
  await page.bringToFront();
  await page.evaluate(
    "if (document.querySelector('.head input').checked) document.querySelector('.head input').click()",
  );
  await add('ask before disconnecting', () => measure(page, ASK, CHOOSE_ONE), idle);
  const asked = `${CHOOSE_ONE} await frame(); ${ASK}`;
  await add('disconnect, with the agent', () => measure(page, SAY_SO, asked), idle);
  await add('blocked by a change of the list', () => measureUpdate(page, crowd), idle);
  return figures;
};
