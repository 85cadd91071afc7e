import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AgentNetwork } from '../../agent/agent-network.ts';
import type { Settings } from '../../agent/settings.ts';
import { createSystemClock } from '../../protocol/node/clock.ts';
import { LOOPBACK } from '../stories/site.ts';

test('who is about to tell of the network when the agent stops finds none', async () => {
  const clock = createSystemClock({ checkEvery: 1000 });
  const network = new AgentNetwork({ clock, agentKey: new Uint8Array(32) });
  const told: string[] = [];
  const settings = { port: 0, interfaces: [LOOPBACK] } as unknown as Settings;
  await network.open(settings, ({ kind }) => void told.push(kind));
  await network.close();
  const before = told.length;
  // A look at the host takes its time, and may end by now.
  network.notice();
  network.send({ address: '127.0.0.1', port: 9 }, new Uint8Array(8));
  assert.is(told.length, before);
});

test.run();
