import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualSite } from './virtual-site.ts';
import { fullAgent, startWaiting, WITHIN } from './waiting-line.ts';

const waiting = suite('waiting for a seat');

waiting('stands in line at every agent and tells the best place when it changes', () => {
  const site = new VirtualSite();
  const [first, second] = [fullAgent(site, 5), fullAgent(site, 2)];
  const client = startWaiting(site, 2);
  assert.equal(client.state, { kind: 'waiting', ahead: 2, agents: 2 });
  const before = client.states.length;
  site.run(60_000);
  assert.is(client.states.length, before, 'nothing changed, nothing is told');
  second.line.ahead = 1;
  site.run(WITHIN * 1000);
  assert.equal(client.state, { kind: 'waiting', ahead: 1, agents: 2 });
  assert.ok(first.agent.count('acquire') > 2);
});

waiting('asks again in time and under the same id', () => {
  const site = new VirtualSite();
  const { agent } = fullAgent(site, 3);
  const times: number[] = [];
  const { script } = agent;
  agent.script = (request, self) => {
    if (request.kind === 'acquire') times.push(site.now);
    return script?.(request, self);
  };
  startWaiting(site, 1);
  site.run(600_000);
  assert.is(new Set(agent.asked.map(({ request }) => request.id)).size, 1);
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  assert.ok(Math.max(...gaps) < (WITHIN * 1000) / 2, `asked after ${Math.max(...gaps)}`);
  assert.ok(gaps.length < 100, `asked ${gaps.length} times`);
});

waiting('one lost answer, or a few, do not cost the place', () => {
  const site = new VirtualSite();
  const { agent } = fullAgent(site, 3);
  const client = startWaiting(site, 1);
  agent.isSilent = true;
  site.run(WITHIN * 1000);
  agent.isSilent = false;
  site.run(WITHIN * 1000);
  assert.is(client.kind, 'waiting');
  assert.is(agent.count('release'), 0);
  assert.is(new Set(agent.asked.map(({ request }) => request.id)).size, 1);
});

waiting('what gets lost is asked again at once, however long it has waited', () => {
  const site = new VirtualSite();
  const { agent, line } = fullAgent(site, 3);
  startWaiting(site, 1);
  site.run(300_000);
  const before = agent.count('acquire');
  let lostAt = 0;
  agent.script = ({ id }) => {
    if (lostAt > 0) return line.queued(id);
    lostAt = site.now;
    return 'silence';
  };
  site.runUntil(() => agent.count('acquire') === before + 2);
  assert.ok(site.now - lostAt <= 500, `after ${site.now - lostAt} ms`);
});

waiting('takes the seat when it is its turn, and leaves the other lines', () => {
  const site = new VirtualSite();
  const [first, second] = [fullAgent(site, 1), fullAgent(site, 1)];
  const client = startWaiting(site, 2);
  const { id } = first.agent.last('acquire');
  first.line.turn = true;
  // The seat is kept for whoever is told so, and asks anew.
  first.agent.script = (request, agent) => {
    if (request.kind !== 'acquire') return undefined;
    if (request.id <= id) return first.line.queued(request.id);
    agent.seats = 1;
    return undefined;
  };
  site.runUntil(() => client.kind === 'held');
  assert.equal(client.last('held').agent.endpoint, first.agent.endpoint);
  assert.ok(first.agent.last('acquire').id > id);
  assert.is(first.agent.last('acquire').wait, true);
  site.run(5000);
  assert.is(second.agent.count('release'), 1);
  assert.is(first.agent.count('release'), 0);
});

waiting('is told unasked that it is its turn', () => {
  const site = new VirtualSite();
  const { agent, line } = fullAgent(site, 1);
  const client = startWaiting(site, 1);
  line.turn = true;
  line.ahead = 0;
  agent.seats = 1;
  agent.script = undefined;
  const asked = site.now;
  site.deliver(agent, client, agent.say(client.session.clientKey, line.queued(0)));
  site.runUntil(() => client.kind === 'held');
  assert.ok(site.now - asked < 100, 'at once');
});

waiting('the release to other lines is said again until it is heard', () => {
  const site = new VirtualSite();
  const [first, second] = [fullAgent(site, 1), fullAgent(site, 1)];
  const client = startWaiting(site, 2);
  first.agent.seats = 1;
  second.agent.isSilent = true;
  site.runUntil(() => client.kind === 'held');
  site.run(5000);
  assert.is(second.agent.count('release'), 0);
  second.agent.isSilent = false;
  site.run(30_000);
  assert.is(second.agent.count('release'), 1);
  assert.is(client.kind, 'held');
});

waiting('has all the time, and ends by the application’s word', () => {
  const site = new VirtualSite();
  const [first, second] = [fullAgent(site, 1), fullAgent(site, 1)];
  const client = startWaiting(site, 2);
  site.run(3_000_000);
  assert.is(client.kind, 'waiting');
  client.step({ kind: 'release' });
  site.runUntil(() => client.session.isOver);
  assert.is(client.kind, 'released');
  assert.is(first.agent.count('release'), 1);
  assert.is(second.agent.count('release'), 1);
});

waiting('an agent that comes later is joined, too', () => {
  const site = new VirtualSite();
  fullAgent(site, 4);
  const client = startWaiting(site, 1);
  const late = fullAgent(site, 2);
  site.runUntil(() => client.last('waiting').agents === 2);
  assert.is(client.last('waiting').ahead, 2);
  late.agent.seats = 1;
  site.runUntil(() => client.kind === 'held');
});

waiting('whoever finds no agent at all does not wait', () => {
  const site = new VirtualSite();
  const client = site.addClient({ wait: true });
  client.step({ kind: 'start' });
  site.runUntil(() => client.session.isOver);
  assert.is(client.last('failed').failure.kind, 'no-agent');
});

waiting('an agent that refuses for good ends the wait', () => {
  const site = new VirtualSite();
  const { agent } = fullAgent(site, 2);
  const client = startWaiting(site, 1);
  agent.script = ({ id }) => ({ kind: 'refused', id, code: 'license-expired', inUse: 0, seats: 0 });
  site.runUntil(() => client.session.isOver);
  const { failure } = client.last('failed');
  assert.is(failure.kind === 'refused' && failure.code, 'license-expired');
});

waiting('who does not want to wait is refused as before', () => {
  const site = new VirtualSite();
  const { agent } = fullAgent(site, 2);
  agent.script = undefined;
  const client = site.addClient();
  client.step({ kind: 'start' });
  site.runUntil(() => client.session.isOver);
  assert.is(client.last('failed').failure.kind, 'refused');
  assert.is(agent.last('acquire').wait, false);
});

waiting('a seat that was granted while waiting is counted from an asking of its own', () => {
  const site = new VirtualSite();
  const { agent } = fullAgent(site, 1);
  const client = startWaiting(site, 1);
  site.run(50_000);
  const { id } = agent.last('acquire');
  agent.seats = 1;
  site.runUntil(() => client.kind === 'held');
  assert.ok(agent.last('acquire').id > id, 'asked anew');
  assert.ok((client.until ?? 0) > site.now + 59_000, 'not from when it began to wait');
});

waiting('whoever is answered now and then has no reason to ask faster', () => {
  const site = new VirtualSite();
  const { agent } = fullAgent(site, 1);
  startWaiting(site, 1);
  site.run(600_000);
  const asked = agent.count('acquire');
  assert.ok(asked > 45 && asked < 80, `asked ${asked} times in ten minutes`);
});

waiting('an agent says "your turn" for itself only', () => {
  const site = new VirtualSite();
  const [first, second] = [fullAgent(site, 1), fullAgent(site, 1)];
  const client = startWaiting(site, 2);
  const { id } = first.agent.last('acquire');
  const forged = { kind: 'refused', id, code: 'excluded', inUse: 0, seats: 0 } as const;
  site.deliver(second.agent, client, second.agent.say(client.session.clientKey, forged));
  site.run(60_000);
  assert.equal(client.state, { kind: 'waiting', ahead: 1, agents: 2 });
  assert.is(first.agent.last('acquire').id, id);
});

waiting('an agent that says "your turn" again and again is not asked busily', () => {
  const site = new VirtualSite();
  const { agent, line } = fullAgent(site, 0);
  line.turn = true;
  startWaiting(site, 1);
  site.run(60_000);
  assert.ok(agent.count('acquire') < 30, `${agent.count('acquire')} times`);
});

waiting.run();
