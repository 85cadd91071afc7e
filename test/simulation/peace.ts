/** Liveness: when everything works, everybody is answered, nobody loses a seat, none is wasted. */

import { queueGroup } from '../../agent/core/seats/queue-group.ts';
import type { SeatPool } from '../../agent/core/seats/seat-pool.ts';
import { equalBytes } from '../../protocol/bytes.ts';
import { refuseFeatures, refuseResource, refuseVersion } from '../../protocol/coverage.ts';
import { GENERIC_CLASS, type License } from '../../protocol/license.ts';
import { CALENDAR_TOLERANCE } from '../../protocol/proof.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { AgentHost } from './agent-host.ts';
import type { Application } from './application.ts';
import type { PromiseWatch } from './promise-watch.ts';
import type { PlannedAgent } from './swarm.ts';
import { stateToText } from './told.ts';
import { Violation } from './world.ts';

/** In peace every willing client has an answer within this many virtual milliseconds. */
export const ANSWER_WITHIN = 30_000;

/** `untrusted`: an expired license, by the client's calendar. */
const REASONED: ReadonlySet<string> = new Set(['refused', 'untrusted']);
/** What can be told to who still hopes. */
const HOPING: ReadonlySet<string> = new Set(['waiting', 'lost', 'ending', 'unreachable']);

/** A seat, a place in the line, a refusal with its reason, or a search that goes on by itself. */
export const demandAnswer = (application: Application, since: number): void => {
  if (application.holds) return;
  const { outcome } = application;
  if (outcome !== undefined && HOPING.has(outcome.state.kind)) return;
  const state = outcome !== undefined && outcome.at > since ? outcome.state : undefined;
  // Who has borrowed a seat holds it without the agent.
  if (state?.kind === 'borrowed') return;
  if (state?.kind === 'failed' && REASONED.has(state.failure.kind)) return;
  const told = state?.kind === 'failed' ? state.failure.kind : state?.kind;
  const detail = `${application.name} was told: ${told ?? 'nothing'}`;
  throw new Violation(`a willing client is answered in ${ANSWER_WITHIN / 1000} s`, detail);
};

/** Sessions that an agent has room for when it is never busy. */
const ROOMY = 1000;

interface Site {
  readonly agents: readonly AgentHost[];
  readonly plans: readonly PlannedAgent[];
  readonly applications: readonly Application[];
  readonly promises: PromiseWatch;
}

/** Nobody goes without a seat that could be lent, unless told since then that the one held is to end. */
export const demandNoWaste = (application: Application, site: Site, since: number): void => {
  const { outcome } = application;
  if (application.holds || outcome === undefined) return;
  const { wish, state } = outcome;
  // Just over, perhaps: it is about to look for another.
  if ((state.kind === 'ending' || state.kind === 'lost') && outcome.at > since) return;
  if (state.kind !== 'waiting' && isAwaited(wish, site)) return;
  site.agents.forEach((host, i) => {
    if (isBehind(application, host, site) || hasDeclined(application, host, site)) return;
    // A seat has come back since it was told, not long ago: it is about to ask again.
    if (outcome.at > since && site.promises.freedAt(host) >= outcome.at) return;
    // It may have no room for another session, or rules.
    if (!host.rules.isEmpty || (site.plans[i]?.idleSessionsMax ?? 0) < ROOMY) return;
    const free = freeFor(
      host,
      site.plans[i]?.licenses.map(({ license }) => license) ?? [],
      application,
      site,
    );
    if (free < wish.weight) return;
    const detail = `${application.name} wants ${wish.weight} and was told ${stateToText(state)}; ${host.name} has ${free}`;
    throw new Violation('in peace no seat stays free while somebody wants it', detail);
  });
};

/** Others stand before it in the line of this agent. */
const isBehind = ({ outcome, clientKey }: Application, host: AgentHost, site: Site): boolean => {
  const waiters = site.promises.inspection(host)?.waiters ?? [];
  const group = outcome && queueGroup(outcome.wish);
  const first = waiters.find((waiter) => waiter.group === group);
  return first !== undefined && !(clientKey && equalBytes(first.clientKey, clientKey));
};

/**
 * It was lent a seat by this agent and gave it back, by a calendar that somebody has set. What it was
 * told does not show that: of several agents' answers it is told the one that says most.
 */
const hasDeclined = (
  { outcome, wall }: Application,
  host: AgentHost,
  { promises }: Site,
): boolean => {
  if (outcome === undefined) return false;
  const { storeKey, seatlessSince } = outcome;
  const licenses = promises.grantedSince(host, storeKey, seatlessSince) ?? [];
  return licenses.some((license) => !isBelieved(license, wall));
};

/** Others wait for such a seat and come first. */
const isAwaited = (wish: SeatWish, { applications }: Site): boolean =>
  applications.some(
    ({ holds, outcome }) =>
      !holds && outcome?.state.kind === 'waiting' && queueGroup(outcome.wish) === queueGroup(wish),
  );

/** The most seats of licenses that count alike which this agent could lend for a wish. */
const freeFor = (
  host: AgentHost,
  licenses: readonly License[],
  { outcome, wall }: Application,
  { promises }: Site,
): number => {
  if (outcome === undefined) return 0;
  const { wish } = outcome;
  const truth = promises.truth(host);
  const pools = [...(host.agent?.pools() ?? [])];
  const free = new Map<string, number>();
  for (const license of licenses) {
    const covers =
      license.product === wish.product &&
      license.type === 'floating' &&
      // It may have begun with a seat that nobody heard of.
      license.trial === null &&
      truth.lendsNow(license) &&
      isInForce(license, wall) &&
      // Which resource an administrator has chosen is not known here.
      license.resource === null &&
      refuseResource(license, undefined, wish) === undefined &&
      refuseFeatures(license, new Set(), wish) === undefined &&
      refuseVersion(license, wish) === undefined;
    if (!covers) continue;
    const { counting } = license;
    const fits = (pool: SeatPool): boolean =>
      pool.licenseId === license.id && [wish.class, GENERIC_CLASS].includes(pool.class);
    const sum = pools.filter(fits).reduce((total, pool) => total + pool.free, 0);
    free.set(counting, (free.get(counting) ?? 0) + sum);
  }
  return Math.max(0, ...free.values());
};

/** Before a client that waits looks around again, in seconds. */
const LOOKS_WITHIN = 60;

/** By the client's own calendar, which somebody may have set: what it believes in for sure. */
const isInForce = ({ starts, expires }: License, wall: number): boolean =>
  starts <= wall - LOOKS_WITHIN && (expires === null || wall < expires);

/** The same as the client judges it, all the while since it looked around last. */
const isBelieved = ({ starts, expires }: License, wall: number): boolean =>
  starts <= wall - LOOKS_WITHIN + CALENDAR_TOLERANCE &&
  (expires === null || wall <= expires + CALENDAR_TOLERANCE);
