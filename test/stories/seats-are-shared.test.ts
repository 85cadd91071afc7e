import * as assert from 'uvu/assert';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

story(
  'P1 P8 I1 C7: of four people three work, the fourth reads why not, then takes a free seat',
  async () => {
    await using site = await Site.lending({});
    const [first] = await Promise.all([site.work(), site.work(), site.work()]);
    assert.is((await site.seats()).length, 3);

    const refused = await site.tryToWork();
    assert.is(refused.code, 1);
    assert.is(refused.stdout, '', 'the command was not started');
    assert.match(refused.stderr, /^acme-cad: All seats are in use\. .*\(3 of 3 in use\)/);
    assert.match(refused.stderr, /See who holds them with `usher seat list`\./);

    assert.is(await goHome(first), 0);
    const taken = await site.tryToWork();
    assert.is(taken.code, 0, taken.stderr);
    assert.is(taken.stdout, 'worked\n');
  },
);

story('I5 C2: codes that are bought later add up', async () => {
  const one = { pools: [poolOf(1)] };
  await using site = await Site.lending(one);
  await site.work();
  assert.is((await site.tryToWork()).code, 1);
  await site.addLicense(one);
  assert.is((await site.tryToWork()).code, 0);
  const { products } = await site.status();
  assert.equal(products, [{ product: 'acme-cad', lent: 1, seats: 2 }]);
});

story('a product of another name is another product', async () => {
  await using site = await Site.lending({});
  const { code, stderr } = await site.usher('run', '--product', 'acme-cam', '--', 'true');
  assert.is(code, 1);
  assert.match(stderr, /^acme-cam: This agent has no license for the product\./);
});

tellStories();
