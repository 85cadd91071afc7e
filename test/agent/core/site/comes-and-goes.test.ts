/** An agent that is a member, then by itself, then a member again, of this site or another. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import { noteToSentence } from '../../../../agent/core/notes.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, only, RigClient } from '../agent-rig.ts';
import { DeskRig } from '../desk-rig.ts';
import { RegisterBench } from './register-bench.ts';
import { SiteMember } from './site-rig.ts';

const travels = suite('members that come and go');

const TERMS = { term: seconds(60), pools: [plainPool(4)] };

/** Time passes for a member, whose agent has the store of `desk`. */
const pass = (member: SiteMember, desk: DeskRig, milliseconds = 4000): readonly Effect[] => {
  const effects = member.pass(milliseconds);
  keep(desk, effects);
  return effects;
};

const keep = ({ store }: DeskRig, effects: readonly Effect[]): void => {
  for (const effect of effects) if (effect.kind === 'commit') store.write(effect.writes);
};

const obstaclesIn = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'note' && effect.note.kind === 'site-obstacle'
      ? [noteToSentence(effect.note)]
      : [],
  );

const productsOf = (member: SiteMember): readonly string[] => {
  const { outcome } = only(member.operate({ kind: 'license-list' }), 'answer');
  assert.ok(outcome.kind === 'license-list');
  return outcome.licenses.map(({ product }) => product).filter((one) => one !== 'unasked');
};

/** An agent with this license, that has become a member and is by itself again. */
const wasMember = (register: RegisterBench, product = 'acme-cad'): DeskRig => {
  const desk = new DeskRig();
  desk.license(2, { ...TERMS, product });
  pass(SiteMember.of(desk, register, 2), desk);
  return desk;
};

travels('who was a member when it ran last joins at once with what it has lent', () => {
  const register = new RegisterBench();
  const desk = wasMember(register);
  const member = SiteMember.of(desk, register, 2);
  pass(member, desk);
  const effects = new RigClient(member, 9).ask(acquire(1));
  keep(desk, effects);
  member.settle(effects);
  const again = SiteMember.of(desk, register, 2);
  assert.is(again.agent.leaseCount, 1);
  assert.equal(obstaclesIn(again.pass(2000)), []);
});

travels('who has lent by itself since joins when that has ended', () => {
  const register = new RegisterBench();
  const alone = wasMember(register).restart();
  assert.is(alone.work({}), 'granted');
  const again = SiteMember.of(alone, register, 2);
  assert.match(obstaclesIn(again.pass(2000))[0] ?? '', /when the leases have ended/);
  const joined = [...register.kept].find(([key]) => key.startsWith('joined/'));
  pass(again, alone, 70_000);
  const later = [...register.kept].find(([key]) => key.startsWith('joined/'));
  assert.ok((later?.[1].revision ?? 0) > (joined?.[1].revision ?? 0), 'it has joined then');
});

travels('what it removed by itself stays with the site, and comes back with it', () => {
  const register = new RegisterBench();
  const alone = wasMember(register).restart();
  const [first] = alone
    .done({ kind: 'license-list' })
    .licenses.filter(({ product }) => product === 'acme-cad');
  alone.done({ kind: 'license-remove', id: first?.id ?? '' });
  const again = SiteMember.of(alone, register, 2);
  pass(again, alone);
  assert.equal(productsOf(again), ['acme-cad']);
});

travels('what it had in common with one site it brings along to another', () => {
  const desk = wasMember(new RegisterBench(), 'of-the-one');
  const register = new RegisterBench();
  const other = new DeskRig(undefined, 1, 7);
  other.license(3, { ...TERMS, product: 'of-the-other' });
  pass(SiteMember.of(other, register, 7), other);
  const member = SiteMember.of(desk, register, 2);
  pass(member, desk);
  assert.equal([...productsOf(member)].sort(), ['of-the-one', 'of-the-other']);
});

travels.run();
