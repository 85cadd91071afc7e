import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Jitter } from '../../../protocol/client/jitter.ts';
import { VirtualSite } from './virtual-site.ts';

const herd = suite('ten thousand clients');

const SESSIONS = 10_000;
/** Datagrams of all clients in any one second: a tenth of what one agent answers. */
const BOUND = 2000;

herd('an agent that is silent for half a term loses no seat and is not overrun', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  agent.seats = SESSIONS;
  agent.term = 600;
  const documents = new Map<string, Uint8Array>();
  for (let i = 0; i < SESSIONS; i++) {
    const client = site.addClient({ documents });
    site.at((60_000 * i) / SESSIONS, () => client.step({ kind: 'start' }));
  }
  site.run(600_000);
  const perSecond = new Map<number, number>();
  site.onSent = () => {
    const second = Math.floor(site.now / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  };
  agent.isSilent = true;
  site.run(300_000);
  agent.isSilent = false;
  site.run(600_000);
  const most = Math.max(...perSecond.values());
  assert.ok(most < BOUND, `${most} in a second`);
  assert.is(agent.leases.size, SESSIONS);
  for (const client of site.clients) {
    assert.is(client.kind, 'held');
    assert.not(client.kinds.includes('lost'));
  }
});

herd('a session that loses six datagrams of ten each way keeps its seat', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  agent.term = 600;
  const client = site.hold();
  const jitter = new Jitter(new Uint8Array(32).fill(3));
  let lost = 0;
  site.loses = () => {
    const loses = jitter.next() < 0.6;
    if (loses) lost++;
    return loses;
  };
  site.run(6_000_000);
  assert.not(client.kinds.includes('lost'));
  assert.ok(lost > 50, `${lost} lost`);
  assert.is(agent.leases.size, 1);
});

herd('the numbers that keep clients apart are spread evenly', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    // Keys that differ in their last bytes only.
    const jitter = new Jitter(new Uint8Array(32).fill(i & 255, 30).fill(i >> 8, 31));
    for (let n = 0; n < 5; n++) {
      const drawn = jitter.next();
      assert.ok(drawn >= 0 && drawn < 1);
      const tenth = Math.floor(drawn * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
  }
  assert.ok(Math.min(...tenths) > 4500 && Math.max(...tenths) < 5500, `${tenths}`);
});

herd.run();
