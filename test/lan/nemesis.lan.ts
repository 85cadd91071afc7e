/**
 * A site of three real agents and three real etcd, fifty clients, and what befalls boxes. Run by
 * .ci/run for a minute; USHER_NEMESIS_SECONDS says otherwise. Where USHER_FORMER names a build of another
 * version (boxes.ts), its boxes run that to the end. Needs root, network namespaces and etcd.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { timerMs } from '../../protocol/node/clock.ts';
import { until } from '../stories/until.ts';
import {
  type Beliefs,
  busiestAgent,
  judgeBeliefs,
  judgeMoves,
  type Mark,
  type Move,
} from './beliefs.ts';
import { Boxes, formerBuild } from './boxes.ts';
import { startCrowds } from './crowds.ts';
import { canRunEtcd } from './etcd.ts';
import { canMakeHosts } from './hosts.ts';
import { tellStory } from './lan-story.ts';
import { readPlan, type Struck, strike } from './nemesis.ts';
import { isExcused, leaderless, successions } from './quorum.ts';

const SECONDS = Number(process.env['USHER_NEMESIS_SECONDS'] ?? 60);
/** Blows instead of any, to look at what they do. */
const PLAN = process.env['USHER_NEMESIS_BLOWS'];
const SEATS = 30;
const CROWDS = 2;
const CLIENTS = 25;
/** Seconds of peace at the end: what a dead one lent has ended, and every seat can be had. */
const PEACE = 40;

/** The part of the time in which seats stay with who has them, while a majority lives. */
const AVAILABILITY = 0.999;

/** Milliseconds after which what the dead have lent is lent again by the others, and by themselves. */
const RETURN_MS = 25_000;

/** Seats that agents think of as held. */
const leasesOf = (boxes: Boxes): number =>
  boxes.all.reduce((sum, box) => sum + boxes.site.seats(box, `box${box}/data`).length, 0);

const partOf = ({ held, without }: Beliefs): number => held / (held + without);

/** Agents that died at once: from that moment on others find them dead. */
const deathsAmong = (struck: readonly Struck[]) =>
  struck
    .filter(({ what }) => what === 'agent killed' || what === 'box killed')
    .map(({ at, box }) => ({ at, agent: `box${box}` }));

const lengthsOf = (moves: readonly Move[]): readonly number[] =>
  moves.map(({ from, to }) => to - from);

const at = (sorted: readonly number[], part: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);

if (!canMakeHosts() || !canRunEtcd()) {
  console.log('No network namespaces or no etcd here (they need root, etcd-server): no site.');
} else {
  test(`${CROWDS * CLIENTS} clients of three boxes: never more believers than seats, for ${SECONDS} s`, async () => {
    await using boxes = new Boxes(CROWDS);
    await boxes.start(SEATS, formerBuild());
    const marks: Mark[] = [];
    const begun = timerMs();
    const ended = await startCrowds(
      boxes,
      { crowds: CROWDS, clients: CLIENTS, seconds: SECONDS + PEACE },
      marks,
    );
    await sleep(2000);
    const struck = await strike(boxes, {
      until: Date.now() + SECONDS * 1000 - 2000,
      busiest: () => Number(busiestAgent(marks).slice(-1)) || 1,
      plan: PLAN === undefined ? undefined : readPlan(PLAN),
    });
    await Promise.all(ended);
    const end = marks.at(-1)?.at ?? 0;
    const gaps = leaderless(boxes.said, boxes.all.length, end).filter(({ to }) => to > begun);
    const beliefs = judgeBeliefs(marks, SEATS);
    const excused = judgeBeliefs(marks, SEATS, (at) => isExcused(gaps, at));
    const { faults, silences, lost, most, seats, fullAt } = beliefs;
    const availability = partOf(excused);
    const moves = judgeMoves(marks, deathsAmong(struck));
    const withoutLeader = [...gaps, ...successions(boxes.said, boxes.all.length, end)];
    const led = moves.filter(
      (move) => !withoutLeader.some(({ from, to }) => from < move.to && to > move.from),
    );
    tellStory(boxes, struck, marks);
    console.log(
      JSON.stringify({
        blows: struck.length,
        seats,
        most,
        lost,
        availability: partOf(beliefs),
        withoutMajority: gaps.map(({ from, to }) => Math.round(to - from)),
        lostWithMajority: excused.lost,
        availabilityWithMajority: availability,
        silences: silences.length,
        p50: at(silences, 0.5),
        p99: at(silences, 0.99),
        moves: moves.length,
        movedP50: at(lengthsOf(moves), 0.5),
        movedP99: at(lengthsOf(moves), 0.99),
        movesWithLeader: led.length,
        movedWithLeaderP50: at(lengthsOf(led), 0.5),
        movedWithLeaderP99: at(lengthsOf(led), 0.99),
      }),
    );
    assert.equal(faults.slice(0, 5), [], `${faults.length} faults`);
    assert.ok(availability >= AVAILABILITY, `seats stayed for ${availability} of the time`);
    const peaceAt = (struck.at(-1)?.at ?? 0) + (struck.at(-1)?.lasted ?? 0);
    assert.ok((fullAt ?? 0) > peaceAt + RETURN_MS, 'every seat is had again in peace');
    await until('every lease has ended', async () => leasesOf(boxes) === 0 || undefined, 60_000);
  });
}

test.run();
