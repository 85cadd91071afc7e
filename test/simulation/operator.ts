/** A simulated administrator of one agent, who asks and changes things at odd moments. */

import type { Outcome } from '../../agent/core/operations.ts';
import { leaseId } from '../../protocol/ids.ts';
import { GENERIC_CLASS } from '../../protocol/license.ts';
import type { AgentHost } from './agent-host.ts';
import { type PlannedLicense, RESOURCES } from './licenses.ts';
import type { MeterWatch } from './meter-watch.ts';
import type { PromiseWatch } from './promise-watch.ts';
import type { Random } from './random.ts';
import { drawRulesFile, NO_RULES_FILE } from './rules-text.ts';
import type { SeatWatch } from './seat-watch.ts';
import type { Plan } from './swarm.ts';
import type { WireWatch } from './wire-watch.ts';
import { Violation, type World } from './world.ts';

/** How late an agent may be with what is due: its timer, and the longest stall. */
const SLACK = 8000;
/** A waiter that is silent for longer is forgotten. */
const WAITER_MS = 25_000;

export interface OperatorParts {
  readonly world: World;
  readonly agent: AgentHost;
  readonly plan: Plan;
  readonly licenses: readonly PlannedLicense[];
  readonly random: Random;
  readonly wire: WireWatch;
  readonly seats: SeatWatch;
  readonly promises: PromiseWatch;
  readonly meters: MeterWatch;
}

export class Operator {
  readonly #parts: OperatorParts;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  /** Gives the agent some of the licenses that it should have. */
  addSome(): void {
    const { licenses, random } = this.#parts;
    this.#add(licenses.filter((_, i) => i === 0 || random.chance(0.6)));
  }

  /** Gives the agent all of them; those it has are refused as duplicates. */
  addAll(): void {
    this.#add(this.#parts.licenses);
  }

  #add(licenses: readonly PlannedLicense[]): void {
    const text = licenses.map((license) => license.text).join('\n');
    this.#parts.agent.operate({ kind: 'license-add', text }, () => {});
  }

  /** Does one thing of several that administrators do. */
  meddle(): void {
    const { agent, random, licenses } = this.#parts;
    // Nobody gets through to a computer that sleeps.
    if (agent.host.isAsleep) return;
    if (random.chance(0.4)) return this.#govern();
    const license = random.pick(licenses);
    switch (random.whole(0, 6)) {
      case 0:
        return agent.operate({ kind: 'status' }, () => {});
      case 1:
        return this.#disconnect();
      case 2:
        if (license !== undefined) this.#removeForAWhile(license);
        return;
      case 3:
        if (license !== undefined) this.#add([license]);
        return;
      case 4:
        if (license !== undefined)
          agent.operate({ kind: 'license-show', id: license.id }, () => {});
        return;
      default:
        return this.audit();
    }
  }

  /** Changes who may have what. */
  #govern(): void {
    const { agent, random, plan, licenses } = this.#parts;
    const product = random.pick(plan.clauses.products);
    const user = random.pick(plan.users);
    const className = random.pick([
      GENERIC_CLASS,
      GENERIC_CLASS,
      'developer',
      'execution',
    ] as const);
    const named = { product, class: className, users: [user] };
    const [name, license] = [random.pick(RESOURCES), random.pick(licenses)?.id ?? ''];
    switch (random.whole(0, 8)) {
      case 0:
        return agent.operate({ kind: 'user-assign', ...named }, () => {});
      case 1:
        return agent.operate({ kind: 'user-recall', ...named, force: false }, () => {});
      case 2:
        return agent.operate({ kind: 'resource-remove', name }, () => {});
      case 3:
        return agent.operate({ kind: 'resource-add', names: [name], customer: null }, () => {});
      case 4:
        return agent.operate(
          { kind: 'resource-activate', name, license, customer: null },
          () => {},
        );
      case 5:
        return agent.operate({ kind: 'clock-reset' }, () => {});
      case 6:
        return agent.operate({ kind: 'seat-queue' }, () => {});
      default:
        return this.#rule();
    }
  }

  #rule(): void {
    const { agent, random, plan } = this.#parts;
    if (!plan.isRuled) return;
    agent.rulesFile = drawRulesFile(random, plan);
    agent.applyRules();
  }

  /** Makes sure that rules which cannot be read hold up nothing. */
  calm(): void {
    const { agent, random } = this.#parts;
    if (random.chance(0.7) || agent.rulesFile.rules === undefined) agent.rulesFile = NO_RULES_FILE;
    agent.applyRules();
    this.addAll();
  }

  /** Looks through seats, waiters and meters for what should not be there. */
  audit(then: (outcome: Extract<Outcome, { kind: 'seat-list' }>) => void = () => {}): void {
    const { agent, seats, wire, world, meters } = this.#parts;
    agent.operate({ kind: 'license-list' }, (outcome) => {
      if (outcome.kind === 'license-list') meters.checkShown(agent, outcome.licenses);
    });
    agent.operate({ kind: 'seat-list' }, (outcome) => {
      if (outcome.kind !== 'seat-list') throw new Violation('a list is a list', outcome.kind);
      const lastHeard = (lease: (typeof outcome.seats)[number]['id']): number =>
        wire.lastHeard(agent, lease);
      seats.checkSeatsComeBack(agent, outcome.seats, lastHeard, world.now, SLACK);
      this.#checkWaiters();
      then(outcome);
    });
  }

  #checkWaiters(): void {
    const { agent, promises, wire, world } = this.#parts;
    for (const { clientKey, claim } of promises.inspection(agent)?.waiters ?? []) {
      const silence = world.now - wire.lastHeard(agent, leaseId(clientKey));
      // Whose turn it is may be silent for as long as that lasts.
      const most = claim === undefined ? WAITER_MS : 2 * WAITER_MS;
      if (silence <= most) continue;
      const detail = `${agent.name}: ${leaseId(clientKey)}, silent for ${Math.round(silence)} ms`;
      throw new Violation('a vanished waiter is forgotten', detail);
    }
  }

  #disconnect(): void {
    const { agent, random } = this.#parts;
    this.audit((list) => {
      const id = random.pick(list.seats)?.id;
      if (id === undefined) return;
      agent.operate({ kind: 'seat-disconnect', id, force: false }, () => {});
    });
  }

  #removeForAWhile(license: PlannedLicense): void {
    const { agent, random, world } = this.#parts;
    agent.operate({ kind: 'license-remove', id: license.id }, () => {});
    world.in(random.skewed(0.1, 20_000), () => this.#add([license]));
  }
}
