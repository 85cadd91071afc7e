/**
 * This agent as a member of a site: keeps its word in the register alive, knows who else is there, and
 * sees to it that it has the seats that are asked for here. What it lends it lends by itself, from its
 * blocks, like any agent; the register is asked beside that.
 */

import type { Request } from '../../../protocol/requests.ts';
import { after, type Instant, instant, type Moment } from '../../../protocol/units.ts';
import type { Allocation } from '../seats/allocation.ts';
import type { Acquire } from '../seats/lending.ts';
import type { Hearing } from '../sessions/speaker.ts';
import type { Situation } from '../situation.ts';
import { earlier } from '../wake-times.ts';
import { Adoption } from './adoption.ts';
import { endOver, strikeMoved } from './comeback.ts';
import type { Counter } from './counter.ts';
import { DeadCards } from './dead-cards.ts';
import { Deaths } from './deaths.ts';
import { demandOf, mayCome } from './demand.ts';
import { LoanDesk } from './loan-desk.ts';
import { Membership, type Reading } from './membership.ts';
import { MeterShares } from './meter-shares.ts';
import { ownCard } from './own-card.ts';
import { Parking } from './parking.ts';
import type { RegisterAnswer } from './register.ts';
import { POOL_PREFIX } from './site-keys.ts';
import { obstacleOf, type SiteLook } from './site-obstacle.ts';
import type { SiteParts } from './site-parts.ts';
import { SiteStanding } from './site-standing.ts';
import type { SiteStandingView } from './site-standing-view.ts';
import { BEAT } from './site-times.ts';
import { Witness } from './witness.ts';

export class Site {
  readonly #parts: SiteParts;
  readonly #membership: Membership;
  readonly #parking: Parking;
  readonly adoption: Adoption;
  readonly #witness = new Witness();
  readonly loans: LoanDesk;
  readonly draws: MeterShares;
  readonly deadCards: DeadCards;
  readonly #deaths: Deaths;
  #beatAt: Instant = instant(Number.MIN_SAFE_INTEGER);
  #dueAt: Instant = instant(Number.MIN_SAFE_INTEGER);
  /** Something has happened since `keep`: else there is nothing to do before it is due. */
  #isStirred = false;
  /** Shares have changed, and pools are to be counted anew. */
  #isNews = false;
  /** Somebody has come for whom a seat is to be found. */
  #isEager = false;
  /** Leases that are over are to be struck before anything else is done. */
  #hasJoined = false;
  readonly #standing = new SiteStanding();

  constructor(parts: SiteParts) {
    const { me, calls, editions, secret, sessions } = parts;
    this.#parts = parts;
    this.#parking = new Parking(sessions);
    this.adoption = new Adoption(parts);
    this.loans = new LoanDesk(parts);
    this.draws = new MeterShares(parts);
    const witness = this.#witness;
    this.#deaths = new Deaths({ me, calls, witness, onHeard: () => this.#heardOfMembers() });
    this.#membership = new Membership({
      me,
      calls,
      editions,
      secret,
      card: (longest) => ownCard(parts, longest),
      mayJoin: (site, at) => this.#mayJoin(site, at),
      onAnswer: (answer, { mono }) => this.#standing.heard(answer, mono),
      onRead: (reading, { at }) => this.#learn(reading, at),
      onLost: () => this.#lost(),
    });
    calls.onBack = () => {
      editions.wentBack();
      this.#forget();
    };
    editions.onOther = () => this.#forget();
    const { draws } = this;
    this.deadCards = new DeadCards({ me, calls, witness, draws, membership: this.#membership });
  }

  /** Whether a request is met with silence, so that its client goes to another member. */
  isSilentTo(slot: number, { kind }: Request, at: Moment): boolean {
    const { moved } = this.#parts;
    switch (kind) {
      case 'renew':
        // Who has not heard yet that another has taken its lease over goes there.
        return !this.#mayRenew(at.mono) || moved.isGone(slot) || !this.loans.mayRenew(slot, at);
      case 'acquire':
      case 'probe':
      case 'borrow':
      case 'draw':
        return !this.mayGrant(at.mono);
      case 'release':
      case 'document':
      case 'resources':
        return false;
    }
  }

  /** Whether seats may be lent anew: nobody takes over meanwhile what was lent here. */
  mayGrant(now: Instant): boolean {
    return now < this.#membership.grantsUntil;
  }

  /** Whether what was lent may be renewed: nobody else lends its seats before that has ended. */
  #mayRenew(now: Instant): boolean {
    return now < this.#membership.renewsUntil;
  }

  /** How it stands with its site, for people. */
  standing(now: Instant): SiteStandingView {
    return this.#standing.view(now < this.#membership.heardUntil);
  }

  /** When there is something to do next, as `keep` has left it. */
  get due(): Instant {
    return this.#dueAt;
  }

  /** Whether pools are to be counted anew since this was asked last. */
  takeNews(): boolean {
    const isNews = this.#isNews;
    this.#isNews = false;
    return isNews;
  }

  answered(number: number, answer: RegisterAnswer, situation: Situation, counter: Counter): void {
    this.#isStirred = true;
    this.#parts.calls.answered(number, answer, situation);
    if (!this.#hasJoined) return;
    this.#hasJoined = false;
    strikeMoved(this.#parts, situation, counter);
  }

  /** Does what is due; most steps are renewals, which touch nothing of it. */
  keep(situation: Situation, counter: Counter): void {
    this.#membership.cover(this.#parts.blocks.longest);
    if (this.#parts.blocks.limits.takeJoined()) endOver(this.#parts, situation, counter);
    const now = situation.at.mono;
    const isStill = !this.#parts.calls.hasAsked && !this.loans.isWaiting && !this.draws.isEager;
    const isIdle = !this.#isStirred && isStill;
    if (now < this.#dueAt && isIdle) return;
    this.#isStirred = false;
    this.#work(situation, counter);
    const next = earlier(earlier(this.#parking.due, this.#deaths.due(now)), this.#parts.moved.due);
    this.#dueAt = next === undefined || next > this.#beatAt ? this.#beatAt : next;
  }

  /** And has those decided on who have waited for a seat of another member's. */
  #work(situation: Situation, counter: Counter): void {
    const { at, effects } = situation;
    if (this.adoption.end(at.mono)) this.#parts.lending.queueChanged();
    if (at.mono >= this.#beatAt) this.#beat(situation);
    else if (this.#isEager || this.draws.isEager) this.#plan(at);
    this.#isEager = false;
    this.#takeOver(at.mono);
    const { fence, heardUntil } = this.#membership;
    const isNews = this.loans.keep(situation, fence, counter.takeBack.bind(counter));
    this.#isNews ||= isNews;
    this.#parts.charter.keep(fence, heardUntil, situation);
    if (this.#witness.takeNews()) this.#standing.changed();
    effects.push(...this.#standing.news(at.mono < heardUntil, at.mono));
    effects.push(...this.#parts.calls.takeAsked());
    // Decided on once more, each waits on or is told.
    const isDue = this.#parking.size > 0 && (this.#parking.due ?? at.mono) <= at.mono;
    if (isDue) this.retry(situation, counter);
  }

  /** Has those decided on who wait for a seat of another member's. */
  retry({ at, host, effects }: Situation, counter: Counter): void {
    for (const { slot, request, hearing } of this.#parking.take(at.mono)) {
      // Later than that others may have taken over what was lent here: it grants nothing.
      if (!this.mayGrant(at.mono)) this.#parking.leave(slot);
      else counter.acquire(slot, request, { ...hearing, at, host, effects });
    }
  }

  /**
   * Whether an acquire waits for a moment: its lease, or a seat, may come from another member. Else
   * what it would be answered, where that was looked at.
   */
  postpones(slot: number, request: Acquire, hearing: Hearing): 'waits' | Allocation | undefined {
    const { at, host } = hearing;
    if (this.#parts.book.holds(slot)) return undefined;
    if (this.adoption.isHere(slot, request)) {
      this.#parking.leave(slot);
      return undefined;
    }
    if (this.adoption.awaits(slot, request, this.#witness)) {
      this.#isStirred = true;
      if (this.#parking.hold(slot, request, hearing, 'move')) return 'waits';
    }
    if (request.wait) return undefined;
    const { wish } = request;
    const allocation = this.#parts.lending.propose(slot, wish, at, host);
    if (allocation.kind !== 'refused' || !mayCome(this.#parts, { slot, wish }, allocation)) {
      this.#parking.leave(slot);
      return allocation;
    }
    const { licenses } = allocation;
    if (!this.#parking.hold(slot, request, hearing, 'seat', licenses)) return allocation;
    this.#isStirred = true;
    this.#isEager = true;
    return 'waits';
  }

  #takeOver(now: Instant): void {
    const { fence } = this.#membership;
    if (fence === undefined) return;
    this.#deaths.find(fence, now);
    this.adoption.ask(fence, () => {
      this.#isNews = true;
    });
  }

  /** Who waits for a member's death may have waited long enough. */
  #heardOfMembers(): void {
    this.#parts.blocks.reserves.forgetOthers(this.#witness.joined);
    this.#isNews ||= this.#parking.size > 0;
  }

  #beat(situation: Situation): void {
    const { at } = situation;
    this.#beatAt = after(at.mono, BEAT);
    this.#membership.beat(at);
    if (this.#membership.fence !== undefined) this.#parts.editions.keep(situation);
    this.#parts.blocks.beat();
    this.adoption.beat();
    this.loans.beat();
    this.draws.beat();
    this.#plan(at);
  }

  #mayJoin(site: Omit<SiteLook, 'isCounted'>, at: Moment): boolean {
    const { book, children, charter } = this.#parts;
    const isCounted = site.isReadable && this.loans.bring(at);
    const isKnown = charter.looks(site.isKnown);
    return this.#standing.looks(obstacleOf(book, children, { ...site, isKnown, isCounted }));
  }

  #learn(reading: Reading, at: Moment): void {
    const { entries, isAll } = reading;
    if (isAll) this.#parts.charter.joins();
    this.loans.learn(entries, isAll, at);
    this.draws.learn(entries, isAll);
    this.#witness.learn(entries, reading.revision, at.mono);
    this.#heardOfMembers();
    this.adoption.learnSecret(entries);
    this.#parts.editions.learnSecret(entries);
    this.#parts.charter.learn(entries, isAll);
    this.#isNews = this.#parts.blocks.learn(reading, isAll, at.mono) || this.#isNews;
    this.#parts.blocks.reserves.look(this.#witness.joined);
    this.#hasJoined = isAll;
    if (entries.some(({ key }) => key.startsWith(POOL_PREFIX))) this.#standing.changed();
    // Somebody may want what is idle here: it is given at once.
    this.#isEager ||= this.#isNews;
  }

  #lost(): void {
    this.#parts.blocks.forget();
    this.draws.forget();
    this.#isNews = true;
  }

  /** What is known of the register is of another one: nothing is lent before this one is known. */
  #forget(): void {
    const { editions, blocks } = this.#parts;
    editions.cover(this.#witness.longest);
    editions.cover(this.#membership.longest);
    const all = [this.#membership, this.#witness, this.adoption, this.loans, this.draws, blocks];
    for (const one of all) one.forgetAll();
    this.#isNews = true;
  }

  #plan({ mono, wall }: Moment): void {
    const { blocks, shelf } = this.#parts;
    const { fence } = this.#membership;
    if (fence === undefined) return;
    const { members: alive } = this.#witness;
    this.draws.plan(fence, alive, mono);
    const surroundings = { fence, alive, gone: this.#witness.gone(mono) };
    const pools = [...shelf.pools()].filter(({ licenseId }) => !shelf.isNamed(licenseId));
    const demand = demandOf(this.#parts, this.#parking.waiting(), wall);
    blocks.plan(pools, surroundings, demand, mono, (isNews) => {
      this.#isNews ||= isNews;
      this.#isEager ||= blocks.takeOvertaken() || this.#parking.size > 0;
    });
  }
}
