import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isWarning, noteToSentence } from '../../../../agent/core/notes.ts';
import { err, ok } from '../../../../protocol/result.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, acquire, only, PRODUCT, type RigClient, renew } from '../agent-rig.ts';
import { DeskRig, wordFor } from '../desk-rig.ts';

const desk = suite('rules desk');

const seats = (count: number) => ({ pools: [plainPool(count)] });

desk('rules hold from when they are applied, and no lease is dropped by them', () => {
  const rig = new DeskRig();
  rig.license(1, seats(3));
  const mallory = rig.client();
  assert.is(wordFor(rig.take(mallory, { user: 'mallory' })), 'granted');
  const outcome = rig.rules('# ours\nexclude user mallory from acme-cad\n');
  assert.ok(outcome.kind === 'rules-apply');
  assert.equal(outcome.rules.lines, [{ number: 2, text: 'exclude user mallory from acme-cad' }]);
  assert.is(rig.work({ user: 'mallory' }), 'excluded');
  assert.is(wordFor(mallory.read(mallory.ask(renew(99)))), 'renewed');
  rig.rules('');
  assert.is(rig.work({ user: 'mallory' }), 'granted');
});

desk('leases that were there before are counted by the new rules, by line', () => {
  const rig = new DeskRig();
  rig.license(1, seats(5));
  const client = rig.client();
  rig.take(client, { user: 'ann' });
  rig.work({ user: 'bob' });
  rig.rules('limit 1 acme-cad for each user');
  assert.is(rig.work({ user: 'ann' }), 'limit-reached');
  rig.rules('# a line before\nlimit 1 acme-cad for each user');
  assert.is(rig.work({ user: 'ann' }), 'limit-reached');
  rig.release(client);
  assert.is(rig.work({ user: 'ann' }), 'granted');
  rig.rules('limit 2 acme-cad for each user');
  assert.is(rig.work({ user: 'ann' }), 'granted');
  assert.is(rig.work({ user: 'ann' }), 'limit-reached');
});

desk('leases from before a restart are counted when the rules are taken up', () => {
  const rig = new DeskRig();
  rig.license(1, seats(5));
  rig.work({ user: 'ann' });
  const later = rig.restart();
  later.rules('limit 1 acme-cad for each user');
  assert.is(later.work({ user: 'ann' }), 'limit-reached');
});

desk('the class that was asked for is remembered: a generic seat takes up a reservation', () => {
  const rig = new DeskRig();
  rig.license(1, { pools: [plainPool(2), plainPool(1, 'developer')] });
  const rule = 'reserve 2 acme-cad/developer for user ann';
  rig.work({ user: 'ann' }, { class: 'developer' });
  rig.work({ user: 'ann' }, { class: 'developer' });
  const later = rig.restart();
  later.rules(rule);
  assert.is(later.work({ user: 'bob' }), 'granted', 'her two are in use, so the third is free');
});

desk('after a restart an address counts as soon as it is known', () => {
  const rig = new DeskRig();
  rig.license(1, seats(5));
  const rule = 'limit 1 acme-cad for address 10.0.0.0/24';
  const number = 1;
  rig.work({ user: 'ann' });
  const later = rig.restart();
  later.rules(rule);
  const ann = later.rig.client(number);
  const counted = (): readonly number[] => {
    const wish = { ...wishOf(), holder: ANN };
    const explain = { kind: 'explain', wish, address: '10.0.0.9', rules: null } as const;
    return later.done(explain).explanation.counts.map(({ held }) => held);
  };
  assert.equal(counted(), [0], 'nobody has been heard of yet');
  ann.read(later.settle(ann.ask(renew(5))));
  assert.equal(counted(), [1]);
});

const wishOf = () => {
  const request = acquire(1);
  if (request.kind !== 'acquire') throw new Error('no acquire');
  return request.wish;
};

desk('a faulty file changes nothing and tells every fault; the status shows it', () => {
  const rig = new DeskRig();
  rig.license(1, seats(3));
  rig.rules('exclude user mallory from acme-cad');
  const outcome = rig.rules('exclude mallory from acme-cad\nlimt 1 acme-cad for each user');
  assert.ok(outcome.kind === 'refused' && outcome.code === 'faulty-rules');
  assert.match(outcome.detail, /^Line 1: .*\nLine 2: .*limit/);
  const { rules } = rig.done({ kind: 'status' }).status;
  assert.equal(
    [rules.count, rules.inForce, rules.faults.map(({ line }) => line)],
    [1, true, [1, 2]],
  );
  assert.is(rig.work({ user: 'mallory' }), 'excluded');
  assert.is(rig.work({ user: 'ann' }), 'granted');
  rig.rules('');
  assert.equal(rig.done({ kind: 'rules-show' }).rules.faults, []);
});

desk('with faulty rules from the start nothing new is lent, and what is held goes on', () => {
  const before = new DeskRig();
  before.license(1, seats(3));
  before.work({ user: 'ann' });
  const rig = before.restart();
  rig.ask({ kind: 'rules-apply', file: err([{ line: 0, sentence: 'It cannot be read.' }]) });
  assert.is(rig.work({ user: 'bob' }), 'faulty-rules');
  assert.is(rig.done({ kind: 'rules-show' }).rules.inForce, false);
  assert.is(rig.done({ kind: 'status' }).status.leases, 1);
  rig.rules('');
  assert.is(rig.work({ user: 'bob' }), 'granted');
});

desk('with faulty rules from the start those hold on that were in force last', () => {
  const rig = new DeskRig();
  rig.license(1, seats(3));
  const lastGood = 'exclude user mallory from acme-cad\n';
  const effects = rig.rig.operate({ kind: 'rules-apply', file: ok('limt'), lastGood });
  const { outcome } = only(effects, 'answer');
  assert.is(outcome.kind === 'refused' && outcome.code, 'faulty-rules');
  const { note } = only(effects, 'note');
  assert.match(noteToSentence(note), /were not taken, those of the last start hold on\. Line 1/);
  assert.ok(isWarning(note));
  assert.is(rig.work({ user: 'mallory' }), 'excluded');
  assert.is(rig.work({ user: 'ann' }), 'granted');
  const { rules } = rig.done({ kind: 'rules-show' });
  assert.equal(
    [rules.lines.length, rules.inForce, rules.lastGood, rules.faults.length],
    [1, true, true, 1],
  );
  assert.ok(rig.done({ kind: 'status' }).status.rules.lastGood);
  rig.rules('limt');
  assert.ok(rig.done({ kind: 'rules-show' }).rules.lastGood, 'they are as old as before');
  rig.rules('');
  assert.equal(rig.done({ kind: 'rules-show' }).rules.lastGood, false);
  assert.is(rig.work({ user: 'mallory' }), 'granted');
});

desk('rules that were in force last never replace those that are, or were mended', () => {
  const rig = new DeskRig();
  rig.license(1, seats(3));
  rig.rules('exclude user mallory from acme-cad');
  rig.ask({ kind: 'rules-apply', file: ok('limt'), lastGood: '' });
  assert.is(rig.work({ user: 'mallory' }), 'excluded');
  assert.not.ok(rig.done({ kind: 'rules-show' }).rules.lastGood);
  const later = rig.restart();
  later.ask({ kind: 'rules-apply', file: ok('limt'), lastGood: 'limt, too' });
  assert.is(later.work({ user: 'ann' }), 'faulty-rules');
  assert.not.ok(later.done({ kind: 'rules-show' }).rules.lastGood);
});

desk('who waits, waits on by the new rules: a turn goes to who comes first now', () => {
  const rig = new DeskRig();
  rig.license(1, seats(1));
  const holder = rig.client();
  rig.take(holder, { user: 'ann' });
  const [bob, boss] = [rig.client(), rig.client()];
  assert.is(wordFor(rig.take(bob, { user: 'bob' }, {}, true)), 'queued');
  assert.is(wordFor(rig.take(boss, { user: 'boss' }, {}, true)), 'queued');
  const turn = (client: RigClient, effects: Parameters<RigClient['read']>[0]): boolean => {
    const told = effects.filter((effect) => effect.kind === 'send' && sameEnd(effect.to, client));
    const reply = client.read(told);
    return reply?.kind === 'queued' && reply.turn;
  };
  assert.ok(turn(bob, rig.release(holder)));
  const effects = rig.rig.operate(applied('priority 10 acme-cad for user boss'));
  assert.ok(turn(boss, effects));
  const { waiters } = rig.done({ kind: 'seat-queue' });
  assert.equal(
    waiters.map(({ user, priority, turn: isTurn, ahead }) => [user, priority, isTurn, ahead]),
    [
      ['boss', 10, true, 0],
      ['bob', 0, false, 1],
    ],
  );
  const excluding = rig.rig.operate(applied('exclude user boss from acme-cad'));
  assert.is(only(excluding, 'answer').outcome.kind, 'rules-apply');
  assert.equal(
    rig.done({ kind: 'seat-queue' }).waiters.map(({ user }) => user),
    ['bob'],
  );
  assert.is(wordFor(rig.take(bob, { user: 'bob' }, {}, true)), 'granted');
});

const sameEnd = (to: { readonly address: string }, client: RigClient): boolean =>
  to.address === client.endpoint.address;

const applied = (text: string) =>
  ({ kind: 'rules-apply', file: { ok: true, value: text } }) as const;

desk('rules on seats that no license has are told', () => {
  const rig = new DeskRig();
  rig.license(1, seats(1));
  rig.rules('limit 1 acme-cda for each user');
  const { warnings } = rig.done({ kind: 'rules-show' }).rules;
  assert.match(warnings[0]?.sentence ?? '', /No license here is for acme-cda.*acme-cad/);
});

const RULES = [
  '',
  'limit 2 acme-cad for each user',
  '# x\nlimit 2 acme-cad for each user\nreserve 1 acme-cad for user ann',
  'reserve 2 acme-cad for host h1\nlimit 2 acme-cad for each user',
] as const;

const event = fc.oneof(
  fc.record({ kind: fc.constant('rules' as const), text: fc.constantFrom(...RULES) }),
  fc.record({
    kind: fc.constant('take' as const),
    user: fc.constantFrom('ann', 'bob'),
    host: fc.constantFrom('h1', 'h2'),
  }),
  fc.record({ kind: fc.constant('release' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

desk(
  'whatever rules come and go, no seat count changes by it and each user is counted right',
  () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 25 }),
        fc.constantFrom('process' as const, 'user' as const),
        (events, counting) => {
          let rig = new DeskRig();
          rig.license(1, { ...seats(4), counting });
          let clients: RigClient[] = [];
          let rules: string = '';
          const lent = (): number =>
            [...rig.rig.agent.pools()].reduce((sum, pool) => sum + pool.lent, 0);
          for (const one of events) {
            const before = lent();
            if (one.kind === 'rules') {
              rules = one.text;
              assert.is(rig.rules(rules).kind, 'rules-apply');
              assert.is(lent(), before);
            } else if (one.kind === 'restart') {
              rig = rig.restart();
              clients = [];
              rig.rules(rules);
              assert.is(lent(), before);
            } else if (one.kind === 'take') {
              const client = rig.client();
              if (rig.take(client, one)?.kind === 'granted') clients.push(client);
            } else {
              const client = clients[one.which % Math.max(1, clients.length)];
              if (client !== undefined) rig.release(client);
            }
            if (rules.includes('each user')) checkUsers(rig, counting);
          }
        },
      ),
      { numRuns: 60 },
    );
  },
);

/** What the limit counts of each user is what each user has. */
const checkUsers = (rig: DeskRig, counting: 'process' | 'user'): void => {
  const { seats: held } = rig.done({ kind: 'seat-list' });
  for (const user of ['ann', 'bob']) {
    const own = held.filter((seat) => seat.user === user).length;
    const wish = { ...wishOf(), holder: { ...ANN, user } };
    const explain = { kind: 'explain', wish, address: null, rules: null } as const;
    const { counts, rules } = rig.done(explain).explanation;
    const limit = rules.find(({ line }) => line.text.startsWith('limit'));
    const counted = counts.find(({ line }) => line === limit?.line.number)?.held;
    assert.is(counted, counting === 'user' ? Math.min(1, own) : own, `${PRODUCT} of ${user}`);
  }
};

desk.run();
