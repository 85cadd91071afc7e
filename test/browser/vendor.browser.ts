/** A vendor's clerk and a customer at a real master, and the customer's real agent. */

import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Site } from '../stories/site.ts';
import { VendorHouse } from '../stories/vendor-house.ts';
import { findFaults, hasBrowser, openBrowser, openPage, takePicture } from './browser.ts';

const vendor = suite<{ browser: Browser }>('vendor');
const LOOK = { width: 1280, height: 860, theme: 'light', language: 'en' } as const;

vendor.before(async (context) => {
  context.browser = await openBrowser();
});
vendor.after(({ browser }) => browser.close());

const signIn = async (
  browser: Browser,
  { url }: VendorHouse,
  name: string,
  password: string,
): Promise<Page> => {
  const page = await openPage(browser, url, LOOK);
  await page.getByLabel('Name or address of mail').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('nav').first().waitFor();
  return page;
};

/** A clerk, signed in with the password that the command made. */
const clerkAt = async (browser: Browser, house: VendorHouse): Promise<Page> => {
  const password = (await house.master('account', 'set', 'vera')).split('\n')[0] ?? '';
  return signIn(browser, house, 'vera', password);
};

const go = (page: Page, name: string): Promise<void> =>
  page.locator(`#navigation a[href="#/${name}"]`).click();

const dialog = (page: Page) => page.locator('dialog[open]');

/** What the page gives to keep, once this button is pressed. */
const saved = async (page: Page, name: string): Promise<string> => {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name, exact: true }).click();
  return readFile(await (await saving).path(), 'utf8');
};

/** Good on whatever computer the test runs. */
const allowAnyHost = async (page: Page): Promise<void> => {
  for (const name of ['virtual machine', 'container', 'cannot be told']) {
    await page.getByRole('combobox', { name }).selectOption('allow');
  }
};

/** The clerk's: a customer, with somebody who may sign in; the password that is shown once. */
const addCustomer = async (page: Page): Promise<string> => {
  await go(page, 'customers');
  await page.getByRole('button', { name: 'New customer' }).click();
  await page.getByLabel('Name, as it stands in licenses').fill('Nordwind GmbH');
  await page.getByLabel('Address of mail').fill('it@nordwind.example');
  await dialog(page).getByRole('button', { name: 'Add' }).click();
  await page.locator('h1', { hasText: 'Nordwind GmbH' }).waitFor();
  await page.getByRole('button', { name: 'Let somebody sign in' }).click();
  assert.is(await page.getByLabel('Name to sign in with').inputValue(), 'it@nordwind.example');
  await dialog(page).getByRole('button', { name: 'Make a password' }).click();
  const password = await page.locator('dialog.sheet code').textContent();
  await page.getByRole('button', { name: 'Close' }).click();
  return password ?? '';
};

/** A license with a dated change, whose faults are told while it is typed. */
const issueLicense = async (page: Page, master: string): Promise<string> => {
  await page.getByRole('link', { name: 'New license' }).last().click();
  await page.getByLabel('Product').fill('acme-cad');
  const issue = page.getByRole('button', { name: 'Sign and issue' });
  await page.getByLabel('Seats', { exact: true }).fill('0');
  await page.locator('.preview', { hasText: '“Seats” is a whole number from 1' }).waitFor();
  assert.ok(await issue.isDisabled());
  await page.getByLabel('Seats', { exact: true }).fill('5');
  await page.getByRole('button', { name: 'Add a dated change' }).click();
  await page.getByLabel('From').fill('2099-03-01');
  await page.getByLabel('Seats then').fill('9');
  await page.getByLabel('To be refreshed after days').fill('30');
  await page.locator('fieldset', { hasText: 'Who gets it' }).locator('summary').click();
  await page.getByLabel('Where it is activated online').fill(master);
  await allowAnyHost(page);
  await page.locator('.preview .stages', { hasText: '9 seats' }).waitFor();
  assert.equal(await findFaults(page), []);
  await takePicture(page, 'vendor-new-license');
  await issue.click();
  await page.locator('h1', { hasText: 'Issued' }).waitFor();
  return saved(page, 'Download');
};

const stateAt = async (site: Site): Promise<readonly string[]> =>
  (await site.licenses()).map(({ state }) => state).sort();

/** The agent's request, brought to the page; the answer taken home. */
const carry = async (site: Site, page: Page): Promise<void> => {
  const { requests } = await site.ask({ kind: 'license-request', ids: [] });
  await go(page, 'activate');
  await page.locator('textarea').fill(requests[0]?.text ?? '');
  await page.getByRole('button', { name: 'Get the answer' }).click();
  await page.locator('.answer').waitFor();
  const text = await saved(page, 'Download');
  await site.ask({ kind: 'license-response', text });
};

vendor('a customer is let in, brings a request, and its license is active', async ({ browser }) => {
  await using house = await VendorHouse.open();
  const clerk = await clerkAt(browser, house);
  const password = await addCustomer(clerk);
  const text = await issueLicense(clerk, house.url);
  await using site = await Site.open();
  await site.serve();
  assert.is((await site.usherWith(text, 'license', 'add', '-')).code, 0);
  assert.equal(await stateAt(site), ['installed']);

  const mine = await signIn(browser, house, 'it@nordwind.example', password);
  await mine.locator('.license h2', { hasText: 'acme-cad' }).waitFor();
  assert.is(await mine.locator('#navigation nav a').count(), 4, 'nothing of the clerk');
  await carry(site, mine);
  await mine.locator('.answer svg.qr').waitFor();
  await takePicture(mine, 'vendor-answer');
  assert.equal(await stateAt(site), ['active']);
  await go(mine, 'licenses');
  await mine.getByText('Active on computers: 1 of 1').waitFor();
  await mine.getByRole('link', { name: 'Details' }).click();
  await mine.getByLabel('Project').fill('Harbour bridge');
  await mine.getByRole('button', { name: 'Link' }).click();
  await mine.locator('dd', { hasText: 'Harbour bridge' }).waitFor();
  assert.match(await saved(mine, 'Download'), 'BEGIN USHER LICENSE');

  await changePassword(mine, password);
  await mine.reload();
  await mine.locator('h1', { hasText: 'Account' }).waitFor();
  await mine.getByRole('button', { name: 'Sign out' }).click();
  await mine.locator('h1', { hasText: 'Sign in' }).waitFor();
  const left = await mine.evaluate<string | null>("localStorage.getItem('usher-master')");
  assert.is(left, null);
  await mine.context().close();

  await changeLicense(clerk, site);
  await clerk.context().close();
});

const changePassword = async (page: Page, old: string): Promise<void> => {
  await go(page, 'account');
  await page.getByLabel('Password until now').fill(old);
  await page.getByLabel('New password', { exact: true }).fill('a longer one than that');
  await page.getByLabel('New password again').fill('a longer one than that');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The new password holds.').waitFor();
};

/** The agent hears what is new. */
const refresh = (site: Site) => site.ask({ kind: 'license-refresh', ids: [] });

/** Suspends, resumes, gives more seats, and frees the place. */
const changeLicense = async (clerk: Page, site: Site): Promise<void> => {
  await go(clerk, 'licenses');
  await clerk.getByRole('searchbox').fill('harbour');
  await clerk.locator('[role=table] a', { hasText: 'acme-cad' }).click();
  await clerk.getByRole('button', { name: 'Suspend' }).click();
  await dialog(clerk).getByLabel('Why').fill('the invoice is open');
  await dialog(clerk).getByRole('button', { name: 'Suspend' }).click();
  await clerk.locator('.heading .badge.bad', { hasText: 'suspended' }).waitFor();
  await refresh(site);
  assert.equal(await stateAt(site), ['suspended']);
  await clerk.getByRole('button', { name: 'Resume' }).click();
  await dialog(clerk).getByRole('button', { name: 'Resume' }).click();
  await clerk.locator('.heading .badge.good').waitFor();

  await clerk.getByRole('button', { name: 'Change seats' }).click();
  await dialog(clerk).getByLabel('Seats', { exact: true }).fill('8');
  await takePicture(clerk, 'vendor-seats');
  await dialog(clerk).getByRole('button', { name: 'Sign the new seats' }).click();
  await clerk.locator('.promise', { hasText: '8 seats' }).waitFor();
  await refresh(site);
  assert.equal(await stateAt(site), ['active', 'superseded']);

  await clerk.getByRole('button', { name: /^Free the place/ }).click();
  await dialog(clerk).getByLabel('Why').fill('the computer burnt');
  await dialog(clerk).getByRole('button', { name: 'Free' }).click();
  await clerk.locator('[role=table] .badge', { hasText: 'freed' }).waitFor();
  await go(clerk, 'audit');
  await clerk
    .getByText(/the computer burnt/)
    .first()
    .waitFor();
};

vendor('a request on which a person decides is approved', async ({ browser }) => {
  await using house = await VendorHouse.open();
  const { text } = await house.order(
    ...['--policy', 'ask', '--allow-virtual', '--container', 'allow', '--allow-unknown'],
  );
  await using site = await Site.open();
  await site.serve();
  await site.usherWith(text, 'license', 'add', '-');
  const made = await house.master('account', 'set', 'ann', '--customer', 'Example Ltd');
  const mine = await signIn(browser, house, 'ann', made.split('\n')[0] ?? '');
  const { requests } = await site.ask({ kind: 'license-request', ids: [] });
  await go(mine, 'activate');
  await mine.locator('textarea').fill(requests[0]?.text ?? '');
  await mine.getByRole('button', { name: 'Get the answer' }).click();
  await mine.getByText('Not everything was granted').waitFor();
  const clerk = await clerkAt(browser, house);
  await clerk.locator('#navigation .badge', { hasText: '1' }).waitFor();
  await go(clerk, 'requests');
  await clerk.getByRole('button', { name: /^Approve/ }).click();
  await dialog(clerk).getByRole('button', { name: 'Approve' }).click();
  await clerk.getByText('Nobody waits for a decision.').waitFor();
  await carry(site, mine);
  assert.equal(await stateAt(site), ['active']);
  for (const page of [mine, clerk]) await page.context().close();
});

vendor('who guesses is told so, and a reset signs everybody out', async ({ browser }) => {
  await using house = await VendorHouse.open();
  const made = await house.master('account', 'set', 'ann', '--customer', 'Example Ltd');
  const mine = await signIn(browser, house, 'ann', made.split('\n')[0] ?? '');
  await mine.locator('h1', { hasText: 'My licenses' }).waitFor();
  await house.master('account', 'set', 'ann', '--customer', 'Example Ltd');
  await go(mine, 'account');
  await mine.reload();
  await mine.locator('h1', { hasText: 'Sign in' }).waitFor();
  for (let guess = 0; guess < 9; guess++) {
    await mine.getByLabel('Name or address of mail').fill('ann');
    await mine.getByLabel('Password').fill(`guess ${guess}`);
    await mine.getByRole('button', { name: 'Sign in' }).click();
    await mine.locator('button:enabled', { hasText: 'Sign in' }).waitFor();
  }
  await mine.getByText('Too many wrong names or passwords: wait a while.').waitFor();
  assert.equal(await findFaults(mine), []);
  await mine.context().close();
});

if (hasBrowser) vendor.run();
else console.log('Not told on this computer: vendor (there is no Chromium).');
