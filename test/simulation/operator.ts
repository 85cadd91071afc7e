/** A simulated administrator of one agent, who asks and changes things at odd moments. */

import type { Outcome } from '../../agent/core/operations.ts';
import type { AgentHost } from './agent-host.ts';
import type { Random } from './random.ts';
import type { SeatWatch } from './seat-watch.ts';
import type { PlannedLicense } from './swarm.ts';
import type { WireWatch } from './wire-watch.ts';
import { Violation, type World } from './world.ts';

/** How late an agent may be with what is due: its timer, and the longest stall. */
const SLACK = 8000;

export interface OperatorParts {
  readonly world: World;
  readonly agent: AgentHost;
  readonly licenses: readonly PlannedLicense[];
  readonly random: Random;
  readonly wire: WireWatch;
  readonly seats: SeatWatch;
}

export class Operator {
  readonly #parts: OperatorParts;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  /** Gives the agent every license that it should have; those it has are refused as duplicates. */
  addAll(): void {
    const text = this.#parts.licenses.map((license) => license.text).join('\n');
    this.#parts.agent.operate({ kind: 'license-add', text }, () => {});
  }

  /** Does one thing of several that administrators do. */
  meddle(): void {
    const { agent, random, licenses } = this.#parts;
    const license = random.pick(licenses);
    switch (random.whole(0, 5)) {
      case 0:
        return agent.operate({ kind: 'status' }, () => {});
      case 1:
        return agent.operate({ kind: 'license-list' }, () => {});
      case 2:
        return this.#disconnect();
      case 3:
        if (license !== undefined) this.#removeForAWhile(license);
        return;
      case 4:
        return this.addAll();
      default:
        return this.audit();
    }
  }

  /** Looks through the seats for one that should have come back. */
  audit(then: (outcome: Extract<Outcome, { kind: 'seat-list' }>) => void = () => {}): void {
    const { agent, seats, wire, world } = this.#parts;
    agent.operate({ kind: 'seat-list' }, (outcome) => {
      if (outcome.kind !== 'seat-list') throw new Violation('a list is a list', outcome.kind);
      const lastHeard = (lease: (typeof outcome.seats)[number]['id']): number =>
        wire.lastHeard(agent, lease);
      seats.checkSeatsComeBack(agent, outcome.seats, lastHeard, world.now, SLACK);
      then(outcome);
    });
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
    const add = (): void => agent.operate({ kind: 'license-add', text: license.text }, () => {});
    world.in(random.skewed(0.1, 20_000), add);
  }
}
