import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SeatEvent } from '../../../protocol/client/seat-events.ts';
import { seconds } from '../../../protocol/units.ts';
import { VirtualSite } from './virtual-site.ts';

const borrowing = suite('taking a seat along');

const BORROW: SeatEvent = {
  kind: 'borrow',
  duration: seconds(86_400),
  hostCode: new Uint8Array(20).fill(4),
};
const TOKEN = new Uint8Array(300).fill(8);

borrowing('asks until it is answered, tells the token, and gives nothing back', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  let asked = 0;
  agent.script = ({ kind, id }) => {
    if (kind !== 'borrow') return undefined;
    return ++asked < 9 ? 'silence' : { kind: 'borrowed', id, token: TOKEN };
  };
  const askedAt = site.now;
  client.step(BORROW);
  client.step(BORROW);
  site.runUntil(() => client.kind === 'borrowed');
  assert.equal(client.last('borrowed').token, TOKEN);
  assert.is(client.last('borrowed').until, askedAt + 86_400_000);
  const borrows = agent.asked.flatMap(({ request }) =>
    request.kind === 'borrow' ? [request] : [],
  );
  assert.is(new Set(borrows.map(({ id }) => id)).size, 1, 'one request');
  assert.is(borrows[0]?.duration, 86_400);
  assert.equal(borrows[0]?.hostCode, new Uint8Array(20).fill(4));
  site.run(1000);
  assert.ok(client.session.isOver);
  assert.is(client.until, undefined);
  assert.is(agent.count('release'), 0);
});

borrowing('a refusal is told, and the seat goes on', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.script = ({ kind, id }) =>
    kind === 'borrow'
      ? { kind: 'refused', id, code: 'borrow-limit', inUse: 0, seats: 0 }
      : undefined;
  client.step(BORROW);
  site.runUntil(() => client.kind === 'borrow-refused');
  assert.is(client.last('borrow-refused').code, 'borrow-limit');
  site.run(200_000);
  assert.ok((client.until ?? 0) > site.now);
  agent.script = ({ kind, id }) =>
    kind === 'borrow' ? { kind: 'borrowed', id, token: TOKEN } : undefined;
  client.step(BORROW);
  site.runUntil(() => client.kind === 'borrowed');
});

borrowing('an agent that started anew is asked again', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.restart();
  agent.script = ({ kind, id }) =>
    kind === 'borrow' ? { kind: 'borrowed', id, token: TOKEN } : undefined;
  client.step(BORROW);
  const since = site.now;
  site.runUntil(() => client.kind === 'borrowed');
  assert.ok(site.now - since < 50);
});

borrowing('who has no seat has none to take along', () => {
  const site = new VirtualSite();
  site.addAgent();
  const client = site.addClient();
  client.step(BORROW);
  assert.is(client.last('borrow-refused').code, 'not-held');
  client.step({ kind: 'start' });
  client.step(BORROW);
  assert.is(client.kinds.filter((kind) => kind === 'borrow-refused').length, 2);
});

borrowing('a seat that is lost meanwhile is not taken along', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.script = ({ kind }) => (kind === 'borrow' || kind === 'renew' ? 'silence' : undefined);
  client.step(BORROW);
  site.runUntil(() => client.kinds.includes('lost'));
  site.runUntil(() => client.kind === 'borrow-refused' || client.kind === 'held');
  assert.is(client.last('borrow-refused').code, 'not-held');
});

borrowing('what a renewal is answered is no answer to it', () => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  const client = site.hold();
  agent.script = ({ kind, id }) =>
    kind === 'renew'
      ? { kind: 'refused', id, code: 'disconnected', inUse: 0, seats: 0 }
      : 'silence';
  client.step(BORROW);
  site.runUntil(() => client.kind === 'borrow-refused');
  assert.is(client.last('borrow-refused').code, 'not-held');
  assert.is(client.last('lost').code, 'disconnected');
});

borrowing('a host code that fits into no request is refused at once', () => {
  const site = new VirtualSite();
  site.addAgent();
  const client = site.hold();
  client.step({ ...BORROW, hostCode: new Uint8Array(1000) });
  assert.is(client.last('borrow-refused').code, 'bad-request');
  assert.ok(client.until !== undefined);
});

borrowing.run();
