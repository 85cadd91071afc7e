import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Block } from '../../../../agent/core/site/block.ts';
import { RegisterCalls } from '../../../../agent/core/site/register-calls.ts';
import { decodeShares, encodeShares } from '../../../../agent/core/site/share-record.ts';
import { Shares } from '../../../../agent/core/site/shares.ts';
import type { Situation } from '../../../../agent/core/situation.ts';
import { epochSeconds, instant } from '../../../../protocol/units.ts';
import { PHYSICAL } from '../agent-rig.ts';
import { RegisterBench } from './register-bench.ts';

const sharing = suite('shares');

const [ME, OTHER] = ['a'.repeat(16), 'b'.repeat(16)];
const KEY = 'pool/license/class';
const WALL = epochSeconds(1_800_000_000);
const AT: Situation = {
  at: { mono: instant(0), wall: WALL },
  clock: WALL,
  host: { ...PHYSICAL, refused: [] },
  storeTrouble: null,
  effects: [],
};

const scene = () => {
  const register = new RegisterBench();
  register.write(`joined/${ME}`, new Uint8Array(0));
  const fence = register.kept.get(`joined/${ME}`)?.revision ?? 0;
  const calls = new RegisterCalls();
  const block = new Block(KEY);
  block.counted = { total: 4, lent: 0, taken: 0 };
  const shares = new Shares({
    me: ME,
    calls,
    learn: ({ entries }) =>
      entries.some(
        ({ key, revision, value }) => key === KEY && block.learn(revision, decodeShares(value)),
      ),
    limit: () => {},
  });
  const wantOne = (): void => {
    const surroundings = { fence, alive: new Set([ME, OTHER]), gone: new Map() };
    shares.plan(block, { lent: 0, demand: 1, spare: 0 }, surroundings, () => {});
  };
  const answer = (): void => {
    for (const { number, ask } of register.asked(calls.takeAsked()))
      calls.answered(number, register.transact(ask), AT);
  };
  const ofOther = (seats: number): void =>
    register.write(KEY, encodeShares([{ member: OTHER, seats, wanted: 0, since: 0 }]));
  return { shares, block, wantOne, answer, ofOther };
};

sharing('who was faster is news that a change is of use at once, and told once', () => {
  const { shares, block, wantOne, answer, ofOther } = scene();
  wantOne();
  ofOther(2);
  answer();
  assert.is(block.seatsOf(OTHER), 2);
  assert.ok(shares.takeOvertaken());
  assert.not(shares.takeOvertaken());
});

sharing('nobody was faster than a change that is made', () => {
  const { shares, block, wantOne, answer } = scene();
  wantOne();
  answer();
  assert.is(block.seatsOf(ME), 1);
  assert.not(shares.takeOvertaken());
});

sharing('a change that nobody has answered is no use at once', () => {
  const { shares, wantOne } = scene();
  wantOne();
  assert.not(shares.takeOvertaken());
});

sharing.run();
