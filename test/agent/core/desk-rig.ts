/** An agent on a bench with a store: what an administrator asks is done to its end, and survives. */

import type { Effect } from '../../../agent/core/effects.ts';
import type { HostMark } from '../../../agent/core/host/host-mark.ts';
import type { CoreOperation, Outcome } from '../../../agent/core/operations.ts';
import type { Holder } from '../../../protocol/holder.ts';
import type { License } from '../../../protocol/license.ts';
import type { Reply } from '../../../protocol/replies.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import { ok } from '../../../protocol/result.ts';
import { AgentRig, ANN, acquire, armored, makeLicense, type RigClient } from './agent-rig.ts';
import { StoreModel } from './store-model.ts';

type OutcomeOf<K extends Outcome['kind']> = Extract<Outcome, { readonly kind: K }>;

export class DeskRig {
  readonly rig: AgentRig;
  readonly store: StoreModel;
  readonly #epoch: number;
  readonly #secret: number;
  #clients = 0;
  #ids = 0;

  /** `secret`: tells agents apart. */
  constructor(store = new StoreModel(), epoch = 1, secret = 2, marks: readonly HostMark[] = []) {
    this.store = store;
    this.#epoch = epoch;
    this.#secret = secret;
    this.rig = new AgentRig(epoch, [], 1000, 'new', secret, marks);
  }

  /** The agent that starts on what is in the store now. */
  restart(store = this.store, marks: readonly HostMark[] = []): DeskRig {
    const next = new DeskRig(store, this.#epoch + 1, this.#secret, marks);
    next.rig.wall = this.rig.wall;
    next.#clients = this.#clients;
    next.#ids = this.#ids;
    next.settle(next.rig.step({ kind: 'restored', entries: store.entries() }));
    next.settle(next.rig.step({ kind: 'wake' }));
    return next;
  }

  /** Has every commit among the effects written, and those that follow; all effects. */
  settle(effects: readonly Effect[]): readonly Effect[] {
    const all: Effect[] = [];
    const waiting = [...effects];
    for (let effect = waiting.shift(); effect !== undefined; effect = waiting.shift()) {
      all.push(effect);
      if (effect.kind !== 'commit') continue;
      this.store.write(effect.writes);
      waiting.push(...this.rig.step({ kind: 'committed', ticket: effect.ticket }));
    }
    return all;
  }

  /** The outcome of an operation, when all is on the disk. */
  ask(operation: CoreOperation): Outcome {
    return outcomeIn(this.settle(this.rig.operate(operation)));
  }

  /** The same, where it must be of its own kind. */
  done<K extends CoreOperation['kind'] & Outcome['kind']>(
    operation: Extract<CoreOperation, { readonly kind: K }>,
  ): OutcomeOf<K> {
    const outcome = this.ask(operation);
    if (outcome.kind !== operation.kind) throw new Error(JSON.stringify(outcome));
    return outcome as OutcomeOf<K>;
  }

  /** The code and the sentence by which an operation is refused. */
  refused(operation: CoreOperation): readonly [code: string, detail: string] {
    const outcome = this.ask(operation);
    if (outcome.kind !== 'refused') throw new Error(JSON.stringify(outcome));
    return [outcome.code, outcome.detail];
  }

  /** The outcome of an operation whose commit fails. */
  failing(operation: CoreOperation): Outcome {
    return outcomeIn(this.rig.fail(this.rig.operate(operation)));
  }

  license(number: number, terms: Partial<License>): string {
    const text = armored(makeLicense(number, terms));
    const { results } = this.done({ kind: 'license-add', text });
    return results[0]?.added?.id ?? '';
  }

  rules(text: string): Outcome {
    return this.ask({ kind: 'rules-apply', file: ok(text) });
  }

  client(): RigClient {
    return this.rig.client(++this.#clients);
  }

  /** What somebody who asks for a seat is told. */
  take(
    client: RigClient,
    holder: Partial<Holder>,
    terms: Partial<SeatWish> = {},
    wait = false,
  ): Reply | undefined {
    const wish = { ...terms, holder: { ...ANN, ...holder } };
    const request = acquire(++this.#ids, terms.class ?? null, wish, wait);
    return client.read(this.settle(client.ask(request)));
  }

  /** A new client takes a seat, or is told why not. */
  work(holder: Partial<Holder>, terms: Partial<SeatWish> = {}): string {
    return wordFor(this.take(this.client(), holder, terms));
  }

  release(client: RigClient): readonly Effect[] {
    return this.settle(client.ask({ kind: 'release', id: ++this.#ids }));
  }
}

/** A reply as its kind or, of a refusal, its code. */
export const wordFor = (reply: Reply | undefined): string => {
  if (reply === undefined) return 'nothing';
  return reply.kind === 'refused' ? reply.code : reply.kind;
};

const outcomeIn = (effects: readonly Effect[]): Outcome => {
  const [answer, more] = effects.filter((effect) => effect.kind === 'answer');
  if (answer === undefined || more !== undefined) throw new Error('not one answer');
  return answer.outcome;
};
