/** Watches who waits: in order, called in order, overtaken by nobody, and never for too long. */

import type { Inspection, WaiterSeen } from '../../agent/core/inspection.ts';
import { queueGroup } from '../../agent/core/seats/queue-group.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import { GENERIC_CLASS } from '../../protocol/license.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { AgentHost } from './agent-host.ts';
import { mayPass, type Wanting } from './kept-passing.ts';
import type { LicenseTruth } from './license-truth.ts';
import type { StepSeen } from './newcomers.ts';
import { Violation } from './world.ts';

/** A turn is told for 10 s and kept for 10 more; an agent may be late with what is due. */
const TURN_MS = 20_000;
const LATE_MS = 8000;

/** A waiter as it was seen, and since when it has had its turn by its agent's clock. */
interface Known extends WaiterSeen {
  readonly turnSince: number | undefined;
}

/** By session. */
type Waiters = ReadonlyMap<string, Known>;

/** What a session asked for last. */
type WishOf = (clientKey: string) => SeatWish | undefined;

type Order = Pick<WaiterSeen, 'priority' | 'sequence'>;

export class QueueWatch {
  readonly #truth: LicenseTruth;
  #last: Waiters = new Map();

  constructor(truth: LicenseTruth) {
    this.#truth = truth;
  }

  booted(): void {
    this.#last = new Map();
  }

  /** To be called after every step. */
  check(host: AgentHost, step: StepSeen, wishOf: WishOf): void {
    const { after, isRuled } = step;
    if (after.waiters.length === 0 && this.#last.size === 0) return;
    // By new rules turns are given anew.
    const last: Waiters = isRuled ? new Map() : this.#last;
    const waiters = look(after, last, host.host.mono());
    checkOrder(host, after);
    for (const [key, waiter] of waiters) {
      if (!last.has(key)) checkPriority(host, waiter, wishOf(key));
    }
    this.#checkNewcomers(host, step, wishOf);
    checkTurns(host, step.after, waiters, last, wishOf);
    this.#last = waiters;
  }

  /** Who gets a seat without having had a turn overtakes nobody who could have it. */
  #checkNewcomers(host: AgentHost, { newcomers, after }: StepSeen, wishOf: WishOf): void {
    const turns = new Set(
      after.waiters.flatMap(({ claim, clientKey }) =>
        claim === undefined ? [] : bytesToHex(clientKey),
      ),
    );
    for (const { name, wish, wanted, someone, claim } of newcomers) {
      const isSharing = claim.share !== undefined && claim.leases > 1;
      const own = this.#last.get(name);
      // Seats without a number are taken from nobody.
      const isFree = isSharing || this.#truth.isUnlimitedClaim(claim);
      if (turns.has(name) || isFree || own?.turnSince !== undefined) continue;
      const group = queueGroup(wish);
      // Who does not wait comes after all who do, of the same priority.
      const place: Order = own ?? {
        priority: host.rules.priority(someone, wanted),
        sequence: Number.POSITIVE_INFINITY,
      };
      for (const [other, waiter] of this.#last) {
        if (waiter.group !== group || waiter.turnSince !== undefined) continue;
        if (other === name || waiter.isYielding || !isBefore(waiter, place)) continue;
        const before = wantingOf(other, waiter, wishOf);
        const { address } = someone;
        if (before && mayPass(host.rules, after, { wish, address }, before)) continue;
        throw new Violation('nobody overtakes who waits', `${host.name}: ${name} before ${other}`);
      }
    }
  }
}

const wantingOf = (key: string, { address }: Known, wishOf: WishOf): Wanting | undefined => {
  const wish = wishOf(key);
  return wish && { wish, address };
};

/** Places of two lives of an agent may be the same one: neither is before the other. */
const isBefore = (one: Order, other: Order): boolean =>
  one.priority > other.priority ||
  (one.priority === other.priority && one.sequence < other.sequence);

const look = ({ waiters }: Inspection, last: Waiters, now: number): Waiters =>
  new Map(
    waiters.map((waiter) => {
      const key = bytesToHex(waiter.clientKey);
      const before = last.get(key);
      const since = before?.sequence === waiter.sequence ? before.turnSince : undefined;
      const turnSince = waiter.claim === undefined ? undefined : (since ?? now);
      return [key, { ...waiter, turnSince }];
    }),
  );

const checkOrder = ({ name }: AgentHost, { waiters }: Inspection): void => {
  for (let i = 1; i < waiters.length; i++) {
    const [before, waiter] = [waiters[i - 1], waiters[i]];
    if (before === undefined || waiter === undefined || !isBefore(waiter, before)) continue;
    const detail = `${name}: ${before.sequence} stands before ${waiter.sequence}`;
    throw new Violation('the queue is in order', detail);
  }
};

const checkPriority = (
  host: AgentHost,
  { address, priority, sequence }: Known,
  wish: SeatWish | undefined,
): void => {
  if (wish === undefined) return;
  const { product, class: className, holder } = wish;
  const wanted = { product, class: className ?? GENERIC_CLASS };
  const right = host.rules.priority({ ...holder, address }, wanted);
  if (priority === right) return;
  const detail = `${host.name}: ${sequence} waits with ${priority}, not ${right}`;
  throw new Violation('a priority is what the rules say', detail);
};

/** Turns are given in order, and kept for their time and no longer. */
const checkTurns = (
  host: AgentHost,
  after: Inspection,
  waiters: Waiters,
  last: Waiters,
  wishOf: WishOf,
): void => {
  const now = host.host.mono();
  for (const [key, waiter] of waiters) {
    if (waiter.turnSince === undefined) continue;
    if (now - waiter.turnSince > TURN_MS + LATE_MS) {
      throw new Violation('a turn that is not taken passes on', `${host.name}: ${key}`);
    }
    if (last.get(key)?.turnSince !== undefined) continue;
    for (const [other, before] of waiters) {
      const isWaiting =
        before.turnSince === undefined && before.group === waiter.group && !before.isYielding;
      if (!isWaiting || !isBefore(before, waiter)) continue;
      const [one, first] = [wantingOf(key, waiter, wishOf), wantingOf(other, before, wishOf)];
      if (one && first && mayPass(host.rules, after, one, first)) continue;
      throw new Violation('turns are given in order', `${host.name}: ${key} before ${other}`);
    }
  }
};
