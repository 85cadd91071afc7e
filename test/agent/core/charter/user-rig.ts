/** Members of a site with a license for named users, and their administrators. */

import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import { noteToSentence } from '../../../../agent/core/notes.ts';
import type { Outcome, UserView } from '../../../../agent/core/operations.ts';
import type { RegisterAsk } from '../../../../agent/core/site/register.ts';
import { plainPool } from '../../../plain-license.ts';
import { SiteMember, SiteRig } from '../site/site-rig.ts';

export const TERMS = { type: 'named', counting: 'user', pools: [plainPool(100)] } as const;

/** The outcome, when what it writes is on the disk; `undefined`: it waits for something. */
export const ask = (member: SiteMember, ...words: Parameters<SiteMember['operate']>): Outcome => {
  const outcome = answerIn(settled(member, member.operate(...words)));
  assert.ok(outcome);
  return outcome;
};

/** With all that follows from the disk. */
export const settled = (member: SiteMember, first: readonly Effect[]): readonly Effect[] => {
  const effects = [...first];
  for (let last = effects; last.some(({ kind }) => kind === 'commit'); ) {
    last = [...member.settle(last)];
    effects.push(...last);
  }
  return effects;
};

export const answerIn = (effects: readonly Effect[]): Outcome | undefined => {
  const found = effects.find((effect) => effect.kind === 'answer');
  return found?.kind === 'answer' ? found.outcome : undefined;
};

export const assigning = (...users: readonly string[]) =>
  ({ kind: 'user-assign', product: null, class: 'generic', users }) as const;

export const recalling = (...users: readonly string[]) =>
  ({ kind: 'user-recall', product: null, class: 'generic', users, force: false }) as const;

export const assign = (member: SiteMember, ...users: readonly string[]): Outcome =>
  ask(member, assigning(...users));

export const recall = (member: SiteMember, ...users: readonly string[]): Outcome =>
  ask(member, recalling(...users));

export const viewsOf = (member: SiteMember): readonly UserView[] => {
  const outcome = ask(member, { kind: 'user-list', product: null });
  return outcome.kind === 'user-list' ? outcome.users : [];
};

export const usersOf = (member: SiteMember): string =>
  viewsOf(member)
    .map(({ user }) => user)
    .join(' ');

export const codeOf = (outcome: Outcome | undefined): string | undefined =>
  outcome?.kind === 'refused' ? outcome.code : outcome?.kind;

export const sentences = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'note' ? noteToSentence(effect.note) : []));

export const isOfUsers = ({ writes }: RegisterAsk): boolean =>
  writes.some(({ key }) => key === 'shared/users');

export const found = (count = 2): readonly [SiteRig, ...SiteMember[]] => {
  const rig = new SiteRig(count, TERMS);
  rig.pass(2000);
  return [rig, ...rig.members];
};

/** A member that has these users already, and has not joined yet. */
export const bringing = (rig: SiteRig, secret: number, ...users: readonly string[]): SiteMember => {
  const alone = new SiteRig(1, TERMS).member(0);
  alone.pass(1000);
  alone.now += 1000;
  const effects = settled(alone, alone.operate(assigning(...users)));
  const entries = writesIn(effects).flatMap(({ key, value }) =>
    value !== null && key.startsWith('user/') ? ([[key, value]] as const) : [],
  );
  assert.is(entries.length, users.length);
  const member = new SiteMember(rig.register, secret, TERMS);
  member.step({ kind: 'restored', entries });
  member.now = rig.member(0).now;
  return member;
};

export const writesIn = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.kind === 'commit' ? effect.writes : []));
