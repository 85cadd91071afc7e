import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RateLimit } from '../../../../agent/core/sessions/rate-limit.ts';
import { StrangerGate } from '../../../../agent/core/sessions/stranger-gate.ts';
import { instant } from '../../../../protocol/units.ts';

const limits = suite('rate limit');

const at = instant;

limits('a source has its burst, and gains tokens by the second', () => {
  const limit = new RateLimit({ perSecond: 2, burst: 3, sources: 10 });
  const taken = (ms: number) => [1, 2, 3, 4, 5].filter(() => limit.admits('a', at(ms))).length;
  assert.is(taken(0), 3);
  assert.is(taken(1000), 2);
  assert.is(taken(60_000), 3);
  assert.ok(limit.admits('b', at(60_000)), 'another source has its own');
});

limits('who has taken much waits for who has taken little, when all together run low', () => {
  const total = { perSecond: 0, burst: 40 };
  const limit = new RateLimit({ perSecond: 0, burst: 100, sources: 10, total });
  let greedy = 0;
  while (limit.admits('greedy', at(0))) greedy++;
  assert.ok(greedy < 40, `${greedy}: it does not get all`);
  assert.ok(greedy > 20, `${greedy}: alone it gets most`);
  assert.ok(limit.admits('modest', at(0)), 'somebody else is let in');
  assert.not(limit.admits('greedy', at(0)));
});

limits('the table does not grow with its sources', () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1, sources: 2 });
  for (const source of ['a', 'b', 'c']) limit.admits(source, at(0));
  assert.equal(
    ['a', 'b', 'c'].map((source) => limit.knows(source)),
    [false, true, true],
  );
});

limits('who is refused makes nobody else forgotten', () => {
  const total = { perSecond: 0, burst: 2 };
  const limit = new RateLimit({ perSecond: 0, burst: 8, sources: 2, total });
  assert.ok(['a', 'b'].every((source) => limit.admits(source, at(0))));
  const forged = Array.from({ length: 100 }, (_, i) => `10.0.0.${i}`);
  assert.not(forged.some((source) => limit.admits(source, at(0))));
  assert.equal(
    ['a', 'b'].map((source) => limit.knows(source)),
    [true, true],
  );
});

/** Addresses of one /64 of IPv6: one computer has them all. */
const ofOne = (network: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${network}::${(i + 1).toString(16)}`);

limits('a network of IPv6 is one source, however its addresses are written', () => {
  const limit = new RateLimit({ perSecond: 0, burst: 3, sources: 10 });
  const same = ['2001:db8::1', '2001:db8:0:0:1:2:3:4', '2001:DB8::5', '2001:0db8::6'];
  assert.is(same.filter((address) => limit.admits(address, at(0))).length, 3);
  assert.ok(limit.admits('2001:db8:0:1::1', at(0)), 'the next network has its own');
  assert.ok(limit.admits('fe80::1%eth0', at(0)));
  assert.ok(limit.knows('fe80::2%eth0'), 'one link');
  assert.not(limit.knows('fe80::2%eth1'), 'another link');
});

limits('who has many addresses in one network gets what the network has, and others theirs', () => {
  const size = { perSecond: 0, burst: 10, sources: 4096 };
  const limit = new RateLimit({ ...size, network: { perSecond: 0, burst: 40 } });
  const greedy = ofOne('2001:db8', 5000).filter((address) => limit.admits(address, at(0))).length;
  assert.is(greedy, 40);
  const others = ['10.0.0.1', '2001:db8:1::1'];
  assert.equal(
    others.filter((address) => limit.admits(address, at(0))),
    others,
  );
});

limits('within a network who has taken little comes first', () => {
  const size = { perSecond: 0, burst: 30, sources: 100 };
  const limit = new RateLimit({ ...size, network: { perSecond: 0, burst: 40 } });
  let greedy = 0;
  while (limit.admits('fe80::1%eth0', at(0))) greedy++;
  assert.ok(greedy > 10 && greedy < 30, `${greedy}`);
  assert.ok(limit.admits('fe80::2%eth0', at(0)));
});

limits(
  'one network fills no more than a quarter of the table, and makes nobody else forgotten',
  () => {
    const size = { perSecond: 0, burst: 1, sources: 40 };
    const limit = new RateLimit({ ...size, network: { perSecond: 0, burst: 1000 } });
    const honest = Array.from({ length: 20 }, (_, i) => `10.0.0.${i}`);
    for (const address of honest) limit.admits(address, at(0));
    const many = ofOne('2001:db8', 1000);
    for (const address of many) limit.admits(address, at(0));
    assert.ok(honest.every((address) => limit.knows(address)));
    assert.is(many.filter((address) => limit.knows(address)).length, 10);
    for (let i = 0; i < 100; i++) limit.admits(`2001:db8:${i.toString(16)}::1`, at(0));
    const known = [...honest, ...many].filter((address) => limit.knows(address)).length;
    assert.is(known, 0, 'the table is bounded');
  },
);

limits('cookies of one address are not looked at without end, and those of others are', () => {
  const gate = new StrangerGate();
  const looks = (source: string, ms: number): number => {
    let count = 0;
    while (count < 10_000 && gate.mayCall(source, at(ms))) count++;
    return count;
  };
  const first = looks('10.0.0.1', 0);
  assert.ok(first > 500 && first <= 2000, `${first} at once`);
  assert.ok(gate.mayCall('10.0.0.2', at(0)), 'who says hello beside the flood');
  const later = looks('10.0.0.1', 1000);
  assert.ok(later > 500 && later <= 2000, `${later} a second later`);
});

limits('forged addresses have no more of them looked at than the agent has time for', () => {
  const gate = new StrangerGate();
  let looked = 0;
  for (let i = 0; i < 60_000; i++) {
    if (gate.mayCall(`10.1.${i >> 8}.${i & 255}`, at(i / 60))) looked++;
  }
  assert.ok(looked > 10_000 && looked <= 14_001, `${looked} in a second`);
  assert.ok(gate.mayCall('10.9.9.9', at(1100)), 'and then others are heard again');
});

limits.run();

const gate = suite('stranger gate');

/** As many addresses as a forger likes. */
const forged = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `10.1.${i >> 8}.${i & 255}`);

gate('forged addresses get few offers together; who has proven an address goes on', () => {
  const strangers = new StrangerGate();
  assert.ok(strangers.mayAsk('10.0.0.1', at(0)));
  assert.ok(strangers.mayEnter('10.0.0.1', at(0)));
  const offers = forged(50_000).filter((address) => strangers.mayAsk(address, at(100))).length;
  assert.ok(offers <= 105, `${offers} offers to nobody`);
  for (let i = 0; i < 100; i++) assert.ok(strangers.mayAsk('10.0.0.1', at(100)), `${i}`);
});

gate('a thousand clients that start at once and answer are all let in', () => {
  const strangers = new StrangerGate();
  for (const address of forged(1000)) {
    assert.ok(strangers.mayAsk(address, at(0)), address);
    assert.ok(strangers.mayEnter(address, at(0)), address);
  }
});

gate('public-key operations are bounded, for one address and for all together', () => {
  const strangers = new StrangerGate();
  const entered = (addresses: readonly string[]): number =>
    addresses.filter((address) => strangers.mayEnter(address, at(0))).length;
  const one = entered(Array.from({ length: 5000 }, () => '10.0.0.9'));
  assert.ok(one <= 200, `${one} of one`);
  const all = one + entered(forged(20_000));
  assert.ok(all <= 4000, `${all} of all`);
});

gate('one computer with a network of IPv6 leaves room for everybody else', () => {
  const strangers = new StrangerGate();
  const own = ofOne('2001:db8:0:7', 50_000);
  const offers = own.filter((address) => strangers.mayAsk(address, at(0))).length;
  assert.ok(offers <= 80, `${offers} offers`);
  assert.ok(strangers.mayAsk('2001:db8::1', at(0)), 'another network is answered');
  assert.ok(strangers.mayAsk('10.0.0.1', at(0)), 'and IPv4');
  const entered = own.filter((address) => strangers.mayEnter(address, at(0))).length;
  assert.ok(entered <= 2000, `${entered} public-key operations`);
  for (const address of forged(1000)) assert.ok(strangers.mayEnter(address, at(0)), address);
});

gate('a thousand clients of one network of IPv6 that start at once are all let in', () => {
  const strangers = new StrangerGate();
  for (const address of ofOne('fe80', 1000)) {
    assert.ok(strangers.mayAsk(`${address}%eth0`, at(0)), address);
    assert.ok(strangers.mayEnter(`${address}%eth0`, at(0)), address);
  }
});

gate.run();
