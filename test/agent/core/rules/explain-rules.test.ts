import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explainRules } from '../../../../agent/core/rules/explain-rules.ts';
import { RULES_HELP } from '../../../../agent/core/rules/rules-help.ts';
import { asker, rulesOf, target } from './rules-rig.ts';

const explain = suite('explain rules');

const ann = asker('ann', { host: 'ws-1', address: '10.1.2.3' });

/** `+` for a line that applies, `-` for one that does not, and what it says. */
const said = (text: string, ...lines: readonly string[]): readonly string[] =>
  explainRules(rulesOf(...lines), ann, target(text)).map(
    ({ applies, says }) => `${applies ? '+' : '-'} ${says}`,
  );

const GROUP = 'group lab = user ann, user zoe';

explain('every line, in order', () => {
  const rules = rulesOf(RULES_HELP);
  const explained = explainRules(rules, ann, target('acme-cad'));
  assert.equal(
    explained.map(({ line }) => line),
    rules.all.map(({ line }) => line),
  );
  for (const { says } of explained) assert.match(says, /^[A-Za-z0-9].*[^.]\.$/);
});

const CASES: readonly (readonly [string, string, string])[] = [
  ['p', 'group x = user bob, host ws-*', '+ ann on ws-1 is in group x, as host ws-*.'],
  ['p', 'group x = group lab', '+ ann on ws-1 is in group x, as group lab.'],
  ['p', 'group x = user bob', '- ann on ws-1 is not in group x.'],
  [
    'p',
    'reserve 2 p for group lab',
    '+ ann on ws-1 is in group lab, so 2 seats of p are kept for ann on ws-1 and the rest of group lab.',
  ],
  [
    'p',
    'reserve 1 p for user ann',
    '+ It is for user ann, so 1 seat of p is kept for ann on ws-1.',
  ],
  [
    'p',
    'reserve 1 p for everyone',
    '+ It is for everyone, so 1 seat of p is kept for ann on ws-1.',
  ],
  ['p', 'reserve 2 p for user bob', '+ 2 seats of p are kept for user bob, not for ann on ws-1.'],
  [
    'p/a',
    'reserve 2 p/b for user bob',
    '+ 2 seats of p/b are kept for user bob, of generic seats where class b has too few free, not for ann on ws-1.',
  ],
  [
    'p/a',
    'reserve 2 p/b for user ann',
    '+ 2 seats of p/b are kept for user ann, of generic seats where class b has too few free, not for requests of other classes.',
  ],
  ['p', 'reserve 2 q for user ann', '- Does not apply: it is about q, not p.'],
  ['p', 'exclude user mallory from p', '- Does not apply: it is for user mallory only.'],
  [
    'p',
    'exclude address 10.1.0.0/16 from *',
    '+ Address 10.1.2.3 is in 10.1.0.0/16, so ann on ws-1 gets no seat of any product.',
  ],
  ['p', 'exclude host ws-* from p', '+ Host ws-1 fits ws-*, so ann on ws-1 gets no seat of p.'],
  ['p/a', 'exclude user ann from p/b', '- Does not apply: it is about class b, not a.'],
  [
    'p',
    'exclude user ann from p/b',
    '- Does not apply: it is about class b, and no class was asked for.',
  ],
  [
    'p',
    'limit 3 p for group lab',
    '+ ann on ws-1 is in group lab, so group lab may hold at most 3 seats of p together.',
  ],
  [
    'p',
    'limit 1 p for each user',
    '+ It is for everyone, so user ann may hold at most 1 seat of p.',
  ],
  [
    'p',
    'limit 2 p for each host in group lab',
    '+ ann on ws-1 is in group lab, so host ws-1 may hold at most 2 seats of p.',
  ],
  ['p', 'borrow p for everyone', '+ It is for everyone, so ann on ws-1 may borrow p.'],
  [
    'p',
    'borrow p for everyone up to 7 days, at most 3 seats',
    '+ It is for everyone, so ann on ws-1 may borrow p for up to 7 days, at most 3 seats at a time.',
  ],
  ['p', 'borrow p for user bob', '+ Only user bob may borrow p, so ann on ws-1 may not.'],
  ['p', 'borrow p for nobody', '+ Nobody may borrow p, so ann on ws-1 may not.'],
  [
    'p',
    'idle 90 minutes p for everyone',
    '+ It is for everyone, so a seat of p that is idle for 90 minutes is given up.',
  ],
  [
    'p',
    'idle 1 hour p for everyone',
    '+ It is for everyone, so a seat of p that is idle for 1 hour is given up.',
  ],
  [
    'p',
    'idle never p for everyone',
    '+ It is for everyone, so an idle seat of p stays with ann on ws-1.',
  ],
  [
    'p',
    'priority -3 p for application app',
    '+ It is for application app, so ann on ws-1 waits for p with priority -3.',
  ],
];

for (const [text, line, sentence] of CASES) {
  explain(`${line}, asked for ${text}`, () => {
    assert.is(said(text, GROUP, line).at(-1), sentence);
  });
}

explain('where the first line that fits decides, a later one says so', () => {
  assert.equal(
    said(
      'p',
      'priority 1 p for user bob',
      'priority 2 p for user ann',
      'priority 3 p for everyone',
      'borrow p for user bob',
      'borrow p for user a*',
      'borrow p for everyone',
      'borrow q for nobody',
    ),
    [
      '- Does not apply: it is for user bob only.',
      '+ It is for user ann, so ann on ws-1 waits for p with priority 2.',
      '- Does not apply: line 2 comes first.',
      '- Does not apply: it is for user bob only.',
      '+ User ann fits a*, so ann on ws-1 may borrow p.',
      '- Does not apply: line 5 comes first.',
      '- Does not apply: it is about q, not p.',
    ],
  );
});

explain('who asks without a name is told in other words', () => {
  const rules = rulesOf('group x = user bob');
  const says = (user: string, host: string): string | undefined =>
    explainRules(rules, asker(user, { host }), target('p'))[0]?.says;
  assert.is(says('ann', ''), 'ann is not in group x.');
  assert.is(says('', 'ws'), 'the client on ws is not in group x.');
  assert.is(says('', ''), 'this client is not in group x.');
});

explain.run();
