/** What the C client does over a restart or a silence of its agent: these last as long as terms do. */

import type { uvu } from 'uvu';
import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { until } from '../stories/until.ts';
import type { CStory } from './c-client.ts';
import { forgeReplies, withMeddler } from './c-hostile.ts';
import { renewed, seatsInUse } from './interop-site.ts';

export const addPatientTests = (story: uvu.Test<CStory>): void => {
  story('a held seat outlives a restart of the agent', async ({ site, start }) => {
    await site.addLicense({ term: seconds(10) });
    const client = start('--hold');
    await client.told('held');
    await site.restart();
    await renewed(site);
    client.release();
    assert.is(await client.code, 0);
    assert.equal(client.names, ['held', 'acquired', 'released']);
    assert.is(await seatsInUse(site), 0);
  });

  story('a place in line outlives a restart of the agent', async ({ site, start }) => {
    await site.addLicense();
    const first = start('--hold');
    await first.told('held');
    const second = start('--wait');
    await second.told('waiting');
    await site.restart();
    first.release();
    assert.is(await second.code, 0, JSON.stringify(second.steps));
  });

  story('a seat whose agent falls silent is lost in time, and said so', async ({ site, start }) => {
    await site.addLicense({ term: seconds(10) });
    await withMeddler(site, async (meddler) => {
      const client = start('--interfaces', '', '--agent', meddler.address, '--hold');
      await client.told('held');
      meddler.passes = false;
      meddler.beside = forgeReplies;
      assert.ok(await client.told('unreachable'));
      assert.is((await client.told('lost'))?.code, 'not-renewed');
      assert.is(await client.code, 1);
    });
  });

  story('an agent that comes back at another address is found there', async ({ site, start }) => {
    await site.addLicense({ term: seconds(10) });
    await withMeddler(site, async (meddler) => {
      const client = start('--agent', meddler.address, '--interfaces', '', '--hold');
      await client.told('held');
      meddler.passes = false;
      await client.told('unreachable');
      await meddler.move();
      meddler.passes = true;
      assert.ok(await client.told('held', 2));
      await until('the seat is known', async () =>
        (await seatsInUse(site)) === 1 ? true : undefined,
      );
      client.release();
      assert.is(await client.code, 0);
    });
  });
};
