import * as assert from 'uvu/assert';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const pools = [poolOf(1), poolOf(1, 'developer'), poolOf(1, 'execution')];

story('C7 M2: seats of a class are used first, generic ones last', async () => {
  await using site = await Site.lending({ pools });
  const classes = async () => (await site.seats()).map((seat) => seat.class).sort();

  await site.work('--class', 'developer');
  assert.equal(await classes(), ['developer']);
  await site.work('--class', 'developer');
  assert.equal(await classes(), ['developer', 'generic']);

  const third = await site.tryToWork('--class', 'developer');
  assert.is(third.code, 1);
  assert.match(third.stderr, /All seats are in use\. .*\(2 of 2 in use\)/);
  assert.is((await site.tryToWork('--class', 'execution')).code, 0);
  const { stdout } = await site.usher('license', 'list');
  assert.match(stdout, / generic 1\/1, developer 1\/1, execution 0\/1 /);
});

story('M2: who asks for no class gets a generic seat and none that is for a class', async () => {
  await using site = await Site.lending({ pools });
  await site.work();
  assert.match((await site.usher('seat', 'list')).stdout, / generic /);
  const second = await site.tryToWork();
  assert.is(second.code, 1);
  assert.match(second.stderr, /All seats are in use\. .*\(1 of 1 in use\)/);
  await site.work('--class', 'developer');
  await site.work('--class', 'execution');
  assert.match((await site.usher('status')).stdout, /^acme-cad +3 +3$/m);
});

story('a generic seat serves a class that the license does not name', async () => {
  await using site = await Site.lending({ pools: [poolOf(1)] });
  assert.is((await site.tryToWork('--class', 'developer')).code, 0);
});

story('a class without seats is refused with who can change it', async () => {
  await using site = await Site.lending({ pools: [poolOf(1, 'developer')] });
  const refused = await site.tryToWork('--class', 'execution');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /no seats of the class that was asked for/);
  assert.match(refused.stderr, /ask the vendor for one that has it/);
});

story('a feature is lent only where the license covers it', async () => {
  await using site = await Site.lending({ features: ['drawing', 'rendering'] });
  assert.is((await site.tryToWork('--feature', 'drawing', '--feature', 'rendering')).code, 0);
  const refused = await site.tryToWork('--feature', 'drawing', '--feature', 'simulation');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /does not cover a feature that was asked for/);
});

tellStories();
