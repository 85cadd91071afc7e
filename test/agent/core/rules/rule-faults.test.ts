import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultsOf, rulesOf } from './rules-rig.ts';

const faults = suite('rule faults');

const SENTENCES: readonly (readonly [string, string])[] = [
  [
    'reserv 2 a for user b',
    'Here should be "group", "reserve", "exclude", "limit", "borrow", "idle" or "priority", not "reserv". Did you mean "reserve"?',
  ],
  [
    '"reserve" 2 a for user b',
    'Here should be "group", "reserve", "exclude", "limit", "borrow", "idle" or "priority", not "reserve".',
  ],
  ['reserve', 'The line ends too early: here should follow a number of seats.'],
  [
    'group x = usr a',
    'Here should be "user", "host", "group", "address" or "application", not "usr". Did you mean "user"?',
  ],
  [
    'group x = everyone',
    'Here should be "user", "host", "group", "address" or "application", not "everyone".',
  ],
  [
    'group x user a',
    'Here should be "=", not "user". A name of several words stands in "quotation marks".',
  ],
  [
    'group x =',
    'The line ends too early: here should follow "user", "host", "group", "address" or "application".',
  ],
  ['group = user a', 'Here should be the name of the group, not "=".'],
  ['group x* = user a', 'A group has a plain name, without * and ?.'],
  [
    'group x = user a user b',
    'The rule is complete before "user": take it away. A name of several words stands in "quotation marks".',
  ],
  [
    'reserve two a for user b',
    '"two" is not a number of seats: write a whole number from 1 to 1000000.',
  ],
  [
    'reserve 1000001 a for user b',
    '"1000001" is not a number of seats: write a whole number from 1 to 1000000.',
  ],
  [
    'reserve 2 a for user b, user c',
    'A rule is for one name only: make a group of several and name the group.',
  ],
  [
    'reserve 2 everything for user b',
    'Seats are reserved of one product: name it instead of everything.',
  ],
  [
    'reserve 2 a for nobody',
    'Here should be "everyone", "user", "host", "group", "address" or "application", not "nobody".',
  ],
  [
    'exclude user b of a',
    'Here should be "from", not "of". A name of several words stands in "quotation marks".',
  ],
  [
    'exclude user Bob Miller from a',
    'Here should be "from", not "Miller". A name of several words stands in "quotation marks".',
  ],
  ['exclude user "Bob from a', 'A quotation mark is not closed: put another " behind the name.'],
  [
    'exclude address 10.1.2 from a',
    '"10.1.2" is no address: write 10.1.2.3, 10.1.0.0/16 or 10.1.0.5-10.1.0.9, or the same in IPv6.',
  ],
  [
    'exclude address 10.1.2.0/40 from a',
    '"10.1.2.0/40" is no block of addresses: the number behind / is at most 32.',
  ],
  [
    'exclude address 10.0.0.2-10.0.0.1 from a',
    '"10.0.0.2-10.0.0.1" ends before it begins: swap the two.',
  ],
  [
    'exclude address 10.0.0.2-::1 from a',
    '"10.0.0.2-::1" begins in IPv4 and ends in IPv6, or the reverse: write one kind.',
  ],
  ['limit 0 a for user b', '"0" is not a number of seats: write a whole number from 1 to 1000000.'],
  [
    'limit 1 everything/x for each user',
    'A class belongs to one product: name it instead of everything.',
  ],
  [
    'limit 1 a for eech user',
    'Here should be "everyone", "each", "user", "host", "group", "address" or "application", not "eech". Did you mean "each"?',
  ],
  ['limit 1 a for each group', 'Here should be "user" or "host", not "group".'],
  ['limit 1 a for each user in lab', 'Here should be "group", not "lab".'],
  ['limit 1 a/ for each user', 'Here should be a class behind the /: it is empty.'],
  ['limit 1 /x for each user', 'Here should be a product: it is empty.'],
  ['limit 1 "" for each user', 'Here should be a product: it is empty.'],
  ['borrow a for nobody up to 7 days', 'The rule is complete before "up": take it away.'],
  [
    'borrow a for everyone up to 7 dayz',
    'Here should be seconds, minutes, hours or days, not "dayz". Did you mean "days"?',
  ],
  [
    'borrow a for everyone, at most 3',
    'The line ends too early: here should follow "seat" or "seats".',
  ],
  ['borrow a for everyone, up to 3 days', 'Here should be "at", not "up".'],
  [
    'idle 0 days a for everyone',
    '"0" is not a length of time: write a whole number from 1 to 315360000.',
  ],
  ['idle 3651 days a for everyone', '3651 days is too long: at most ten years (3650 days).'],
  ['idle 30', 'The line ends too early: here should follow seconds, minutes, hours or days.'],
  ['idle 30 minutes for everyone', 'Here should be "for", not "everyone".'],
  [
    'priority 101 a for user boss',
    '"101" is not a priority: write a whole number from -100 to 100.',
  ],
  [
    'priority 1.5 a for user boss',
    '"1.5" is not a priority: write a whole number from -100 to 100.',
  ],
  [
    `exclude user ${'x'.repeat(65)} from a`,
    `"${'x'.repeat(64)}…" is too long: a name has at most 64 characters.`,
  ],
  ['exclude user \u202ebob from a', 'The line holds an invisible character: type it anew.'],
  ['exclude user bob from a # \u0007', 'The line holds an invisible character: type it anew.'],
  ['exclude user b\ufffdb from a', 'The line is not written in UTF-8: save the file as UTF-8.'],
  [
    'exclude group labb from a',
    'There is no group labb: make it by "group labb = …". Did you mean "Lab"?',
  ],
  ['group b = group nowhere', 'There is no group nowhere: make it by "group nowhere = …".'],
  [
    'limit 1 a for each user in group lap',
    'There is no group lap: make it by "group lap = …". Did you mean "Lab"?',
  ],
  ['group lab = user b', 'Group lab is made on line 1 already: put its members together there.'],
  ['group b = user x, group b', 'Group b holds itself: take it out of its own line.'],
];

for (const [line, sentence] of SENTENCES) {
  faults(`says of "${line.slice(0, 60)}"`, () => {
    assert.equal(faultsOf('group Lab = user a', '', line), [`3: ${sentence}`]);
  });
}

faults('two rules on the same contradict or repeat each other', () => {
  const pairs = [
    ['limit 3 a for user b', 'limit 5 a for user B # other case'],
    ['reserve 1 a for host x', 'reserve 1 a for host x'],
    ['exclude address 10.1.0.0/16 from a', 'exclude address 10.1.0.0-10.1.255.255 from a'],
    ['priority 1 a for everyone', 'priority 2 a for everyone'],
    ['limit 1 a for each user', 'limit 2 a for each user'],
    ['borrow a for everyone', 'borrow a for everyone up to 1 day'],
    ['idle never a for everyone', 'idle 1 day a for everyone'],
  ] as const;
  for (const [one, other] of pairs) {
    const kind = one.split(' ')[0];
    assert.equal(faultsOf(one, '', other), [
      `3: Line 1 is a rule "${kind}" on the same seats for the same already: keep one of the two.`,
    ]);
  }
});

faults('rules on different things stand side by side', () => {
  rulesOf(
    'limit 3 a for user b',
    'limit 3 A for user b',
    'limit 3 a/x for user b',
    'limit 3 * for user b',
    'limit 3 a for host b',
    'limit 3 a for everyone',
    'limit 3 a for each user',
    'limit 3 a for each host',
    'reserve 3 a for user b',
  );
});

faults('groups in a circle are told once, with the way', () => {
  assert.equal(
    faultsOf(
      'group a = group b',
      'group b = user x, group c',
      'group c = group a',
      'group d = group a',
    ),
    ['1: Group a holds itself by way of b, c: take one out of the other.'],
  );
  const long = Array.from({ length: 1000 }, (_, i) => `group g${i} = group g${(i + 1) % 1000}`);
  assert.match(faultsOf(...long)[0] ?? '', /^1: Group g0 holds itself by way of g1, .*g6, …: take/);
});

faults('groups nest sixteen deep and no deeper', () => {
  const chain = (length: number): string[] =>
    Array.from({ length }, (_, i) => `group g${i} = ${i === 0 ? 'user a' : `group g${i - 1}`}`);
  assert.is(rulesOf(...chain(16)).all.length, 16);
  assert.equal(faultsOf(...chain(20)), [
    '17: Group g16 holds groups within groups more than 16 deep: name members directly.',
  ]);
});

faults('everything is bounded', () => {
  const many = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  const rule = (index: number): string => `exclude user u${index} from a`;
  assert.is(rulesOf(many(5000, rule)).all.length, 5000);
  assert.equal(faultsOf(many(5002, rule)), [
    '5001: There are more than 5000 rules: use groups, or patterns with *.',
  ]);
  const group = (index: number): string => `group g${index} = user a`;
  assert.is(rulesOf(many(1000, group)).all.length, 1000);
  assert.equal(faultsOf(many(1002, group)), [
    '1001: There are more than 1000 groups: put some of them together.',
  ]);
  const members = (count: number): string =>
    `group g = ${many(count, () => 'user a,')
      .replaceAll('\n', '')
      .slice(0, -1)}`;
  assert.is(rulesOf(members(10_000)).all.length, 1);
  assert.equal(faultsOf(members(10_001)), [
    '1: A group has at most 10000 members: make several groups of them.',
  ]);
  assert.ok(rulesOf(`#${'é'.repeat(131_071)}`).isEmpty);
  assert.equal(faultsOf(`#${'é'.repeat(131_072)}`), [
    '1: The rules are longer than 262144 bytes: use groups, or patterns with *.',
  ]);
});

faults('at most a hundred faults are told, in the order of the lines', () => {
  assert.is(faultsOf(...new Array<string>(150).fill('foo')).length, 100);
  assert.is(
    faultsOf(...Array.from({ length: 150 }, (_, i) => `limit 1 a${i} for group x`)).length,
    100,
  );
  const twins = new Array<string>(150).fill('limit 1 a for everyone');
  assert.is(faultsOf(...twins).length, 100);
  const both = faultsOf('limit 1 a for group x', 'group g = group g', 'exclude group y from a');
  assert.equal(
    both.map((one) => one.slice(0, 2)),
    ['1:', '2:', '3:'],
  );
});

faults.run();
