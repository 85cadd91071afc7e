import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Reply } from '../../../protocol/replies.ts';
import { VirtualSite } from './virtual-site.ts';
import { fullAgent, startWaiting, WITHIN } from './waiting-line.ts';

const waiting = suite('waiting at an agent that starts anew');

waiting('shows the last ticket, also to an agent that was away for long', () => {
  const site = new VirtualSite();
  const { agent, line } = fullAgent(site, 3);
  let count = 0;
  const shown: (number | undefined)[] = [];
  agent.script = (request) => {
    if (request.kind !== 'acquire') return undefined;
    shown.push(request.ticket?.[0]);
    return { ...line.queued(request.id), ticket: new Uint8Array([++count]) } as Reply;
  };
  startWaiting(site, 1);
  site.runUntil(() => shown.length === 4);
  assert.equal(shown, [undefined, 1, 2, 3]);
  agent.isSilent = true;
  site.run(5 * WITHIN * 1000);
  agent.isSilent = false;
  site.runUntil(() => shown.length === 5);
  assert.is(shown[4], 4);
});

waiting('an agent that was away is found again within seconds', () => {
  const site = new VirtualSite();
  const { agent } = fullAgent(site, 3);
  const client = startWaiting(site, 1);
  agent.isSilent = true;
  site.runUntil(() => client.kind === 'seeking');
  const before = agent.count('acquire');
  agent.isSilent = false;
  site.run(6500);
  assert.ok(agent.count('acquire') > before);
});

waiting('an agent that started anew is joined again', () => {
  const site = new VirtualSite();
  const { agent } = fullAgent(site, 4);
  const client = startWaiting(site, 1);
  agent.isSilent = true;
  site.run(90_000);
  agent.restart();
  agent.isSilent = false;
  const before = agent.asked.length;
  site.run(60_000);
  assert.is(client.kind, 'waiting');
  assert.ok(agent.asked.length > before, 'it is asked again');
  assert.is(client.last('waiting').agents, 1);
  agent.seats = 1;
  site.runUntil(() => client.kind === 'held');
});

waiting('an agent that starts anew hears soon of who waited there', () => {
  const site = new VirtualSite();
  const { agent } = fullAgent(site, 1);
  startWaiting(site, 1);
  for (let round = 0; round < 20; round++) {
    site.run(1000 * round);
    agent.restart();
    const before = agent.count('acquire');
    // It is asked after 12 s at the latest; then it takes a repetition, an offer and another one.
    site.run(15_000);
    assert.ok(agent.count('acquire') > before, `restart ${round}`);
  }
});

waiting.run();
