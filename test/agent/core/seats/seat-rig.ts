/** Clients that take seats from an agent on a bench, in few words. */

import type { Effect } from '../../../../agent/core/effects.ts';
import type { SeatView } from '../../../../agent/core/operations.ts';
import type { License } from '../../../../protocol/license.ts';
import type { Reply } from '../../../../protocol/replies.ts';
import type { SeatWish } from '../../../../protocol/requests.ts';
import { AgentRig, acquire, makeLicense, only, type RigClient } from '../agent-rig.ts';

/** What came of it, in one word. */
export const wordOf = (reply: Reply | undefined): string =>
  reply === undefined ? 'nothing' : reply.kind === 'refused' ? reply.code : reply.kind;

/** Asks and waits for the disk where the agent does. */
export const take = (
  rig: AgentRig,
  client: RigClient,
  id: number,
  terms: Partial<SeatWish> = {},
): Reply | undefined => {
  const effects = client.ask(acquire(id, terms.class ?? null, terms));
  const commits = effects.some(({ kind }) => kind === 'commit');
  return client.read(commits ? rig.settle(effects) : effects);
};

export const seatsOf = (rig: AgentRig): readonly SeatView[] => {
  const outcome = only(rig.operate({ kind: 'seat-list' }), 'answer').outcome;
  return outcome.kind === 'seat-list' ? outcome.seats : [];
};

const known = new WeakMap<AgentRig, Map<number, RigClient>>();

/** The same client for the same number: its datagrams are numbered on. */
export const clientOf = (rig: AgentRig, number: number): RigClient => {
  const clients = known.get(rig) ?? new Map<number, RigClient>();
  known.set(rig, clients);
  const client = clients.get(number) ?? rig.client(number);
  clients.set(number, client);
  return client;
};

/** A rig with licenses of these terms, numbered from 1. */
export const rigWith = (...licenses: readonly Partial<License>[]): AgentRig => {
  const rig = new AgentRig();
  rig.add(...licenses.map((terms, i) => makeLicense(i + 1, terms)));
  return rig;
};

/** Lets time pass on both clocks, and tells the agent. */
export const pass = (rig: AgentRig, time: number): readonly Effect[] => {
  rig.now += time * 1000;
  rig.wall += time;
  return rig.step({ kind: 'wake' });
};
