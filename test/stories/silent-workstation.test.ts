import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story(
  'I9: a crashed workstation’s seat comes back within a term, a working one keeps its own',
  async () => {
    const pools = [poolOf(2)];
    await using site = await Site.open();
    const agent = await site.serve();
    await site.addLicense({ pools, term: seconds(10) });
    const colleague = await site.work();
    const [kept] = await site.seats();
    const worker = await site.work();
    const crashed = (await site.seats()).find(({ id }) => id !== kept?.id);
    assert.ok(crashed !== undefined);
    await worker.destroy();
    assert.is((await site.tryToWork()).code, 1, 'it may still be in use');

    const left = await site.seatsBecome(1);
    assert.is(left[0]?.id, kept?.id);
    await agent.saying(new RegExp(`Seat ${crashed.id} of license \\S+ lapsed: nothing heard from`));
    assert.is((await site.tryToWork()).code, 0);
    assert.ok(((await site.status()).counters['renewed'] ?? 0) >= 3, 'the other was renewed');
    assert.not.match(colleague.said, /does not answer|lost/);
  },
);

tellStories();
