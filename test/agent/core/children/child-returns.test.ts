/** A child gives its license back to its parent, so that another agent can have it. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import type { Outcome } from '../../../../agent/core/operations.ts';
import type { DeskRig } from '../desk-rig.ts';
import { call, pass, startChild, startParent, wait, wishOf } from './family-rig.ts';

const test = suite('child licenses that are given back');

const start = (): { parent: DeskRig; child: DeskRig; text: string } => {
  const parent = startParent(10);
  const license = parent.done({ kind: 'license-list' }).licenses[0]?.id ?? '';
  const wish = wishOf(4);
  const { text } = parent.done({ kind: 'child-create', license, account: 'P', wish });
  const child = startChild(text, 41);
  call(child, parent, 'license-activate');
  return { parent, child, text };
};

const licenseAt = (desk: DeskRig) => {
  const [license] = desk.done({ kind: 'license-list' }).licenses;
  if (license === undefined) throw new Error('no license');
  return license;
};

type Deactivated = Extract<Outcome, { kind: 'license-deactivate' }>;

const outcomeIn = (effects: readonly Effect[]): Deactivated => {
  for (const effect of effects) {
    if (effect.kind === 'answer' && effect.outcome.kind === 'license-deactivate') {
      return effect.outcome;
    }
  }
  throw new Error('not given back');
};

/** Gives it back by a call. */
const giveBack = (child: DeskRig, parent: DeskRig, isLost = false): Deactivated => {
  const { id } = licenseAt(child);
  const asked = { kind: 'license-deactivate', id, online: true, credentials: null } as const;
  return outcomeIn(pass(child.settle(child.rig.operate(asked)), child, parent, isLost));
};

const hostOf = (parent: DeskRig): string | null =>
  parent.done({ kind: 'child-list' }).children[0]?.hostName ?? null;

test('given back by a call it lends no more, and another agent may have it', () => {
  const { parent, child, text } = start();
  const client = child.client();
  child.take(client, { user: 'a' });
  assert.is(giveBack(child, parent).receipt, null, 'one is in use');
  assert.is(child.work({ user: 'b' }), 'license-returned');
  child.release(client);
  assert.is(giveBack(child, parent).told, true);
  assert.is(hostOf(parent), null);
  assert.is(child.work({ user: 'b' }), 'license-returned');
  const other = startChild(text, 42);
  call(other, parent, 'license-activate');
  assert.is(other.work({ user: 'c' }), 'granted');
  assert.is(child.restart().work({ user: 'd' }), 'license-returned');
});

test('while it is active elsewhere it is not given back, nor when it is asked again', () => {
  const { parent, child, text } = start();
  assert.is(giveBack(child, parent, true).told, false, 'the answer was lost');
  const other = startChild(text, 42);
  call(other, parent, 'license-activate');
  assert.is(giveBack(child, parent).told, true);
  call(other, parent);
  assert.is(other.work({ user: 'c' }), 'granted');
  assert.is.not(hostOf(parent), null);
});

test('given back by a file, and activated anew on the same agent', () => {
  const { parent, child } = start();
  const { id } = licenseAt(child);
  const asked = { kind: 'license-deactivate', id, online: false, credentials: null } as const;
  const { receipt } = child.done(asked);
  assert.is.not(receipt, null);
  const { text, refusals } = parent.done({ kind: 'child-answer', text: receipt ?? '' });
  assert.equal(refusals, []);
  assert.is(hostOf(parent), null);
  child.done({ kind: 'license-response', text });
  assert.is(child.done(asked).told, true);
  const again = { kind: 'license-activate', ids: [id], credentials: null } as const;
  wait(5, parent, child);
  pass(child.settle(child.rig.operate(again)), child, parent);
  assert.is(licenseAt(child).state, 'active');
  assert.is(child.work({ user: 'a' }), 'granted');
});

test('a receipt of an earlier text is refused, and the last text comes with it', () => {
  const { parent, child } = start();
  wait(7 * 3600, parent, child);
  call(child, parent, 'license-refresh', true);
  const refused = giveBack(child, parent);
  assert.is(refused.told, false);
  assert.is(licenseAt(child).state, 'active', 'it is still here');
  assert.is(giveBack(child, parent).told, true);
  assert.is(hostOf(parent), null);
});

test.run();
