import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noteToSentence } from '../../../../agent/core/notes.ts';
import { FORMAT_KEY, JOINED_PREFIX, MEMBERS_MAX } from '../../../../agent/core/site/site-keys.ts';
import { pack } from '../../../../protocol/msgpack.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, only, RigClient } from '../agent-rig.ts';
import { call, startChild, startParent, wishOf } from '../children/family-rig.ts';
import { DeskRig } from '../desk-rig.ts';
import { wordOf } from '../seats/seat-rig.ts';
import { RegisterBench } from './register-bench.ts';
import { SiteMember, SiteRig } from './site-rig.ts';

const refusals = suite('site, what it refuses');

const TERMS = { term: seconds(60), pools: [plainPool(4)] };

const memberWith = (terms: object): SiteMember => {
  const rig = new SiteRig(1, { ...TERMS, ...terms });
  rig.pass(2000);
  return rig.member(0);
};

refusals('a member makes no child licenses', () => {
  const member = memberWith({ children: { most: 3, depth: 1 } });
  const wish = wishOf(1);
  const { outcome } = only(
    member.operate({ kind: 'child-create', license: '', account: 'ann', wish }),
    'answer',
  );
  assert.ok(outcome.kind === 'refused');
  assert.is(outcome.code, 'site-child');
});

const seatOf = (member: SiteMember): string => {
  const client = new RigClient(member, 9);
  return wordOf(client.read(client.ask(acquire(1))));
};

const obstaclesIn = (member: SiteMember): readonly string[] =>
  member
    .pass(2000)
    .flatMap((effect) =>
      effect.kind === 'note' && effect.note.kind === 'site-obstacle'
        ? [noteToSentence(effect.note)]
        : [],
    );

refusals('a child license lends nothing in a site', () => {
  const parent = startParent(10);
  const made = parent.done({
    kind: 'child-create',
    license: '',
    account: 'ann',
    wish: wishOf(3),
  });
  const child = startChild(made.text, 41);
  call(child, parent, 'license-activate');
  assert.is(child.work({}), 'granted');
  const { licenses } = child.done({ kind: 'license-list' });
  assert.is(licenses[0]?.refusal, null);
  const member = SiteMember.of(child, new RegisterBench(), 41);
  const { outcome } = only(member.operate({ kind: 'license-list' }), 'answer');
  assert.ok(outcome.kind === 'license-list');
  assert.is(outcome.licenses.find(({ id }) => id === licenses[0]?.id)?.refusal, 'site-child');
});

refusals('an agent with child licenses does not join', () => {
  const parent = startParent(10);
  parent.done({ kind: 'child-create', license: '', account: 'ann', wish: wishOf(3) });
  const member = SiteMember.of(parent, new RegisterBench(), 40);
  assert.match(obstaclesIn(member)[0] ?? '', 'its child licenses are removed and over');
  assert.throws(() => seatOf(member), 'no offer');
});

refusals('an agent that the site has never heard of joins when its leases have ended', () => {
  const desk = new DeskRig();
  desk.license(2, TERMS);
  assert.is(desk.work({}), 'granted');
  const register = new RegisterBench();
  const member = SiteMember.of(desk, register, 2);
  assert.match(obstaclesIn(member)[0] ?? '', 'when the leases have ended');
  assert.equal([...register.kept.keys()], []);
  member.pass(70_000);
  assert.is(seatOf(member), 'nothing');
  assert.ok([...register.kept.keys()].some((key) => key.startsWith('joined/')));
});

refusals('an agent does not join a site whose register is kept in another format', () => {
  const register = new RegisterBench();
  register.write(FORMAT_KEY, pack([2]));
  const desk = new DeskRig();
  desk.license(2, TERMS);
  const member = SiteMember.of(desk, register, 2);
  assert.match(obstaclesIn(member)[0] ?? '', 'Install the same version on all of them');
  assert.equal([...register.kept.keys()], [FORMAT_KEY]);
  assert.throws(() => seatOf(member), 'no offer');
});

refusals('a site has no more members than its records can name', () => {
  const register = new RegisterBench();
  const others = Array.from({ length: MEMBERS_MAX }, (_, i) => `${JOINED_PREFIX}${i}`);
  for (const key of others) register.write(key, new Uint8Array(0));
  const desk = new DeskRig();
  desk.license(2, TERMS);
  const member = SiteMember.of(desk, register, 2);
  assert.match(obstaclesIn(member)[0] ?? '', 'does not join its site, which has 32 members');
  register.write(others[0] ?? '', null);
  assert.equal(obstaclesIn(member), []);
  assert.is(seatOf(member), 'nothing');
});

refusals(
  'who joins first says in which format the register is kept, who joins later compares it',
  () => {
    const rig = new SiteRig(2, TERMS);
    rig.pass(3000);
    const format = rig.register.kept.get(FORMAT_KEY);
    assert.equal(format?.value, pack([1]));
    const joined = [...rig.register.kept.keys()].filter((key) => key.startsWith('joined/'));
    assert.is(joined.length, 2);
    rig.pass(3000);
    assert.is(rig.register.kept.get(FORMAT_KEY)?.revision, format?.revision);
  },
);

refusals.run();
