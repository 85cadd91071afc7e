import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SeatEvent } from '../../../protocol/client/seat-events.ts';
import { REFUSALS, type RefusalCode } from '../../../protocol/refusal.ts';
import type { Reply } from '../../../protocol/replies.ts';
import type { Request } from '../../../protocol/requests.ts';
import { seconds } from '../../../protocol/units.ts';
import type { ScriptedAgent } from './scripted-agent.ts';
import { VirtualSite } from './virtual-site.ts';

const sessions = suite('any session');

const CODES = Object.keys(REFUSALS) as RefusalCode[];

/** Something that happens to a site with two agents and one client. */
type Happening =
  | { readonly kind: 'event'; readonly event: SeatEvent }
  | { readonly kind: 'pass'; readonly length: number }
  | { readonly kind: 'sleep'; readonly length: number }
  | { readonly kind: 'silence' | 'restart' | 'usual' | 'forget'; readonly agent: number }
  | { readonly kind: 'seats'; readonly agent: number; readonly seats: number }
  | { readonly kind: 'answer'; readonly agent: number; readonly reply: Reply }
  | { readonly kind: 'unasked'; readonly agent: number; readonly reply: Reply };

const anyReply: fc.Arbitrary<Reply> = fc.oneof(
  fc.record({ code: fc.constantFrom(...CODES) }).map(({ code }) => {
    const reply: Reply = { kind: 'refused', id: 0, code, inUse: 1, seats: 1 };
    return reply;
  }),
  fc.record({ code: fc.constantFrom(...CODES), term: fc.nat(60) }).map(({ code, term }) => {
    const reply: Reply = { kind: 'ending', id: 0, code, term: seconds(term) };
    return reply;
  }),
  fc.record({ ahead: fc.nat(3), turn: fc.boolean(), within: fc.nat(60) }).map((place) => {
    const { ahead, turn, within } = place;
    const reply: Reply = { kind: 'queued', id: 0, ahead, turn, seconds: seconds(within) };
    return reply;
  }),
  fc.constantFrom<Reply>(
    { kind: 'new-epoch', id: 0 },
    { kind: 'released', id: 0 },
    { kind: 'renewed', id: 0, term: seconds(60) },
    { kind: 'granted', id: 0, term: seconds(60), overdraft: false, parts: [] },
    { kind: 'borrowed', id: 0, token: new Uint8Array(3) },
    { kind: 'piece', id: 0, total: 9, offset: 0, bytes: new Uint8Array(9) },
    { kind: 'drawn', id: 0, left: 0, documents: [] },
  ),
);

const anyEvent: fc.Arbitrary<SeatEvent> = fc.oneof(
  fc.constantFrom<SeatEvent>(
    { kind: 'start' },
    { kind: 'wake' },
    { kind: 'idle', seconds: seconds(0) },
    { kind: 'idle', seconds: seconds(4_000_000_000) },
    { kind: 'borrow', duration: seconds(1000), hostCode: new Uint8Array(8) },
  ),
  fc.uint8Array({ maxLength: 200 }).map((bytes): SeatEvent => {
    return { kind: 'datagram', from: { address: '10.0.1.1', port: 1 }, bytes };
  }),
);

const anyAgent = fc.nat(1);

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), length: fc.nat(40_000) }),
  },
  fc.record({ kind: fc.constant('event' as const), event: anyEvent }),
  fc.record({ kind: fc.constant('sleep' as const), length: fc.nat(100_000) }),
  fc.record({
    kind: fc.constantFrom('silence', 'restart', 'usual', 'forget'),
    agent: anyAgent,
  }),
  fc.record({ kind: fc.constant('seats' as const), agent: anyAgent, seats: fc.nat(1) }),
  fc.record({ kind: fc.constantFrom('answer', 'unasked'), agent: anyAgent, reply: anyReply }),
);

const happen = (site: VirtualSite, happening: Happening): void => {
  const [client] = site.clients;
  if (client === undefined) return;
  if (happening.kind === 'event') return client.step(happening.event);
  if (happening.kind === 'pass') return site.run(happening.length);
  if (happening.kind === 'sleep') return client.sleep(happening.length);
  const agent = site.agents[happening.agent];
  if (agent === undefined) return;
  switch (happening.kind) {
    case 'silence':
      agent.isSilent = true;
      return;
    case 'restart':
      return agent.restart();
    case 'usual':
      agent.isSilent = false;
      agent.script = undefined;
      return;
    case 'forget':
      return agent.leases.clear();
    case 'seats':
      agent.seats = happening.seats;
      return;
    case 'answer': {
      const { reply } = happening;
      agent.script = (request: Request) =>
        request.kind === 'document' ? undefined : { ...reply, id: request.id };
      return;
    }
    case 'unasked':
      if (agent.asked.length > 0) sayUnasked(site, agent, happening.reply);
  }
};

const sayUnasked = (site: VirtualSite, agent: ScriptedAgent, reply: Reply): void => {
  const [client] = site.clients;
  if (client === undefined || !agent.knows(client.session.clientKey)) return;
  site.deliver(agent, client, agent.say(client.session.clientKey, reply));
};

sessions('comes to no bad end, whatever happens, and can always be ended', () => {
  fc.assert(
    fc.property(
      fc.array(anyHappening, { maxLength: 40 }),
      fc.boolean(),
      fc.boolean(),
      (happenings, wait, regain) => {
        const site = new VirtualSite();
        site.addAgent();
        site.addAgent();
        const client = site.addClient({ wait, regain, patience: 5000 });
        client.step({ kind: 'start' });
        site.run(1000);
        for (const happening of happenings) happen(site, happening);
        client.sleep(0);
        client.step({ kind: 'release' });
        site.run(5000);
        assert.ok(client.session.isOver, `${client.kinds}`);
        assert.is(client.until, undefined);
      },
    ),
    { numRuns: 500 },
  );
});

sessions('has a seat in the end when its agents are well again', () => {
  fc.assert(
    fc.property(fc.array(anyHappening, { maxLength: 30 }), (happenings) => {
      const site = new VirtualSite();
      const agents = [site.addAgent(), site.addAgent()];
      const client = site.hold();
      for (const happening of happenings) {
        if (happening.kind !== 'unasked' && happening.kind !== 'answer') happen(site, happening);
      }
      for (const agent of agents) {
        agent.isSilent = false;
        agent.seats = 1;
      }
      client.sleep(0);
      site.run(300_000);
      assert.is(client.state?.kind === 'borrow-refused' ? 'held' : client.kind, 'held');
      // What an agent that could not be reached has kept is gone when nobody renews it.
      for (const agent of agents) agent.lapse();
      assert.is(agents.filter(({ leases }) => leases.size > 0).length, 1, 'one seat');
    }),
    { numRuns: 300 },
  );
});

sessions.run();
