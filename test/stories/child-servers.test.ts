import { writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import type { ChildView } from '../../agent/core/children/child-operations.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';

/** A vendor, and a parent whose license it has activated by files. */
class Family implements AsyncDisposable {
  readonly parent: Site;
  readonly #children: Site[] = [];
  url = '';
  vendorKey = '';

  private constructor(parent: Site) {
    this.parent = parent;
  }

  static async open(...terms: readonly string[]): Promise<Family> {
    const family = new Family(await Site.open());
    const { parent } = family;
    const key = await parent.json<{ publicKey: string }>(
      ...['vendor', 'keygen', '--out', 'root.key'],
    );
    family.vendorKey = key.publicKey;
    await must(
      parent,
      ...['vendor', 'issue', '--key', 'root.key', '--product', 'acme-cad', '--customer', 'OEM'],
      ...['--allow-virtual', '--allow-unknown', '--container', 'allow', '--out', 'license.txt'],
      ...terms,
    );
    const agent = await parent.serve('--console', '0');
    const [, port] = await agent.saying(/Console on http:\/\/localhost:(\d+)\//);
    family.url = `http://127.0.0.1:${port}`;
    await must(parent, 'license', 'add', 'license.txt');
    const { requests } = await parent.ask({ kind: 'license-request', ids: [] });
    await writeFile(parent.file('request.txt'), requests[0]?.text ?? '');
    const answer = await must(
      parent,
      ...['vendor', 'activate', 'request.txt', '--key', 'root.key', '--license', 'license.txt'],
    );
    await parent.ask({ kind: 'license-response', text: answer });
    return family;
  }

  /** The server of a client, with the block that its parent has written. */
  async client(name: string, ...terms: readonly string[]): Promise<Site> {
    const child = await Site.open(this.parent.vendor);
    this.#children.push(child);
    await child.serve();
    const block = await must(this.parent, 'child', 'create', name, ...terms);
    await writeFile(child.file('child.txt'), block);
    await must(child, 'license', 'add', 'child.txt');
    return child;
  }

  async child(name: string): Promise<ChildView> {
    return this.parent.json<ChildView>('child', 'show', name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.parent, ...this.#children].map((site) => site.close()));
  }
}

/** What is typed must not be refused. */
const must = async (site: Site, ...words: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await site.usher(...words);
  assert.is(code, 0, `usher ${words.join(' ')}: ${stderr}`);
  return stdout;
};

/** The same, as JSON that programs read. */
const told = async (site: Site, ...words: readonly string[]): Promise<void> =>
  assert.type(JSON.parse(await must(site, ...words, '--json')), 'object');

const refresh = (site: Site) => site.ask({ kind: 'license-refresh', ids: [] });

const stateAt = async (site: Site): Promise<string | undefined> =>
  (await site.licenses())[0]?.state;

const licensedAt = async (site: Site): Promise<number | undefined> =>
  (await site.licenses())[0]?.pools[0]?.licensed;

const licensedBecomes = (site: Site, seats: number): Promise<true> =>
  until(`${seats} seats are lent here`, async () =>
    (await licensedAt(site)) === seats ? true : undefined,
  );

story("I5: a partner's server lends what its parent gives it, more or less from afar", async () => {
  await using family = await Family.open('--seats', '5', '--children', '3');
  const { parent, url } = family;
  const terms = ['--generic', '2', '--url', url] as const;
  const child = await family.client('Partner Ltd', ...terms);
  assert.is(await licensedAt(parent), 3);
  assert.is(await stateAt(child), 'installed');
  await child.ask({ kind: 'license-activate', ids: [], credentials: null });
  assert.is(await stateAt(child), 'active');

  // The application is built with the vendor's key: it checks the whole chain.
  const trust = ['--vendor-key', family.vendorKey] as const;
  const ann = await child.work(...trust);
  const ben = await child.work(...trust);
  assert.is((await child.tryToWork(...trust)).code, 1);

  await told(parent, 'child', 'update', 'Partner Ltd', '--generic', '1');
  await refresh(child);
  assert.is(await licensedAt(child), 1);
  assert.is(await licensedAt(parent), 3, 'two are in use');
  assert.is(await goHome(ben), 0);
  await child.seatsBecome(1);
  await refresh(child);
  await licensedBecomes(parent, 4);

  await told(parent, 'child', 'list');
  await told(parent, 'child', 'suspend', 'Partner Ltd');
  await refresh(child);
  assert.is(await stateAt(child), 'suspended');
  assert.is((await child.tryToWork(...trust)).code, 1);
  await told(parent, 'child', 'resume', 'Partner Ltd');
  await refresh(child);
  assert.is(await stateAt(child), 'active');
  assert.is(await goHome(ann), 0);

  const careless = await parent.usher('child', 'remove', 'Partner Ltd');
  assert.is(careless.code, 2);
  assert.match(careless.stderr, /add --yes to do it/);
  await told(parent, 'child', 'remove', 'Partner Ltd', '--yes');
  await child.seatsBecome(0);
  await refresh(child);
  assert.is(await stateAt(child), 'revoked');
  // It has said so by itself.
  await licensedBecomes(parent, 5);
});

story('I5: a child has a child, and what is wrong is refused in words', async () => {
  await using family = await Family.open('--seats', '4', '--children', '1:2');
  const { parent, url } = family;
  const refused = async (...words: readonly string[]): Promise<string> => {
    const { code, stderr } = await parent.usher('child', 'create', 'X', '--url', url, ...words);
    assert.not.equal(code, 0);
    return stderr;
  };
  assert.match(await refused('--generic', '5'), /1 seat of class generic too many/);
  assert.match(await refused('--developer', '1'), /no seats of class developer/);
  assert.match(await refused('--generic', '1', '--no-calls'), /needs an end/);
  assert.match(await refused(), /Give it seats/);
  assert.match(await refused('--generic', '1', '--out', parent.data), /exists already/);
  assert.match((await parent.usher('child', 'list')).stdout, /^No child licenses/);
  const middle = await family.client(
    'Middle',
    '--generic',
    '3',
    '--url',
    url,
    '--max-children',
    '2',
  );
  await middle.ask({ kind: 'license-activate', ids: [], credentials: null });
  assert.match(await refused('--generic', '1'), /allows 1 child licenses/);
  const list = await parent.usher('child', 'list');
  assert.match(list.stdout, /Middle.*active.*generic 3/);
  const { upToDate } = await family.child('Middle');
  assert.is(upToDate, true);
  // Carried by hand: the middle one is reached by nobody.
  const block = await must(
    middle,
    ...['child', 'create', 'Leaf', '--generic', '1', '--url', 'http://nowhere.example.com'],
  );
  await using leaf = await Site.open();
  await leaf.serve();
  await writeFile(leaf.file('leaf.txt'), block);
  await must(leaf, 'license', 'add', 'leaf.txt');
  const { requests } = await leaf.ask({ kind: 'license-request', ids: [] });
  await writeFile(middle.file('request.txt'), requests[0]?.text ?? '');
  const response = await must(middle, 'child', 'answer', 'request.txt');
  await leaf.ask({ kind: 'license-response', text: response });
  assert.is(await stateAt(leaf), 'active');
  const worker = await leaf.work('--vendor-key', family.vendorKey);
  assert.is((await leaf.tryToWork()).code, 1);
  assert.is(await goHome(worker), 0);
  assert.is(await licensedAt(middle), 2);
  assert.is(await licensedAt(parent), 1);
});

tellStories();
