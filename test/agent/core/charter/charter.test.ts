import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TakeShared } from '../../../../agent/core/charter/charter-effects.ts';
import {
  CHARTER_TEXT_MAX,
  type CharterKind,
} from '../../../../agent/core/charter/charter-record.ts';
import type { Effect } from '../../../../agent/core/effects.ts';
import { noteToSentence } from '../../../../agent/core/notes.ts';
import type { Outcome } from '../../../../agent/core/operations.ts';
import { JOINED_PREFIX, SECRET_KEY } from '../../../../agent/core/site/site-keys.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../../../protocol/bytes.ts';
import { seconds } from '../../../../protocol/units.ts';
import { makeLicense, only } from '../agent-rig.ts';
import { SiteMember, SiteRig } from '../site/site-rig.ts';

const charter = suite('charter');

const asked = (effects: readonly Effect[]): readonly TakeShared[] =>
  effects.flatMap((effect) =>
    effect.kind === 'take-shared' && effect.what === 'rules' ? [effect] : [],
  );

const textOf = ({ bytes }: TakeShared): string | undefined =>
  bytes ? bytesToUtf8(bytes) : undefined;

/** What becomes of it is among the effects, now or later. */
const propose = (member: SiteMember, text: string, was = '', who = 'anna') => {
  const [bytes, seen] = [utf8ToBytes(text), utf8ToBytes(was)];
  return member.operate({ kind: 'shared-offer', what: 'rules', bytes, was: seen, who });
};

const offer = (...of: Parameters<typeof propose>): Outcome =>
  only(propose(...of), 'answer').outcome;

const codeOf = (outcome: Outcome): string =>
  outcome.kind === 'refused' ? outcome.code : outcome.kind;

const answersIn = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'answer' ? [codeOf(effect.outcome)] : []));

const detailOf = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.detail : '');

const found = (count: number): SiteRig => {
  const rig = new SiteRig(count, {});
  rig.pass(1000);
  return rig;
};

const taken = (member: SiteMember, { what, revision }: TakeShared): readonly Effect[] =>
  member.step({ kind: 'shared-taken', what, revision });

const sentences = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'note' ? noteToSentence(effect.note) : []));

charter(
  'who joins a site without rules may offer his, and every member is asked to take them up',
  () => {
    const rig = new SiteRig(2, {});
    const first = asked(rig.pass(1000, [rig.member(0)]));
    assert.equal(
      first.map(({ bytes }) => bytes),
      [null],
    );
    assert.is(offer(rig.member(0), 'one', '', '').kind, 'shared-offer');
    const second = asked(rig.pass(1000, [rig.member(1)]));
    assert.equal(second.map(textOf), ['one']);
    assert.is(second[0]?.before, null);
  },
);

charter('a change is asked for on each member within two beats, once, until it is taken up', () => {
  const rig = found(2);
  const [one, other] = [rig.member(0), rig.member(1)];
  assert.is(offer(one, 'one', '').kind, 'shared-offer');
  const [ask, ...more] = asked(rig.pass(1000, [other]));
  assert.ok(ask !== undefined && more.length === 0);
  assert.equal(asked(rig.pass(4000, [other])), []);
  assert.equal(asked(rig.pass(1500, [other])).map(textOf), ['one']);
  assert.equal(sentences(taken(other, ask)), [
    "The site's rules were taken up here, as changed by anna on rig.",
  ]);
  assert.equal(asked(rig.pass(20_000, [other])), []);
});

charter('of two changes that have seen the same text one is refused, and changes nothing', () => {
  const rig = found(2);
  const [one, other] = [rig.member(0), rig.member(1)];
  assert.is(offer(one, 'one', '').kind, 'shared-offer');
  rig.pass(1000);
  assert.is(offer(one, 'two', 'one').kind, 'shared-offer');
  // The other has not read of it yet.
  const late = offer(other, 'three', 'one');
  assert.is(codeOf(late), 'site-changed');
  assert.is(
    detailOf(late),
    'anna on rig changed the rules meanwhile: nothing was changed by this. Look at them (`usher rules show`) and try again.',
  );
  assert.is(codeOf(offer(other, 'three', 'one')), 'site-changed');
  rig.pass(1000);
  assert.is(offer(other, 'three', 'two').kind, 'shared-offer');
  assert.equal(asked(rig.pass(1000, [one])).map(textOf), ['three']);
});

charter('whoever is not heard changes nothing, and of a change without answer nobody knows', () => {
  const rig = found(2);
  const [one, other] = [rig.member(0), rig.member(1)];
  rig.register.deafTo = ({ writes }) => writes.some(({ key }) => key.startsWith('shared/'));
  assert.match(detailOf(offer(one, 'one', '')), /has not answered: whether the rules are changed/);
  rig.register.deafTo = () => false;
  one.isCut = true;
  rig.pass(3000);
  assert.equal(answersIn(propose(one, 'one')), []);
  const { outcome } = only(rig.pass(3500, [one]), 'answer');
  assert.is(codeOf(outcome), 'no-register');
  assert.match(detailOf(outcome), /is not heard by.*the rules are as they were/);
  assert.equal(asked(rig.pass(500, [other])).map(textOf), []);
  // For a moment only.
  assert.equal(answersIn(propose(one, 'two')), []);
  one.isCut = false;
  assert.equal(answersIn(rig.pass(1000, [one])), ['shared-offer']);
  assert.equal(asked(rig.pass(1000, [other])).map(textOf), ['two']);
});

charter('a long text goes in pieces, and a shorter one leaves none behind', () => {
  const rig = found(2);
  const [one, other] = [rig.member(0), rig.member(1)];
  const long = 'x'.repeat(200_000);
  assert.is(offer(one, long, '').kind, 'shared-offer');
  assert.equal(asked(rig.pass(1000, [other])).map(textOf), [long]);
  assert.is(rig.register.kept.size > 4, true);
  rig.pass(1000);
  assert.is(offer(one, 'short', long).kind, 'shared-offer');
  assert.equal(asked(rig.pass(1000, [other])).map(textOf), ['short']);
  assert.equal(
    [...rig.register.kept.keys()].filter((key) => key.startsWith('shared/rules')).sort(),
    ['shared/rules', 'shared/rules/0'],
  );
  const much = 'x'.repeat(CHARTER_TEXT_MAX + 1);
  assert.is(codeOf(offer(one, much, 'short')), 'site-too-much');
});

charter('what was taken up last is known over a restart, and named as the one before', () => {
  const rig = found(2);
  const [one, other] = [rig.member(0), rig.member(1)];
  offer(one, 'one', '');
  const [ask] = asked(rig.pass(1000, [other]));
  assert.ok(ask);
  const { writes } = only(taken(other, ask), 'commit');
  const entries = writes.flatMap(({ key, value }) => (value ? [[key, value] as const] : []));
  assert.equal(
    entries.map(([key]) => key),
    ['charter/rules'],
  );
  const again = found(2);
  const [, value] = entries[0] ?? ['', new Uint8Array(0)];
  const damaged = again
    .member(0)
    .step({ kind: 'restored', entries: [['charter/rules', value.slice(1)]] });
  assert.is(sentences(damaged).length, 1);
  assert.equal(sentences(again.member(0).step({ kind: 'restored', entries })), []);
  offer(again.member(1), 'two', '');
  const [told] = asked(again.pass(1000, [again.member(0)]));
  assert.equal(told?.before?.length, 32);
});

charter('a text of a form that this version does not know is left alone', () => {
  const rig = found(1);
  const kind: CharterKind = 'rules';
  rig.register.write(`shared/${kind}`, utf8ToBytes('what is this'));
  assert.equal(asked(rig.pass(1000)), []);
  assert.is(codeOf(offer(rig.member(0), 'one', '')), 'no-register');
});

charter('passwords are sealed in the register, and open on every member', () => {
  const rig = found(2);
  const [one, other] = [rig.member(0), rig.member(1)];
  const text = utf8ToBytes('{"salt":"00","hashes":{}}');
  const offered = {
    kind: 'shared-offer',
    what: 'sign-in',
    was: new Uint8Array(0),
    who: 'anna',
  } as const;
  assert.is(only(one.operate({ ...offered, bytes: text }), 'answer').outcome.kind, 'shared-offer');
  const [ask] = rig
    .pass(1000, [other])
    .flatMap((effect) =>
      effect.kind === 'take-shared' && effect.what === 'sign-in' ? [effect] : [],
    );
  assert.equal(ask?.bytes, text);
  for (const { value } of rig.register.kept.values()) {
    assert.not.match(bytesToHex(value), bytesToHex(utf8ToBytes('salt')));
  }
  const long = { ...offered, bytes: new Uint8Array(1025), was: text };
  assert.is(codeOf(only(one.operate(long), 'answer').outcome), 'site-too-much');
  // Another site's secret opens nothing.
  rig.register.write('secret', new Uint8Array(32).fill(8));
  const third = new SiteMember(rig.register, 7, {});
  third.now = one.now;
  const told = third.pass(2000).filter(({ kind }) => kind === 'take-shared');
  assert.equal(
    told.filter((effect) => effect.kind === 'take-shared' && effect.what === 'sign-in'),
    [],
  );
});

/** `undefined` while the register has not answered. */
const offerPasswords = (member: SiteMember, size: number): Outcome | undefined => {
  const [bytes, was] = [new Uint8Array(size), new Uint8Array()];
  const operation = { kind: 'shared-offer', what: 'sign-in', bytes, was, who: '' } as const;
  const answers = member.operate(operation).filter((effect) => effect.kind === 'answer');
  return answers[0]?.outcome;
};

charter(
  'passwords that are set before the agent is a member wait, and have a length of their own',
  () => {
    const rig = new SiteRig(2, {});
    const [member, never] = [rig.member(0), rig.member(1)];
    assert.is(offerPasswords(member, 500), undefined);
    const told = rig.pass(500, [member]);
    assert.equal(answersIn(told), ['shared-offer']);
    const long = offerPasswords(member, 1025);
    assert.match(long ? detailOf(long) : '', /keeps 1024 bytes of passwords/);
    never.isCut = true;
    assert.is(offerPasswords(never, 500), undefined);
    assert.equal(answersIn(rig.pass(2500, [never])), []);
    const late = only(rig.pass(1000, [never]), 'answer').outcome;
    assert.match(detailOf(late), /is not a member of its site yet.*Try again in a moment/);
    assert.equal(answersIn(rig.pass(5000, [never])), []);
  },
);

charter('of two that found a site at once one takes the secret of the other', () => {
  const rig = new SiteRig(2, {});
  const secret = new Uint8Array(32).fill(8);
  // Somebody is faster, between its look and its joining.
  let isWritten = false;
  rig.register.deafTo = ({ writes }) => {
    if (!isWritten && writes.some(({ key }) => key === SECRET_KEY)) {
      isWritten = true;
      rig.register.write(SECRET_KEY, secret);
    }
    return false;
  };
  const told = rig.pass(2000);
  assert.ok(isWritten);
  assert.is(told.filter((one) => one.kind === 'note' && one.note.kind === 'site-joined').length, 2);
  assert.equal(rig.register.kept.get(SECRET_KEY)?.value, secret);
  const [one, other] = [rig.member(0), rig.member(1)];
  assert.is(offerPasswords(one, 20)?.kind, 'shared-offer');
  const taken = rig.pass(1000, [other]).filter(({ kind }) => kind === 'take-shared');
  assert.is(taken.length, 1);
});

charter(
  'who is about to tell the others of a longer term changes what is shared all the same',
  () => {
    const rig = found(2);
    const [one, other] = [rig.member(0), rig.member(1)];
    rig.register.deafTo = ({ writes }) => writes.some(({ key }) => key.startsWith(JOINED_PREFIX));
    one.add(makeLicense(2, { term: seconds(3600) }));
    rig.pass(1000);
    assert.is(offer(one, 'one', '').kind, 'shared-offer');
    rig.register.deafTo = () => false;
    assert.equal(asked(rig.pass(1000, [other])).map(textOf), ['one']);
  },
);

charter('who joins anew while a change is under way asks for it once more', () => {
  const rig = found(2);
  const [one, other] = [rig.member(0), rig.member(1)];
  rig.register.deafTo = ({ writes }) => writes.some(({ key }) => key.startsWith(JOINED_PREFIX));
  one.add(makeLicense(2, { term: seconds(3600) }));
  rig.pass(1000);
  let isUnderWay = false;
  rig.register.deafTo = ({ writes }) => {
    if (isUnderWay || !writes.some(({ key }) => key === 'shared/rules')) return false;
    isUnderWay = true;
    one.pass(1000);
    return false;
  };
  assert.is(offer(one, 'one', '').kind, 'shared-offer');
  assert.ok(isUnderWay);
  assert.equal(asked(rig.pass(1000, [other])).map(textOf), ['one']);
});

charter('who is found dead meanwhile asks for it once more when it has joined anew', () => {
  const rig = found(1);
  const one = rig.member(0);
  for (const [key, { value }] of rig.register.kept)
    if (key.startsWith(JOINED_PREFIX)) rig.register.write(key, value);
  assert.equal(answersIn(propose(one, 'one')), []);
  assert.equal(answersIn(rig.pass(1500)), ['shared-offer']);
});

charter.run();
