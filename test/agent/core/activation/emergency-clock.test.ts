/** An emergency lasts as long as the license allows, whatever somebody does to the clock. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LicenseState } from '../../../../agent/core/licenses/license-standing.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { ACTIVATION_TERMS } from '../../../plain-license.ts';
import { DeskRig } from '../desk-rig.ts';

const test = suite('emergency and clock');

const DAY = 86_400;

/** A license that was issued ten days ago, and allows an emergency of five. */
const addLicense = (desk: DeskRig): string => {
  const emergency = { longest: seconds(5 * DAY), window: seconds(90 * DAY) };
  const issued = epochSeconds(desk.rig.wall - 10 * DAY);
  const activation = { ...ACTIVATION_TERMS, emergency };
  return desk.license(1, { issued, starts: issued, activation });
};

/** An agent in an emergency. */
const inEmergency = (): DeskRig => {
  const desk = new DeskRig();
  desk.done({ kind: 'license-emergency', id: addLicense(desk) });
  return desk;
};

const stateOf = (desk: DeskRig): LicenseState | undefined =>
  desk.done({ kind: 'license-list' }).licenses[0]?.state;

/** True time goes on, and the clock as far as it is not set. */
const pass = (desk: DeskRig, days: number, set = 0): void => {
  desk.rig.now += days * DAY * 1000;
  desk.rig.wall += days * DAY + set;
  desk.settle(desk.rig.step({ kind: 'wake' }));
};

test('a clock that is set back does not make it longer', () => {
  const desk = inEmergency();
  pass(desk, 4);
  assert.is(stateOf(desk), 'emergency');
  pass(desk, 0.5, -60 * DAY);
  assert.is(stateOf(desk), 'emergency');
  pass(desk, 0.6);
  assert.is(stateOf(desk), 'installed');
});

test('nor is it longer by a reset of the clock', () => {
  const desk = inEmergency();
  pass(desk, 4);
  pass(desk, 0, -4 * DAY);
  desk.done({ kind: 'clock-reset' });
  assert.is(stateOf(desk), 'emergency');
  pass(desk, 0.9);
  assert.is(stateOf(desk), 'emergency');
  const later = desk.restart();
  pass(later, 0.2);
  assert.is(stateOf(later), 'installed');
});

test('who began it while the clock was in the future has what is left of it', () => {
  const desk = inEmergency();
  pass(desk, 2);
  pass(desk, 0, -3 * DAY);
  desk.done({ kind: 'clock-reset' });
  assert.is(stateOf(desk), 'emergency');
  pass(desk, 2.9);
  assert.is(stateOf(desk), 'emergency');
  pass(desk, 0.2);
  assert.is(stateOf(desk), 'installed');
});

test('what the clock leapt before it began is no excuse', () => {
  const desk = new DeskRig();
  pass(desk, 0, 20 * DAY);
  const id = addLicense(desk);
  desk.done({ kind: 'license-emergency', id });
  pass(desk, 4);
  const later = desk.restart();
  pass(later, 0, -4 * DAY);
  later.done({ kind: 'clock-reset' });
  pass(later, 0.9);
  assert.is(stateOf(later), 'emergency');
  pass(later, 0.2);
  assert.is(stateOf(later), 'installed');
});

test('what it leapt since takes no day of it', () => {
  const desk = inEmergency();
  pass(desk, 1);
  pass(desk, 0, 400 * DAY);
  assert.is(stateOf(desk), 'installed');
  const later = desk.restart();
  pass(later, 1, -400 * DAY);
  later.done({ kind: 'clock-reset' });
  assert.is(stateOf(later), 'emergency');
  pass(later, 2.9);
  assert.is(stateOf(later), 'emergency');
  pass(later, 0.2);
  assert.is(stateOf(later), 'installed');
});

test('one that has ended does not begin again', () => {
  const desk = inEmergency();
  pass(desk, 6);
  pass(desk, 0, -8 * DAY);
  desk.done({ kind: 'clock-reset' });
  assert.is(stateOf(desk), 'installed');
});

test('a reset that is not on the disk leaves it as it was', () => {
  const desk = inEmergency();
  pass(desk, 4);
  pass(desk, 0, -4 * DAY);
  desk.failing({ kind: 'clock-reset' });
  const [license] = desk.done({ kind: 'license-list' }).licenses;
  assert.is(license?.activated?.ends, desk.rig.wall + 5 * DAY);
});

test.run();
