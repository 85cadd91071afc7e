/** What the C client does when its agent dies, and another of the same site takes its seat over. */

import type { uvu } from 'uvu';
import * as assert from 'uvu/assert';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { seconds } from '../../protocol/units.ts';
import { RegisterBench } from '../agent/core/site/register-bench.ts';
import { until } from '../stories/until.ts';
import type { CStory } from './c-client.ts';
import { InteropSite, seatsInUse } from './interop-site.ts';

/** Members of one site with one license. */
const startMembers = async (names: readonly string[]): Promise<readonly InteropSite[]> => {
  const register = new RegisterBench();
  const keys = nativePrimitives.signingKeys(systemEntropy(32));
  const members = names.map((name) => new InteropSite({ name, keys, register }));
  const text = members[0]?.issue({ term: seconds(10) }) ?? '';
  for (const member of members) {
    await member.open();
    await member.addText(text);
  }
  return members;
};

/** The words by which a client finds them. */
const wordsFor = (members: readonly InteropSite[]): readonly string[] => {
  const agents = members.map(({ port }) => `127.0.0.1:${port}`).join();
  const vendorKey = members[0]?.vendorKey ?? '';
  return ['--interfaces', '', '--agent', agents, '--vendor-key', vendorKey];
};

const all = (members: readonly InteropSite[], count: (one: InteropSite) => Promise<number>) =>
  Promise.all(members.map(count));

export const addTakeoverTests = (story: uvu.Test<CStory>): void => {
  story('a seat goes on at another member when its own is dead', async ({ start }) => {
    const members = await startMembers(['one', 'other']);
    const client = start(...wordsFor(members), '--hold', '--feature', 'export');
    const acquired = await client.told('acquired');
    assert.ok(acquired, JSON.stringify(client.steps));
    const counts = await all(members, seatsInUse);
    const [dead, heir] = counts[0] === 1 ? members : [...members].reverse();
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
    await heir?.close();
  });

  story('a member that was away for a moment keeps its seat', async ({ start }) => {
    const members = await startMembers(['one', 'other']);
    const client = start(...wordsFor(members), '--hold');
    assert.ok(await client.told('acquired'), JSON.stringify(client.steps));
    const counts = await all(members, seatsInUse);
    const [owner, other] = counts[0] === 1 ? members : [...members].reverse();
    assert.ok(owner && other);
    await owner.fallDeaf();
    await client.told('unreachable');
    await owner.open();
    assert.ok(await client.told('held', 2), JSON.stringify(client.steps));
    client.release();
    assert.is(await client.code, 0);
    assert.equal(client.names, ['held', 'acquired', 'unreachable', 'held', 'released']);
    for (const member of members) await member.close();
  });
};
