/** Does what an administrator asks: each desk what is its own. */

import { assert, unreachable } from '../../protocol/result.ts';
import { between } from '../../protocol/units.ts';
import { EmergencyDesk, type EmergencyDeskParts } from './activation/emergency-desk.ts';
import { ReturnDesk, type ReturnDeskParts } from './activation/return-desk.ts';
import type { Asked, ChangeQueue } from './change-queue.ts';
import type { Charter } from './charter/charter.ts';
import type { CharterOffer } from './charter/charter-operations.ts';
import type { LicenseCharter } from './charter/license-charter.ts';
import { ChildDesk, type ChildDeskParts } from './children/child-desk.ts';
import type { ChildOperation } from './children/child-operations.ts';
import { refuseInSite } from './children/child-refusals.ts';
import { ClockDesk, type ClockDeskParts } from './clock-desk.ts';
import type { Counters } from './counters.ts';
import { summarizeProduct } from './discovery/discovery.ts';
import type { Reach } from './discovery/reach.ts';
import type { TwinWatch } from './discovery/twin-watch.ts';
import type { HostKeeper } from './host/host-keeper.ts';
import type { EndingWatch } from './licenses/ending-watch.ts';
import { LicenseDesk, type LicenseDeskParts } from './licenses/license-desk.ts';
import { RestoreDesk, type RestoreDeskParts } from './licenses/restore-desk.ts';
import type { CoreOperation, Outcome, StatusView } from './operations.ts';
import type { Preferences } from './preferences.ts';
import { ResourceDesk, type ResourceDeskParts } from './resources/resource-desk.ts';
import { RulesDesk, type RulesDeskParts } from './rules/rules-desk.ts';
import { ExplainDesk, type ExplainDeskParts } from './seats/explain-desk.ts';
import type { LendingGate } from './seats/lending-gate.ts';
import { UserDesk, type UserDeskParts } from './seats/user-desk.ts';
import type { Site } from './site/site.ts';
import type { SiteDeaths, SiteForget } from './site/site-operations.ts';
import type { Situation } from './situation.ts';

export type OperatorParts = LicenseDeskParts &
  UserDeskParts &
  ResourceDeskParts &
  RulesDeskParts &
  Omit<ClockDeskParts, 'emergencyDesk'> &
  ChildDeskParts &
  EmergencyDeskParts &
  ReturnDeskParts &
  RestoreDeskParts &
  ExplainDeskParts & {
    /** Several agents share the seats as one site. */
    readonly isOfSite: boolean;
    readonly site: Pick<Site, 'standing' | 'deadCards'> | undefined;
    readonly charter: Charter | undefined;
    readonly licenseCharter: LicenseCharter | undefined;
    readonly endings: EndingWatch;
    readonly preferences: Preferences;
    readonly version: string;
    readonly changes: ChangeQueue;
    readonly gate: LendingGate;
    readonly counters: Counters;
    readonly hosts: HostKeeper;
    readonly twins: TwinWatch;
    readonly reach: Reach;
  };

export class Operator {
  readonly #parts: OperatorParts;
  readonly #licenses: LicenseDesk;
  readonly #emergencies: EmergencyDesk;
  readonly #returns: ReturnDesk;
  readonly #restores: RestoreDesk;
  readonly #users: UserDesk;
  readonly #resources: ResourceDesk;
  readonly #rules: RulesDesk;
  readonly #clock: ClockDesk;
  readonly #children: ChildDesk;
  readonly #explain: ExplainDesk;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
    this.#licenses = new LicenseDesk(parts);
    const emergencyDesk = new EmergencyDesk(parts);
    this.#emergencies = emergencyDesk;
    this.#returns = new ReturnDesk(parts);
    this.#restores = new RestoreDesk(parts);
    this.#users = new UserDesk(parts);
    this.#resources = new ResourceDesk(parts);
    this.#rules = new RulesDesk(parts);
    this.#clock = new ClockDesk({ ...parts, emergencyDesk });
    this.#children = new ChildDesk(parts);
    this.#explain = new ExplainDesk(parts);
  }

  /** Handles one operation; its answer is among the effects now or after a commit. */
  perform(asked: Asked, operation: CoreOperation, situation: Situation): void {
    const { number } = asked;
    const refused = this.#parts.licenseCharter?.refuses(operation, situation);
    const outcome = refused ?? this.#outcome(asked, operation, situation);
    if (outcome !== undefined) situation.effects.push({ kind: 'answer', number, outcome });
  }

  /** To be called when a change that waited for its commit has been answered. */
  changeEnded(situation: Situation): void {
    this.#parts.changes.ended(situation);
  }

  #outcome(asked: Asked, operation: CoreOperation, situation: Situation): Outcome | undefined {
    const { number } = asked;
    switch (operation.kind) {
      case 'status':
        return { kind: 'status', status: this.#status(situation) };
      case 'host-show':
        return { kind: 'host-show', host: this.#parts.hosts.view };
      case 'license-activate':
      case 'license-request':
      case 'license-response':
      case 'license-refresh':
        return this.#parts.activationDesk.perform(number, operation, situation);
      case 'license-emergency':
        return this.#emergencies.perform(number, operation.id, situation);
      case 'license-deactivate':
        return this.#returns.deactivate(number, operation, situation);
      case 'license-removed':
        return this.#restores.list(situation);
      case 'license-restore':
        return this.#restores.restore(number, operation.id, situation);
      case 'license-export':
      case 'license-add':
      case 'license-remove':
      case 'license-list':
      case 'license-show':
        return this.#licenses.perform(number, operation, situation);
      case 'seat-list':
      case 'seat-queue':
      case 'seat-disconnect':
        return this.#parts.seatDesk.perform(operation, situation);
      case 'user-list':
      case 'user-assign':
      case 'user-recall':
        return this.#users.perform(asked, operation, situation);
      case 'resource-list':
      case 'resource-add':
      case 'resource-activate':
      case 'resource-remove':
        return this.#resources.perform(asked, operation, situation);
      case 'rules-show':
      case 'rules-apply':
        return this.#rules.perform(operation, situation);
      case 'child-create':
      case 'child-list':
      case 'child-show':
      case 'child-update':
      case 'child-suspend':
      case 'child-resume':
      case 'child-remove':
      case 'child-block':
      case 'child-answer':
        return this.#child(number, operation, situation);
      case 'site-leave':
        this.#parts.licenseCharter?.leave(situation);
        this.#parts.userCharter?.leave();
        this.#parts.resourceCharter?.leave();
        return operation;
      case 'site-forget':
      case 'site-dead':
      case 'site-tell':
        return this.#ofDead(number, operation, situation);
      case 'shared-offer':
        return this.#offer(number, operation, situation);
      case 'clock-reset':
        return this.#clock.reset(number, situation);
      case 'explain':
        return this.#explain.perform(operation, situation);
      default:
        return unreachable(operation);
    }
  }

  #offer(number: number, offer: CharterOffer, situation: Situation): Outcome | undefined {
    const { charter } = this.#parts;
    assert(charter !== undefined, 'operator: who is of no site offers nothing to it');
    return charter.offer(offer, situation, (outcome, { effects }) => {
      effects.push({ kind: 'answer', number, outcome });
    });
  }

  #ofDead(
    number: number,
    operation: SiteForget | SiteDeaths,
    { at }: Situation,
  ): Outcome | undefined {
    const { site } = this.#parts;
    assert(site !== undefined, 'operator: who is of no site has no dead');
    return site.deadCards.perform(operation, at.mono, (outcome, { effects }) => {
      effects.push({ kind: 'answer', number, outcome });
    });
  }

  #child(number: number, operation: ChildOperation, situation: Situation): Outcome | undefined {
    const refused = this.#parts.isOfSite ? refuseInSite(operation) : undefined;
    return refused ?? this.#children.perform(number, operation, situation);
  }

  #status(situation: Situation): StatusView {
    const { at, host, storeTrouble } = situation;
    const { preferences, version, shelf, judge, book, sessions, counters, rules, gate } =
      this.#parts;
    const { hosts, twins, reach, site } = this.#parts;
    const products = [...shelf.products()].map((product) => {
      const { lent, total } = summarizeProduct({ shelf, judge }, product, at.wall, host);
      return { product, lent, seats: total };
    });
    return {
      name: preferences.now.name,
      version,
      host: host.verdict,
      hostIdentity: hosts.view.standing,
      twins: twins.addresses,
      masters: this.#parts.activationDesk.masters(),
      reach: reach.view,
      site: site?.standing(at.mono) ?? null,
      products,
      licenses: shelf.size,
      endings: this.#parts.endings.list(at.wall),
      leases: book.size,
      borrowed: book.borrowings.size,
      idle: book.idleTimes.count,
      waiting: this.#parts.queue.size,
      sessions: sessions.size,
      store: storeTrouble === null ? 'working' : 'failing',
      storeTrouble,
      holdsOff: gate.ends === undefined ? null : Math.ceil(between(at.mono, gate.ends) / 1000),
      clock: this.#clock.view(situation),
      rules: {
        count: rules.current.all.length,
        inForce: rules.inForce,
        lastGood: rules.lastGood,
        faults: rules.faults,
      },
      counters: counters.toRecord(),
    };
  }
}
