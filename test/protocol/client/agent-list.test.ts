import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AgentList } from '../../../protocol/client/agent-list.ts';
import { type Offer, SPOKEN } from '../../../protocol/offers.ts';

const list = suite('agent list');

const offer = (number: number): Offer => ({
  nonce: new Uint8Array(16),
  versions: SPOKEN,
  agentKey: new Uint8Array(32).fill(number),
  epoch: new Uint8Array(8),
  cookie: new Uint8Array(16),
  name: `agent ${number}`,
  version: '1',
  products: [{ product: 'acme', free: 3, total: 3 }],
  more: 0,
});

const at = (address: string) => ({ address, port: 24_711 });

/** Everybody that would be asked, in order. */
const asked = (agents: AgentList): readonly string[] => {
  const names: string[] = [];
  for (;;) {
    const next = agents.next('acme', true, []);
    if (next === undefined) return names;
    names.push(next.offer.name);
    agents.failed(next, {
      kind: 'silent',
      agent: { name: '', endpoint: next.endpoint, key: next.offer.agentKey },
    });
  }
};

list('who invents agents at one address pushes no other aside', () => {
  const agents = new AgentList();
  for (let i = 1; i <= 100; i++) agents.note(offer(i), at('10.0.0.66'));
  agents.note(offer(200), at('10.0.0.1'));
  const names = asked(agents);
  assert.ok(names.includes('agent 200'), names.join());
  assert.ok(names.length <= 5, names.join());
});

list('a full list takes in a new agent in place of one that fell silent', () => {
  const agents = new AgentList();
  for (let i = 1; i <= 100; i++) agents.note(offer(i), at(`10.0.0.${i}`));
  assert.is(asked(agents).length, 64);
  agents.note(offer(200), at('10.0.1.1'));
  assert.equal(asked(agents), ['agent 200']);
});

list.run();
