/** Drills: what is done when a key may be known to somebody else, and what comes of it. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

story(
  'an agent’s key is replaced: nobody is lent a seat twice, and who held one goes on',
  async () => {
    await using site = await Site.open();
    const first = await site.serve();
    await site.addLicense({ term: seconds(10) });
    const worker = await site.work();
    const [before] = await site.seats();
    const stolen = await readFile(join(site.data, 'agent.key'));
    first.kill('SIGTERM');
    await first.ending();

    const refused = await site.usher('host', 'adopt');
    assert.is(refused.code, 1);
    const replaced = await site.usher('host', 'adopt', '--force');
    assert.is(replaced.code, 0, replaced.stderr);
    await site.serve();
    const fresh = await readFile(join(site.data, 'agent.key'));
    assert.not.equal([...fresh], [...stolen]);

    // The one seat may still be believed in by who holds it.
    const early = await site.tryToWork('--patience', '0.3');
    assert.is(early.code, 1, early.stderr);
    // Then its application finds the new key by itself.
    const [seat] = await site.seatsBecome(1);
    assert.is(seat?.process, before?.process);
    assert.is(await goHome(worker), 0);
  },
);

tellStories();
