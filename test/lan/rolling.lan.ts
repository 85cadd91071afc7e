/**
 * A site is updated, one box after another, while everybody works: agents, and the etcd beside them.
 * USHER_FORMER names a build of the former version (boxes.ts): boxes begin with that then, and for a while
 * there are two versions in one site.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { timerMs } from '../../protocol/node/clock.ts';
import { judgeBeliefs, type Mark } from './beliefs.ts';
import { Boxes, formerBuild } from './boxes.ts';
import { startCrowds } from './crowds.ts';
import { canRunEtcd } from './etcd.ts';
import { canMakeHosts } from './hosts.ts';
import { tellStory } from './lan-story.ts';
import type { Struck } from './nemesis.ts';

const SEATS = 30;
const CROWDS = 2;
const CLIENTS = 20;
/** Milliseconds for which an update keeps an agent away: less than is noticed, and more. */
const AWAY_MS = [0, 4000];
/** Milliseconds between two boxes: the administrator looks whether all is well. */
const LOOK_MS = 3000;

/** Stops a box as its service does, and starts what is there by then. */
const update = async (boxes: Boxes, box: number, away: number): Promise<void> => {
  await boxes.stopAgent(box, 'SIGTERM');
  await boxes.etcd.kill(box - 1, 'SIGTERM');
  await sleep(away);
  await boxes.etcd.start(box - 1);
  boxes.update(box);
  await boxes.startAgent(box);
};

if (!canMakeHosts() || !canRunEtcd()) {
  console.log('No network namespaces or no etcd here (they need root, etcd-server): no site.');
} else {
  test(`${CROWDS * CLIENTS} clients work on while the boxes of a site are updated`, async () => {
    await using boxes = new Boxes(CROWDS);
    await boxes.start(SEATS, formerBuild());
    const marks: Mark[] = [];
    const ended = await startCrowds(
      boxes,
      { crowds: CROWDS, clients: CLIENTS, seconds: 60 },
      marks,
    );
    await sleep(LOOK_MS);
    const struck: Struck[] = [];
    for (const away of AWAY_MS) {
      for (const box of boxes.all) {
        const at = timerMs();
        await update(boxes, box, away);
        struck.push({ at, what: 'updated', box, lasted: Math.round(timerMs() - at) });
        await sleep(LOOK_MS);
      }
    }
    const updatedAt = timerMs();
    await Promise.all(ended);
    tellStory(boxes, struck, marks);
    const { faults, lost, most, seats, silences } = judgeBeliefs(marks, SEATS);
    const longest = Math.round(silences.at(-1) ?? 0);
    console.log(JSON.stringify({ seats, most, lost, silences: silences.length, longest }));
    assert.equal(faults.slice(0, 5), [], `${faults.length} faults`);
    assert.is(lost, 0, 'nobody has lost a seat');
    assert.ok(seats > SEATS, 'seats came and went');
    assert.ok((marks.at(-1)?.at ?? 0) > updatedAt, 'all was updated while they worked');
  });
}

test.run();
