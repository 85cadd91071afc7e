import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isWorthLooking } from '../../../protocol/client/regaining.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { ScriptedAgent } from './scripted-agent.ts';
import { type VirtualClient, VirtualSite } from './virtual-site.ts';

const regaining = suite('a lost seat is looked for again');

const refuse = (agent: ScriptedAgent, code: RefusalCode): void => {
  agent.script = ({ kind, id }) =>
    kind === 'renew' || kind === 'acquire'
      ? { kind: 'refused', id, code, inUse: 0, seats: 0 }
      : undefined;
};

/** What a client has been told of its seat, without the search at first. */
const story = (client: VirtualClient): string => client.kinds.slice(1).join(' ');

regaining('who slept past the term knows it before anything else, and gets the seat back', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  client.sleep(600_000);
  const wokenAt = site.now + 600_000;
  site.runUntil(() => client.kind === 'lost');
  assert.is(site.now, wokenAt, 'the first thing told');
  assert.equal(client.last('lost').regaining, true);
  assert.is(client.until, undefined);
  site.runUntil(() => client.kind === 'held');
  assert.ok(site.now - wokenAt < 6000, `after ${site.now - wokenAt} ms`);
  assert.is(story(client), 'held lost held');
  assert.is(agent.leases.size, 1);
});

regaining('a renewal that is answered after the term, at the wake, does not keep the seat', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  const { clientKey } = client.session;
  site.runUntil(() => agent.count('renew') > 0);
  const { id } = agent.last('renew');
  client.sleep(600_000);
  site.run(600_000 - 1);
  const late = agent.say(clientKey, { kind: 'renewed', id, term: agent.granted(0).id as never });
  site.deliver(agent, client, late);
  site.runUntil(() => client.kind === 'lost');
  assert.is(client.last('lost').code, 'not-renewed');
});

regaining('an agent that has forgotten the seat is asked for another', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.leases.clear();
  site.runUntil(() => client.kind === 'lost');
  assert.is(client.last('lost').code, 'not-held');
  site.runUntil(() => client.kind === 'held');
  assert.is(agent.leases.size, 1);
});

regaining(
  'goes on looking for hours, ever more slowly, and takes whichever agent has a seat',
  () => {
    const site = new VirtualSite();
    const agent = site.addAgent();
    const client = site.hold();
    agent.isSilent = true;
    site.runUntil(() => client.kind === 'lost');
    let sent = 0;
    site.onSent = () => sent++;
    site.run(3_000_000);
    assert.ok(sent > 50 && sent < 300, `${sent} datagrams in 50 minutes`);
    const other = site.addAgent();
    site.runUntil(() => client.kind === 'held');
    assert.equal(client.last('held').agent.endpoint, other.endpoint);
    assert.is(story(client), 'held unreachable lost held');
  },
);

regaining('a full agent is asked again until somebody goes home', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.leases.clear();
  agent.seats = 0;
  site.runUntil(() => client.kind === 'lost');
  site.run(300_000);
  assert.is(client.kind, 'lost');
  agent.seats = 1;
  const freeAt = site.now;
  site.runUntil(() => client.kind === 'held');
  assert.ok(site.now - freeAt <= 65_000);
});

regaining('not when somebody has decided', () => {
  const decided = ['disconnected', 'recalled', 'excluded', 'license-removed', 'idle'] as const;
  for (const code of decided) {
    assert.not(isWorthLooking(code));
    const site = new VirtualSite();
    const agent = site.addAgent();
    const client = site.hold();
    refuse(agent, code);
    site.runUntil(() => client.session.isOver);
    assert.is(client.last('lost').code, code);
    assert.is(client.last('lost').regaining, false);
    assert.is(agent.count('acquire'), 1, 'it is not asked for');
  }
});

regaining('what is decided while it looks ends the looking', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.isSilent = true;
  site.runUntil(() => client.kind === 'lost');
  assert.is(client.last('lost').regaining, true);
  refuse(agent, 'excluded');
  agent.isSilent = false;
  site.runUntil(() => client.session.isOver);
  assert.is(client.last('lost').code, 'excluded');
  assert.is(client.last('lost').regaining, false);
});

regaining('not when the application does not want it', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold({ regain: false });
  agent.leases.clear();
  site.runUntil(() => client.session.isOver);
  assert.is(client.last('lost').regaining, false);
  assert.is(agent.count('acquire'), 1);
});

regaining('an application that gives up while it looks has ended', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.leases.clear();
  agent.seats = 0;
  site.runUntil(() => client.kind === 'lost');
  site.run(10_000);
  client.step({ kind: 'release' });
  site.runUntil(() => client.session.isOver);
  assert.is(client.kind, 'released');
});

regaining('who may wait stands in line for the lost seat', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold({ wait: true });
  agent.leases.clear();
  agent.seats = 0;
  agent.script = ({ kind, id }) =>
    kind === 'acquire' && agent.seats === 0
      ? { kind: 'queued', id, ahead: 3, turn: false, seconds: 30 as never }
      : undefined;
  site.runUntil(() => client.kind === 'waiting');
  agent.seats = 1;
  site.runUntil(() => client.kind === 'held');
  assert.is(story(client), 'held lost waiting held');
});

regaining('thousands who have lost their seats at once do not come back at once', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  agent.seats = 2000;
  const documents = new Map<string, Uint8Array>();
  for (let i = 0; i < 2000; i++) {
    const client = site.addClient({ documents, patience: 10_000 });
    client.step({ kind: 'start' });
  }
  site.run(10_000);
  assert.is(agent.leases.size, 2000);
  agent.isSilent = true;
  site.run(300_000);
  assert.ok(site.clients.every(({ kind }) => kind === 'lost'));
  agent.isSilent = false;
  agent.leases.clear();
  const perSecond = new Map<number, number>();
  site.onSent = () => {
    const second = Math.floor(site.now / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  };
  site.run(120_000);
  assert.is(agent.leases.size, 2000);
  assert.ok(site.clients.every(({ kind }) => kind === 'held'));
  const most = Math.max(...perSecond.values());
  assert.ok(most < 600, `${most} in a second`);
});

regaining.run();
