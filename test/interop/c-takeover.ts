/** What the C client does when its agent dies, and another of the same site takes its seat over. */

import type { uvu } from 'uvu';
import * as assert from 'uvu/assert';
import { BEAT_PREFIX, SECRET_KEY } from '../../agent/core/site/site-keys.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { seconds } from '../../protocol/units.ts';
import { RegisterBench } from '../agent/core/site/register-bench.ts';
import { until } from '../stories/until.ts';
import type { CStory } from './c-client.ts';
import { InteropSite, seatsInUse } from './interop-site.ts';

/** Members of one site with one license, for as long as `work` takes. */
const withMembers = async (
  names: readonly string[],
  work: (members: readonly InteropSite[]) => Promise<void>,
): Promise<void> => {
  const members = await startMembers(names);
  try {
    await work(members);
  } finally {
    for (const member of members) await member.close();
  }
};

const startMembers = async (names: readonly string[]): Promise<readonly InteropSite[]> => {
  const register = new RegisterBench();
  const keys = nativePrimitives.signingKeys(systemEntropy(32));
  const members = names.map((name) => new InteropSite({ name, keys, register }));
  const text = members[0]?.issue({ term: seconds(10) }) ?? '';
  for (const member of members) {
    await member.open();
    await member.addText(text);
  }
  // Each has read the site's secret by the time of its next word: its grants say how they go on.
  await until('the members know each other', async () => {
    const secret = register.kept.get(SECRET_KEY)?.revision ?? Number.POSITIVE_INFINITY;
    const beats = [...register.kept].filter(([key]) => key.startsWith(BEAT_PREFIX));
    const isKnown = beats.every(([, { revision }]) => revision > secret);
    return isKnown && beats.length === names.length ? true : undefined;
  });
  return members;
};

/** The words by which a client finds them. */
const wordsFor = (members: readonly InteropSite[]): readonly string[] => {
  const agents = members.map(({ port }) => `127.0.0.1:${port}`).join();
  const vendorKey = members[0]?.vendorKey ?? '';
  return ['--interfaces', '', '--agent', agents, '--vendor-key', vendorKey];
};

export const addTakeoverTests = (story: uvu.Test<CStory>): void => {
  story('a seat goes on at another member when its own is dead', ({ start }) =>
    withMembers(['one', 'other'], async (members) => {
      const client = start(...wordsFor(members), '--hold', '--feature', 'export');
      const acquired = await client.told('acquired');
      assert.ok(acquired, JSON.stringify(client.steps));
      const [dead, heir] = acquired?.agent === 'one' ? members : [...members].reverse();
      await dead?.close();
      assert.ok(await client.told('held', 2), JSON.stringify(client.steps));
      const seats = await heir?.driver.operate({ kind: 'seat-list' });
      const [seat] = seats?.kind === 'seat-list' ? seats.seats : [];
      assert.is(seat?.id, acquired?.lease);
      client.release();
      assert.is(await client.code, 0);
      assert.equal(client.names, ['held', 'acquired', 'unreachable', 'held', 'released']);
      await until('the seat is given back', async () =>
        heir !== undefined && (await seatsInUse(heir)) === 0 ? true : undefined,
      );
    }),
  );

  story('a member that was away for a moment keeps its seat', ({ start }) =>
    withMembers(['one', 'other'], async (members) => {
      const client = start(...wordsFor(members), '--hold');
      const acquired = await client.told('acquired');
      assert.ok(acquired, JSON.stringify(client.steps));
      const owner = acquired?.agent === 'one' ? members[0] : members[1];
      await owner?.fallDeaf();
      await client.told('unreachable');
      await owner?.open();
      assert.ok(await client.told('held', 2), JSON.stringify(client.steps));
      assert.is(owner && (await seatsInUse(owner)), 1);
      client.release();
      assert.is(await client.code, 0);
      assert.equal(client.names, ['held', 'acquired', 'unreachable', 'held', 'released']);
    }),
  );
};
