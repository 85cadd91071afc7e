import * as assert from 'uvu/assert';
import type { License } from '../../protocol/license.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { ACTIVATION_TERMS } from '../plain-license.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { DAY, now } from './vendor.ts';

const inDays = (days: number) => epochSeconds(now() + days * DAY);

interface Case {
  readonly terms: Partial<License>;
  readonly state: string;
  /** What the person in front of the application reads, where it lends nothing. */
  readonly refusal?: RegExp;
}

const CASES: Readonly<Record<string, Case>> = {
  'one that asks for activation is installed': {
    terms: { activation: ACTIVATION_TERMS },
    state: 'installed',
    refusal: /installed but not activated/,
  },
  'one that starts tomorrow is pending': {
    terms: { starts: inDays(1) },
    state: 'pending',
    refusal: /not valid yet/,
  },
  'one that ended yesterday is expired': {
    terms: { starts: inDays(-9), expires: inDays(-1) },
    state: 'expired',
    refusal: /has expired/,
  },
  'one in its last days is expiring, and lends': {
    terms: { expires: inDays(20) },
    state: 'expiring',
  },
  'one with a year to go is active': { terms: { expires: inDays(365) }, state: 'active' },
};

for (const [name, { terms, state, refusal }] of Object.entries(CASES)) {
  story(`I6 C6: ${name}`, async () => {
    await using site = await Site.lending();
    const added = await site.usherWith(site.vendor.issue(terms), 'license', 'add', '-');
    assert.is(added.code, 0, added.stderr);
    assert.match(added.stdout, new RegExp(`: acme-cad, 3 seats, ${state}\\.`));
    const [license] = await site.licenses();
    assert.is(license?.state, state);
    const shown = await site.usher('license', 'show', license?.id ?? '');
    assert.match(shown.stdout, new RegExp(`^State {8}${state}$`, 'm'));
    const work = await site.tryToWork();
    if (refusal === undefined) return assert.is(work.code, 0, work.stderr);
    assert.is(work.code, 1);
    assert.is(work.stdout, '');
    assert.match(work.stderr, refusal);
    assert.match(shown.stdout, refusal, 'the administrator reads why');
    assert.match(added.stdout, refusal, 'and reads it when adding');
  });
}

story('C6 C8: one that lends stands in for one that does not', async () => {
  await using site = await Site.lending({ activation: ACTIVATION_TERMS }, { expires: inDays(1) });
  assert.is((await site.tryToWork()).code, 0);
  const { products } = await site.status();
  assert.equal(products, [{ product: 'acme-cad', lent: 0, seats: 3 }]);
});

tellStories();
