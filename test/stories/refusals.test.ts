import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { connect, type SeatNews } from '../../protocol/client/client.ts';
import { GENERIC_CLASS, type License } from '../../protocol/license.ts';
import { REFUSALS, type RefusalCode } from '../../protocol/refusal.ts';
import { seconds } from '../../protocol/units.ts';
import { HOST_CODE, poolOf } from '../../scripts/vectors/fixed.ts';
import type { Running } from './program.ts';
import { LOOPBACK, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';
import { DAY } from './vendor.ts';

/** A refusal of `usher run`: what there is on the site, and what somebody tries then. */
interface Refused {
  readonly licenses?: readonly Partial<License>[];
  /** The administrator's rules. */
  readonly rules?: string;
  /** What has happened before. */
  readonly before?: (site: Site) => Promise<unknown>;
  readonly flags?: readonly string[];
}

const named: Partial<License> = { type: 'named', counting: 'user', pools: [poolOf(1)] };
const ofOrders: Partial<License> = { resource: 'orders' };

/** A license, its successor, and the successor's removal. */
const succeedAndRemove = async (site: Site): Promise<void> => {
  const { id } = await site.addLicense();
  const successor = await site.addLicense({ supersedes: [id] });
  await site.ask({ kind: 'license-remove', id: successor.id });
};

const REFUSED = {
  'license-superseded': { licenses: [], before: succeedAndRemove },
  'standalone-only': { licenses: [{ type: 'standalone', pools: [], hostCode: HOST_CODE }] },
  'not-assigned': { licenses: [named] },
  excluded: { rules: 'exclude everyone from acme-cad' },
  'limit-reached': {
    rules: 'limit 1 acme-cad for each user',
    before: (site) => site.work(),
  },
  reserved: { rules: 'reserve 3 acme-cad for user somebody-else' },
  'faulty-rules': { rules: 'nobody may do anything' },
  'resource-needed': { licenses: [ofOrders] },
  'no-resource': { licenses: [ofOrders], flags: ['--resource', 'invoices'] },
} as const satisfies Partial<Record<RefusalCode, Refused>>;

interface Place {
  readonly site: Site;
  readonly agent: Running;
}

/** Opens a site with an agent that has rules and licenses. */
const siteOf = async ({ licenses = [{}], rules, before }: Refused): Promise<Place> => {
  const site = await Site.open();
  if (rules !== undefined) {
    await mkdir(site.data, { mode: 0o700 });
    await writeFile(join(site.data, 'rules.conf'), `${rules}\n`);
  }
  const agent = await site.serve();
  for (const terms of licenses) await site.addLicense(terms);
  await before?.(site);
  return { site, agent };
};

for (const [code, one] of Object.entries(REFUSED) as [keyof typeof REFUSED, Refused][]) {
  story(`${code} is said in a sentence, with who can change it`, async () => {
    const { site } = await siteOf(one);
    await using _ = site;
    const ended = await site.tryToWork(...(one.flags ?? []));
    const { sentence, administrator } = REFUSALS[code];
    assert.is(ended.code, 1, ended.stderr);
    assert.is(ended.stdout, '', 'the command was not started');
    assert.ok(ended.stderr.includes(`acme-cad: ${sentence}`), ended.stderr);
    assert.ok(ended.stderr.includes(`\n${administrator}\n`), ended.stderr);
    assert.is((await site.status()).counters[`refused ${code}`], 1);
  });
}

/** How a seat that was held is lost: what is done while somebody works. */
interface Lost extends Refused {
  readonly lose: (site: Site, agent: Running) => Promise<unknown>;
}

const generic = { product: null, class: GENERIC_CLASS } as const;
const shortTerm: Partial<License> = { term: seconds(10) };

const LOST = {
  'license-removed': {
    licenses: [shortTerm],
    lose: async (site) => {
      const [license] = await site.licenses();
      return site.ask({ kind: 'license-remove', id: license?.id ?? '' });
    },
  },
  recalled: {
    licenses: [named],
    before: (site) => site.ask({ kind: 'user-assign', ...generic, users: [userInfo().username] }),
    lose: (site) => site.ask({ kind: 'user-recall', ...generic, users: null, force: false }),
  },
  'not-held': {
    licenses: [shortTerm],
    lose: async (site, agent) => {
      // As if its data folder were restored from a backup of a time when there was no seat.
      await agent.destroy();
      await rm(join(site.data, 'store'), { recursive: true });
      await rm(join(site.data, 'store.mark'));
      return site.serve();
    },
  },
} as const satisfies Partial<Record<RefusalCode, Lost>>;

for (const [code, one] of Object.entries(LOST) as [keyof typeof LOST, Lost][]) {
  story(`a seat that ends by ${code} says so to who works`, async () => {
    const { site, agent } = await siteOf(one);
    await using _ = site;
    const worker = await site.work();
    await one.lose(site, agent);
    const { sentence, administrator } = REFUSALS[code];
    await worker.saying(/The command runs on/);
    assert.ok(worker.said.includes(`${sentence} ${administrator}\n`), worker.said);
  });
}

story('an application that is not used is told before its seat goes to others', async () => {
  const { site } = await siteOf({
    licenses: [shortTerm],
    rules: 'idle 30 minutes acme-cad for everyone',
  });
  await using _ = site;
  const { port, vendor } = site;
  const library = connect({ vendorKey: vendor.key, interfaces: [LOOPBACK], port });
  await using seat = await library.acquire({ product: 'acme-cad' });
  const news: SeatNews[] = [];
  seat.onNews((one) => news.push(one));
  seat.reportIdle(1800);
  await until('the seat is ending', () => news.find(({ kind }) => kind === 'ending'));
  const [first] = news;
  assert.is(first?.kind === 'ending' && first.explanation.sentence, REFUSALS.idle.sentence);
  // It is used after all.
  seat.reportIdle(0);
  await until('the seat is renewed', () => news.find(({ kind }) => kind === 'held'));
});

/** Where each other code is told: a file of stories and words of its sentence, or why nowhere. */
type Told = 'here' | readonly [story: string, words: string] | { readonly why: string };

const wire = { why: 'no program of ours makes such a request; told by the tests of the core' };
const ENOUGH = 'more clients than one computer can start; told by the tests of the core';

const TOLD: Readonly<Record<RefusalCode, Told>> = {
  'no-license': ['seats-are-shared', 'This agent has no license for the product'],
  'no-seat': ['seats-are-shared', 'All seats are in use'],
  'no-class': ['classes-and-features', 'no seats of the class that was asked for'],
  'no-feature': ['classes-and-features', 'does not cover a feature that was asked for'],
  'not-activated': ['license-states', 'installed but not activated'],
  'license-pending': ['license-states', 'not valid yet'],
  'license-expired': ['license-states', 'has expired'],
  'virtual-host': ['virtual-host-is-refused', 'virtual machine'],
  'container-host': ['virtual-host-is-refused', 'container'],
  'unknown-host': ['virtual-host-is-refused', 'real hardware'],
  'not-held': 'here',
  disconnected: ['administrator-takes-a-seat-back', 'The administrator has taken this seat back'],
  'license-removed': 'here',
  'store-failing': ['data-folder-trouble', 'cannot write to its disk, so it cannot promise a seat'],
  busy: { why: ENOUGH },
  'no-document': { why: 'only between a grant and its proof; told by the tests of the core' },
  'bad-request': wire,
  'no-match': { why: 'said in other words: administrator-takes-a-seat-back' },
  'license-superseded': 'here',
  'standalone-only': 'here',
  'not-assigned': 'here',
  excluded: 'here',
  'limit-reached': 'here',
  reserved: 'here',
  'no-version': ['versions', 'does not cover this version of the application'],
  'no-maintenance': ['versions', 'was released after the maintenance of the license ended'],
  'version-needed': ['versions', 'the application does not say which it is'],
  'no-resource': 'here',
  'resource-needed': 'here',
  'too-heavy': ['weight', 'More seats were asked for at once than the license has'],
  'seats-reduced': ['stages', 'has fewer seats now'],
  idle: 'here',
  recalled: 'here',
  'trial-ended': ['trial', 'The trial has ended'],
  'borrow-forbidden': 'here',
  'borrow-too-long': ['seats-are-borrowed', 'may not be borrowed for so long'],
  'borrow-limit': ['seats-are-borrowed', 'As many seats as may be borrowed'],
  'queue-full': { why: ENOUGH },
  'no-meter': ['allowance-is-drawn', 'No license has an allowance of this name'],
  'meter-empty': ['allowance-is-drawn', 'The allowance is used up'],
  'draw-conflict': ['allowance-is-drawn', 'asked for before with another amount'],
  'roster-full': { why: 'said in other words by the desk of users' },
  borrowed: 'here',
  'faulty-rules': 'here',
  'clock-refused': { why: 'said in other words: clocks' },
  'holding-off': ['store-trouble', 'may have forgotten seats'],
  'store-damaged': ['store-trouble', 'records are damaged'],
  'activation-ended': { why: 'it takes days; told by the tests of the core' },
  'license-suspended': ['license-is-activated', 'is suspended by its vendor'],
  'license-revoked': { why: 'as the one before; told by the tests of the core' },
  'license-returned': ['license-is-activated', 'is given back'],
  'license-invalid': { why: 'told by the tests of the core' },
  'site-child': { why: 'it takes a site with a register; told by the tests of the core' },
  'wrong-host': ['host-identity', 'bound to another computer'],
};

story('every refusal is told by a story, or somebody has said why not', async () => {
  const source = (name: string) => readFile(new URL(`${name}.test.js`, import.meta.url), 'utf8');
  for (const [code, { sentence }] of Object.entries(REFUSALS)) {
    const told = TOLD[code as RefusalCode];
    assert.ok(told !== undefined, code);
    const [name, words] = Array.isArray(told) ? told : [];
    if (name === undefined) continue;
    assert.ok(sentence.includes(words), `${code}: ${words}`);
    assert.ok((await source(name)).includes(words), `${name} does not tell ${code}`);
  }
});

story('what is not lent for a journey is refused, and one on a journey is not freed', async () => {
  await using site = await Site.lending({});
  const borrow = ['borrow', '--product', 'acme-cad', '--days', '1'];
  const forbidden = await site.usher(...borrow);
  assert.is(forbidden.code, 1);
  assert.ok(forbidden.stderr.includes(REFUSALS['borrow-forbidden'].sentence), forbidden.stderr);
  assert.ok(forbidden.stderr.includes(REFUSALS['borrow-forbidden'].administrator));
  const [plain] = await site.licenses();
  await site.ask({ kind: 'license-remove', id: plain?.id ?? '' });
  await site.addLicense({ borrow: { seats: 1, longest: seconds(DAY) } });
  const borrowed = await site.usher(...borrow);
  assert.is(borrowed.code, 0, borrowed.stderr);
  const [seat] = await site.seats();
  const forced = await site.usher('seat', 'disconnect', '--force', seat?.id ?? '');
  assert.is(forced.code, 1);
  assert.ok(forced.stderr.includes(REFUSALS.borrowed.sentence), forced.stderr);
});

tellStories();
