import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { epochSeconds } from '../../../protocol/units.ts';
import { DeskRig } from './desk-rig.ts';

const desk = suite('clock desk');

const YEAR = 31_536_000;

/** An agent whose clock has been a year ahead, and is right again. */
const afterFuture = (issued = 0): { readonly rig: DeskRig; readonly now: number } => {
  const rig = new DeskRig();
  const now = rig.rig.wall;
  rig.license(1, { expires: epochSeconds(now + 1000), issued: epochSeconds(issued || now - 1000) });
  rig.rig.wall = now + YEAR;
  rig.settle(rig.rig.step({ kind: 'wake' }));
  rig.rig.wall = now;
  return { rig, now };
};

desk('the status says how far the clock is behind, and what licenses are judged by', () => {
  const { rig, now } = afterFuture();
  assert.equal(rig.done({ kind: 'status' }).status.clock, { behind: YEAR, judged: now + YEAR });
  assert.is(rig.work({}), 'license-expired');
});

desk('a reset makes the clock true, for good', () => {
  const { rig, now } = afterFuture();
  assert.equal(rig.done({ kind: 'clock-reset' }).clock, { behind: 0, judged: now });
  assert.is(rig.work({}), 'granted');
  assert.equal(rig.restart().done({ kind: 'status' }).status.clock, { behind: 0, judged: now });
});

desk('a reset that is not on the disk was none', () => {
  const { rig } = afterFuture();
  assert.is(rig.failing({ kind: 'clock-reset' }).kind, 'refused');
  assert.is(rig.done({ kind: 'status' }).status.clock.behind, YEAR);
});

desk('each refusal says what to do', () => {
  const { rig, now } = afterFuture();
  rig.ask({ kind: 'clock-reset' });
  assert.match(rig.refused({ kind: 'clock-reset' })[1], /there is nothing to reset/);
  const early = afterFuture(now + 500).rig;
  assert.match(early.refused({ kind: 'clock-reset' })[1], /before the day .* Set it right first/);
  for (const _ of [2, 3]) {
    rig.rig.wall = now + YEAR;
    rig.settle(rig.rig.step({ kind: 'wake' }));
    rig.rig.wall = now;
    assert.is(rig.ask({ kind: 'clock-reset' }).kind, 'clock-reset');
  }
  rig.rig.wall = now + YEAR;
  rig.settle(rig.rig.step({ kind: 'wake' }));
  rig.rig.wall = now;
  const [code, detail] = rig.refused({ kind: 'clock-reset' });
  assert.is(code, 'clock-refused');
  assert.match(detail, /has been reset 3 times.* Ask the vendor/);
});

desk.run();
