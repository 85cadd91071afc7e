import { readFile, rm, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import type { LicenseView } from '../../agent/core/operations.ts';
import { armor, dearmor } from '../../protocol/armor.ts';
import type { ActivationTerms } from '../../protocol/license.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { openReceipt } from '../../protocol/return-receipt.ts';
import { seconds } from '../../protocol/units.ts';
import { ACTIVATION_TERMS } from '../plain-license.ts';
import { type Answer, SmallVendor } from '../small-vendor.ts';
import { StoryMaster } from './master.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { DAY, now } from './vendor.ts';

const EMERGENCY = { longest: seconds(5 * DAY), window: seconds(30 * DAY) };

/** A site with a license that waits for its activation, and who can give that. */
const open = async (more: Partial<ActivationTerms> = {}, term = 600) => {
  const activation = { ...ACTIVATION_TERMS, emergency: EMERGENCY, ...more };
  const site = await Site.open();
  try {
    const agent = await site.serve();
    const { id } = await site.addLicense({ activation, term: seconds(term) });
    const vendor = new SmallVendor(site.vendor.keys, nativePrimitives);
    return { site, vendor, id, agent };
  } catch (error) {
    await site.close();
    throw error;
  }
};

const blockIn = (title: 'request' | 'receipt', text: string): Uint8Array => {
  const [block] = dearmor(title, text, nativePrimitives);
  if (block?.ok !== true) throw new Error(`no ${title} in:\n${text}`);
  return block.value;
};

const answerTo = (vendor: SmallVendor, request: string, answer: Answer = {}): string =>
  armor('response', vendor.activate(blockIn('request', request), now(), answer), nativePrimitives);

const show = async (site: Site, id: string): Promise<LicenseView> => {
  return site.json<LicenseView>('license', 'show', id);
};

story(
  'I1 I2: without a network, a file goes to the vendor and another one comes back',
  async () => {
    const { site, vendor, id } = await open();
    await using _site = site;
    const before = await site.usher('license', 'show', id);
    assert.match(before.stdout, `usher license activate ${id} --request FILE`);
    const asked = await site.usher('license', 'activate', '--request', 'request.txt');
    assert.is(asked.code, 0, asked.stderr);
    assert.match(asked.stderr, /^Request for 1 license written to request\.txt\./);
    const request = await readFile(site.file('request.txt'), 'utf8');
    await writeFile(site.file('answer.txt'), `Dear Ann,\n\n${answerTo(vendor, request)}`);
    const loaded = await site.usher('license', 'activate', '--response', 'answer.txt');
    assert.is(loaded.code, 0, loaded.stderr);
    assert.is(loaded.stdout, `License ${id} for acme-cad is active. State: active.\n`);
    const work = await site.tryToWork();
    assert.is(work.code, 0, work.stderr);
    const again = await site.usher('license', 'activate', '--response', 'answer.txt');
    assert.is(again.stdout, `License ${id} for acme-cad is as it was. State: active.\n`);
    const shown = await site.usher('license', 'show', id);
    assert.match(shown.stdout, /^Activated +by the vendor, /m);
  },
);

story(
  'a file that is there keeps its request good, and the license that would be given back',
  async () => {
    const { site, vendor, id } = await open();
    await using _site = site;
    const ask = () => site.usher('license', 'activate', '--request', 'request.txt');
    await ask();
    const request = await readFile(site.file('request.txt'), 'utf8');
    const again = await ask();
    assert.is(again.code, 1);
    assert.match(again.stderr, /^request\.txt exists already: choose another name\./);
    const answer = answerTo(vendor, request);
    const loaded = await site.usherWith(answer, 'license', 'activate', '--response', '-');
    assert.is(loaded.code, 0, loaded.stderr);
    const back = await site.usher('license', 'deactivate', id, '--receipt', 'request.txt');
    assert.match(back.stderr, /^request\.txt exists already/);
    assert.is((await show(site, id)).state, 'active');
    const nowhere = await site.usher('license', 'deactivate', id, '--receipt', 'no/receipt.txt');
    assert.match(
      nowhere.stderr,
      /^Cannot write no\/receipt\.txt: there is no such file or folder\./,
    );
    assert.is((await show(site, id)).state, 'active');
  },
);

story('an answer for another agent, or to an older request, is refused by name', async () => {
  const { site, vendor, id } = await open();
  await using _site = site;
  const ask = async (where: Site) =>
    (await where.usher('license', 'activate', '--request', '-')).stdout;
  const older = await ask(site);
  const request = await ask(site);
  const load = (text: string) => site.usherWith(text, 'license', 'activate', '--response', '-');
  const late = await load(answerTo(vendor, older));
  assert.equal([late.code, late.stdout], [1, '']);
  assert.match(late.stderr, /answers an older request: .*Nothing was loaded\./);
  await using other = await Site.open(site.vendor);
  await other.serve();
  const { text } = await site.ask({ kind: 'license-export', id });
  await other.ask({ kind: 'license-add', text });
  const foreign = await load(answerTo(vendor, await ask(other)));
  assert.is(foreign.code, 1);
  assert.match(foreign.stderr, /is for another agent: .*Nothing was loaded\./);
  const forged = await load(
    answerTo(
      new SmallVendor(nativePrimitives.signingKeys(new Uint8Array(32)), nativePrimitives),
      request,
    ),
  );
  assert.match(forged.stderr, /is by another vendor/);
  const cut = await load(answerTo(vendor, request).slice(0, 200));
  assert.match(cut.stderr, /truncated: copy everything from BEGIN to END/);
  assert.is((await show(site, id)).state, 'installed');
});

story('by one call: the master is asked with a number and an e-mail, and answers', async () => {
  await using master = await StoryMaster.open();
  const { site, vendor, id } = await open({ master: `${master.url}/` });
  await using _site = site;
  master.say = ({ request }) => ({ status: 200, body: vendor.activate(request, now()) });
  const known = ['--number', 'N-7', '--email', 'ann@example.com'];
  const done = await site.usher('license', 'activate', id.slice(0, 6), '--online', ...known);
  assert.is(done.code, 0, done.stderr);
  assert.is((await show(site, id)).state, 'active');
  const [heard] = master.heard;
  assert.is(heard?.path, '/v1/requests');
  const secret = Buffer.from('N-7:ann@example.com').toString('base64');
  assert.is(heard?.headers.authorization, `Basic ${secret}`);
  assert.ok(heard?.headers['usher-version']);
  const { stdout: audit } = await site.usher('audit', 'show');
  assert.match(audit, /license-activate/);
  assert.not.match(audit, /ann@example\.com/, 'no secret in the audit');
  assert.not.match(await readFile(site.file('data/logs/usher.log'), 'utf8'), /ann@example\.com/);
});

story('a call that fails says why, changes nothing and offers the other ways', async () => {
  await using master = await StoryMaster.open();
  const { site, vendor, id } = await open({ master: master.url });
  await using _site = site;
  const activate = () => site.usher('license', 'activate', '--online');
  const refusal = { code: 'unauthorized', sentence: 'The number or e-mail is wrong.' };
  master.say = () => ({ status: 401, body: JSON.stringify(refusal) });
  const wrong = await activate();
  assert.is(wrong.code, 1);
  assert.match(
    wrong.stdout,
    /^The number or e-mail is wrong\. Nothing has changed\. Try again with `usher/,
  );
  assert.match(wrong.stderr, `\`usher license activate ${id} --request FILE\``);
  assert.match(wrong.stderr, `\`usher license activate ${id} --emergency\``);
  master.say = () => ({ status: 502, body: '<html>' });
  assert.match((await activate()).stdout, /is no master of Usher: it answers with status 502/);
  const sentence = 'It is active on front-desk.';
  const refusals = [
    { license: (await show(site, id)).id, code: 'agents-taken', sentence },
  ] as const;
  master.say = ({ request }) => ({
    status: 200,
    body: vendor.respond(request, now(), { refusals }),
  });
  assert.match(
    (await activate()).stdout,
    /is not activated by its vendor: It is active on front-desk/,
  );
  await master[Symbol.asyncDispose]();
  const dead = await activate();
  assert.match(dead.stdout, /cannot be reached: nobody answers there\. Nothing has changed\./);
  assert.is((await show(site, id)).state, 'installed');
});

story('an emergency needs nobody, is had once, and outlives the data folder', async () => {
  const { site, id, agent } = await open();
  await using _site = site;
  const done = await site.usher('license', 'activate', id, '--emergency');
  assert.is(done.code, 0, done.stderr);
  assert.match(done.stdout, /lends for an emergency, until .*, and will not again\./);
  const listed = await site.usher('license', 'list');
  assert.match(listed.stdout, /emergency .*emergency: 5 days left/);
  assert.match((await site.usher('license', 'show', id)).stdout, /\(5 days left\)/);
  assert.match(
    (await site.usher('status')).stdout,
    /^Ending +emergency of license .*: 5 days left/m,
  );
  assert.is((await site.tryToWork()).code, 0);
  const { text } = await site.ask({ kind: 'license-export', id });
  agent.kill('SIGTERM');
  await agent.ended;
  await rm(site.data, { recursive: true });
  await site.serve();
  await site.ask({ kind: 'license-add', text });
  const again = await site.usher('license', 'activate', id, '--emergency');
  assert.is(again.code, 1);
  assert.match(again.stderr, /had its one emergency activation on this computer/);
});

story('given back, it lends nothing, and the receipt waits until nobody holds a seat', async () => {
  const { site, vendor, id } = await open({}, 10);
  await using _site = site;
  const { stdout: request } = await site.usher('license', 'activate', '--request', '-');
  await site.usherWith(answerTo(vendor, request), 'license', 'activate', '--response', '-');
  const worker = await site.work();
  const early = await site.usher('license', 'deactivate', id, '--receipt', 'receipt.txt');
  assert.is(early.code, 1);
  assert.match(early.stderr, /lends nothing more\. 1 seat is still held, the last one until /);
  const refused = await site.tryToWork();
  assert.match(refused.stderr, /is given back, or taken from this agent by the vendor/);
  await goHome(worker);
  const done = await site.usher('license', 'deactivate', id, '--receipt', 'receipt.txt', '--wait');
  assert.is(done.code, 0, done.stderr);
  const text = await readFile(site.file('receipt.txt'), 'utf8');
  assert.is(vendor.read(blockIn('request', text)).request.kind, 'return');
  const receipt = openReceipt(blockIn('receipt', text), nativePrimitives);
  assert.is(receipt.ok && receipt.value.receipt.license, id);
  const { state, refusal } = await show(site, id);
  assert.equal([state, refusal], ['installed', 'license-returned']);
});

story('a refresh brings what is new; what the vendor has suspended is said first', async () => {
  await using master = await StoryMaster.open();
  const { site, vendor, id } = await open({ master: master.url });
  await using _site = site;
  master.say = ({ request }) => ({ status: 200, body: vendor.activate(request, now()) });
  await site.usher('license', 'activate', '--online');
  const license = (await show(site, id)).id;
  const suspended = vendor.standing(license, 'suspended', now(), null, 'The bill is open.');
  const heir = site.vendor.sign({ supersedes: [license], activation: null });
  master.say = ({ request }) => {
    return { status: 200, body: vendor.respond(request, now(), { documents: [suspended, heir] }) };
  };
  const done = await site.usher('license', 'refresh');
  assert.is(done.code, 0, done.stderr);
  assert.match(done.stdout, /is suspended by its vendor: The bill is open\. State: superseded/);
  assert.match(done.stdout, /was added\. State: active/);
  assert.is((await site.licenses()).length, 2);
});

story('a suspended license lends nothing and says so', async () => {
  await using master = await StoryMaster.open();
  const { site, vendor, id } = await open({ master: master.url });
  await using _site = site;
  const license = (await show(site, id)).id;
  const documents = [vendor.standing(license, 'suspended', now(), null, 'The bill is open.')];
  master.say = ({ request }) => ({
    status: 200,
    body: vendor.respond(request, now(), { documents }),
  });
  await site.usher('license', 'refresh');
  const work = await site.tryToWork();
  assert.match(work.stderr, /The license is suspended by its vendor, or by the parent/);
  assert.match((await site.usher('license', 'list')).stdout, /suspended.*The bill is open\./);
});

story('what is removed comes back, and a request can be read off the screen', async () => {
  const { site, id } = await open();
  await using _site = site;
  const asked = await site.usher('license', 'remove', id);
  assert.is(asked.code, 2);
  assert.match(asked.stderr, /^This would remove license .* Say so with --yes;/);
  assert.is((await site.usher('license', 'remove', id, '--yes')).code, 0);
  assert.match((await site.usher('license', 'restore')).stdout, id);
  assert.is((await site.usher('license', 'restore', id.slice(0, 5))).code, 0);
  const seen = await site.usher('license', 'activate', id, '--qr');
  assert.is(seen.code, 0, seen.stderr);
  assert.match(seen.stdout, /█▀▀▀▀▀█|▄▄▄▄▄/);
  assert.not.match(seen.stdout, /BEGIN USHER/);
  const none = await site.usher('license', 'activate', id);
  assert.is(none.code, 2);
  assert.match(none.stderr, /--online .*--request FILE .*--emergency/);
  const both = await site.usher('license', 'activate', id, '--online', '--number', '7');
  assert.match(both.stderr, /--number with --email/);
});

tellStories();
