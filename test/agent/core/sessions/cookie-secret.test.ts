/** The secret of cookies is replaced while the agent runs, and nobody honest notices. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { AgentRig, acquire, makeLicense, renew } from '../agent-rig.ts';

const HOUR_MS = 3_600_000;

const wants = (effects: readonly Effect[]): boolean =>
  effects.some(({ kind }) => kind === 'draw-secret');

test('who asks after an hour has it replaced; seats and cookies at hand stay good', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(2, { pools: [plainPool(3)], term: seconds(86_400) }));
  const holder = rig.client(1);
  assert.is(holder.take(1)?.kind, 'granted');
  rig.now += HOUR_MS;
  assert.not(wants(holder.ask(renew(2))), 'a session that is known needs no cookie');
  assert.not(wants(rig.step({ kind: 'wake' })), 'nobody asks, nothing is done');
  const early = rig.client(2);
  const hello = early.hello(acquire(1));
  const asked = rig.hear(rig.client(3).endpoint, hello);
  assert.not(wants(asked), 'the second client’s discover had it asked for already');
  rig.step({ kind: 'secret-drawn', secret: new Uint8Array(32).fill(77) });
  rig.now += 60_000;
  assert.is(early.take(1)?.kind, 'granted', 'a cookie of the secret before');
  assert.is(rig.client(4).take(1)?.kind, 'granted', 'a cookie of the new one');
  assert.is(holder.read(holder.ask(renew(3)))?.kind, 'renewed');
});

test('a hello of somebody unknown has it replaced, too, and once is enough', () => {
  const rig = new AgentRig();
  const [one, other] = [rig.client(1), rig.client(2)];
  rig.now += HOUR_MS;
  assert.ok(wants(rig.hear(one.endpoint, other.hello(acquire(1)))));
  assert.not(wants(rig.hear(one.endpoint, other.hello(acquire(1)))));
  rig.now += HOUR_MS;
  assert.ok(wants(rig.hear(one.endpoint, other.hello(acquire(1)))), 'it never came: once more');
});

test.run();
