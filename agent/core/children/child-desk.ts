/** Does what an administrator asks of child licenses. */

import { armor } from '../../../protocol/armor.ts';
import { concatBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import { readCarriedCalls } from '../../../protocol/carried-calls.ts';
import type { ChildState } from '../../../protocol/child-license.ts';
import { foldCase } from '../../../protocol/fold-case.ts';
import { type LicenseId, licenseId } from '../../../protocol/ids.ts';
import { LICENSE_ID_SIZE } from '../../../protocol/limits.ts';
import type { KeyPair } from '../../../protocol/primitives.ts';
import { unreachable } from '../../../protocol/result.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { Change, ChangeQueue } from '../change-queue.ts';
import { findLicense } from '../licenses/license-desk.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import { type Outcome, refuseOperation } from '../operations.ts';
import type { Allowance } from '../seats/allowance.ts';
import type { Situation } from '../situation.ts';
import { utcDay } from '../utc-day.ts';
import type { ChildCounter } from './child-counter.ts';
import { countChildren, findLack } from './child-headroom.ts';
import type { Made } from './child-maker.ts';
import type { ChildOperation, ChildOutcomes } from './child-operations.ts';
import { type ChildRecord, childKey, childWrite, readChildRecord } from './child-record.ts';
import { findChild, refuseMaking, refuseRemoved } from './child-refusals.ts';
import { termsOfChange, termsOfWish } from './child-terms.ts';
import { type ChildViewParts, viewChild } from './child-view.ts';

export interface ChildDeskParts extends ChildViewParts {
  readonly childCounter: ChildCounter;
  readonly allowance: Allowance;
  readonly changes: ChangeQueue;
  /** Random bytes of this start. */
  readonly epoch: Uint8Array;
  readonly signingKeys: KeyPair;
}

type Create = Extract<ChildOperation, { kind: 'child-create' }>;
type Update = Extract<ChildOperation, { kind: 'child-update' }>;
type Changed = 'child-update' | 'child-suspend' | 'child-resume' | 'child-remove';

/** Child licenses that one agent keeps, those that were removed and are not over included. */
const RECORDS_MAX = 4096;

export class ChildDesk {
  readonly #parts: ChildDeskParts;
  #made = 0;

  constructor(parts: ChildDeskParts) {
    this.#parts = parts;
  }

  /** The outcome, or `undefined` when it is among the effects after a commit. */
  perform(number: number, operation: ChildOperation, situation: Situation): Outcome | undefined {
    const { changes, children } = this.#parts;
    switch (operation.kind) {
      case 'child-list': {
        const views = [...children.all()].map((one) =>
          viewChild(this.#parts, one, situation.at.wall),
        );
        return { kind: 'child-list', children: views };
      }
      case 'child-show': {
        const found = findChild(children, operation.id);
        if (!found.ok) return found.error;
        return {
          kind: operation.kind,
          child: viewChild(this.#parts, found.value, situation.at.wall),
        };
      }
      case 'child-create':
        return changes.make(number, (later) => this.#create(operation, later), situation);
      case 'child-update':
        return changes.make(number, (later) => this.#update(operation, later), situation);
      case 'child-suspend':
        return this.#turn(number, operation, 'suspended', situation);
      case 'child-resume':
        return this.#turn(number, operation, 'active', situation);
      case 'child-remove':
        return this.#turn(number, operation, 'removed', situation);
      case 'child-block':
        return changes.make(number, (later) => this.#block(operation.id, later), situation);
      case 'child-answer':
        return changes.make(number, (later) => this.#answer(operation.text, later), situation);
      default:
        return unreachable(operation);
    }
  }

  #create({ license, account, wish }: Create, { at }: Situation): Change | Outcome {
    const { shelf, maker, primitives } = this.#parts;
    const found = findLicense(shelf, license);
    if (!found.ok) return found.error;
    const shelved = found.value;
    const forbidden = this.#forbids(shelved, account);
    if (forbidden !== undefined) return forbidden;
    const terms = termsOfWish(account, wish, shelved, primitives);
    if (!terms.ok) return refuseOperation('child-terms', terms.error);
    const record: ChildRecord = {
      id: this.#newId(),
      of: shelved.license.id,
      product: shelved.license.product,
      terms: terms.value,
      silent: wish.silent,
      state: 'active',
      created: at.wall,
      caller: null,
      seen: null,
      number: 0,
      changed: 0,
      taken: 0,
      promises: [],
    };
    const refused = this.#refuseSeats(shelved, undefined, record, at.wall);
    if (refused !== undefined) return refused;
    const made = maker.make(record, at.wall);
    if (!made.ok) return refuseMaking(made.error);
    return this.#speak('child-create', record.id, undefined, made.value, at.wall);
  }

  /** Why no child of this name may be made of a license. */
  #forbids({ license }: ShelvedLicense, account: string): Outcome | undefined {
    const { children } = this.#parts;
    if (license.children === null) {
      return refuseOperation(
        'children-forbidden',
        'The license allows its agent no child licenses.',
      );
    }
    const { most } = license.children;
    if (countChildren(this.#parts, license.id) >= most) {
      return refuseOperation('children-forbidden', `The license allows ${most} child licenses.`);
    }
    if (children.size >= RECORDS_MAX) {
      return refuseOperation('too-many', `An agent keeps ${RECORDS_MAX} child licenses.`);
    }
    const isTaken = [...children.all()].some(
      ({ terms, state }) => state !== 'removed' && foldCase(terms.account) === foldCase(account),
    );
    return isTaken
      ? refuseOperation('exists', `There is a child named ${account} already.`)
      : undefined;
  }

  /** No two are alike, on this agent or another, in this start or a later one. */
  #newId(): LicenseId {
    const { epoch, primitives, signingKeys } = this.#parts;
    const number = utf8ToBytes(`usher child ${++this.#made} `);
    return licenseId(
      primitives
        .sha512(concatBytes(number, epoch, signingKeys.publicKey))
        .slice(0, LICENSE_ID_SIZE),
    );
  }

  #refuseSeats(
    shelved: ShelvedLicense,
    before: ChildRecord | undefined,
    after: ChildRecord,
    wall: EpochSeconds,
  ): Outcome | undefined {
    const { shelf, children } = this.#parts;
    const others = [...children.all()].filter(({ id }) => id !== after.id);
    const all = (): Iterable<ChildRecord> => [...others, after];
    const lack = findLack({ shelf, children: { all } }, shelved, before, after, wall);
    if (lack === undefined) return undefined;
    const seats = `${lack.missing} ${lack.missing === 1 ? 'seat' : 'seats'} of class ${lack.class}`;
    return refuseOperation(
      'too-few-seats',
      lack.at === null
        ? `${seats} too many: so many are in use here. Take them back first, or wait.`
        : `${seats} too many, beginning ${utcDay(lack.at)}.`,
    );
  }

  #update({ id, change }: Update, { at }: Situation): Change | Outcome {
    const { shelf, children } = this.#parts;
    const found = findChild(children, id);
    if (!found.ok) return found.error;
    const before = found.value;
    if (before.state === 'removed') return refuseRemoved();
    const shelved = shelf.get(shelf.heirOf(before.of));
    if (shelved === undefined) return refuseMaking('no-license');
    const terms = termsOfChange(before.terms, change, before.silent, shelved);
    if (!terms.ok) return refuseOperation('child-terms', terms.error);
    const after = { ...before, terms: terms.value, changed: before.number };
    const refused = this.#refuseSeats(shelved, before, after, at.wall);
    if (refused !== undefined) return refused;
    return this.#want('child-update', before, after);
  }

  #turn(
    number: number,
    { kind, id }: { readonly kind: Changed; readonly id: string },
    state: ChildState,
    situation: Situation,
  ): Outcome | undefined {
    const decide = ({ at }: Situation): Change | Outcome => {
      const { shelf, children } = this.#parts;
      const found = findChild(children, id);
      if (!found.ok) return found.error;
      const before = found.value;
      if (before.state === 'removed') return refuseRemoved();
      const after = { ...before, state, changed: before.number };
      const shelved = shelf.get(shelf.heirOf(before.of));
      const refused = shelved && this.#refuseSeats(shelved, before, after, at.wall);
      return refused ?? this.#want(kind, before, after);
    };
    return this.#parts.changes.make(number, decide, situation);
  }

  /** It counts from now on; it is answered when it is on the disk. */
  #want(kind: Changed, before: ChildRecord, after: ChildRecord): Change | Outcome {
    const { children, allowance } = this.#parts;
    const write = childWrite(after);
    if (write.value === null || readChildRecord(write.key, write.value) === undefined) {
      return refuseOperation('child-terms', 'That is more than one child license can say.');
    }
    children.put(after);
    allowance.changed();
    return {
      kind: 'change',
      writes: [write],
      onFailure: [childWrite(before)],
      apply: ({ at }) => ({ kind, child: viewChild(this.#parts, after, at.wall) }),
      drop: () => {
        // The child may have called meanwhile: what it was promised stays.
        const { terms, state } = before;
        children.put({ ...(children.get(after.id) ?? before), terms, state });
        allowance.changed();
      },
    };
  }

  #block(id: string, { at }: Situation): Change | Outcome {
    const { children, maker } = this.#parts;
    const found = findChild(children, id);
    if (!found.ok) return found.error;
    const made = maker.make(found.value, at.wall);
    if (!made.ok) return refuseMaking(made.error);
    return this.#speak('child-block', found.value.id, found.value, made.value, at.wall);
  }

  /** A document is made: it is given out when the promise is on the disk. */
  #speak(
    kind: 'child-create' | 'child-block',
    id: LicenseId,
    before: ChildRecord | undefined,
    { record, proof }: Made,
    wall: EpochSeconds,
  ): Change {
    const { children, allowance, primitives } = this.#parts;
    const over = children.removedAndOver(wall);
    for (const { id: gone } of over) children.remove(gone);
    children.put(record);
    allowance.changed();
    return {
      kind: 'change',
      writes: [
        childWrite(record),
        ...over.map(({ id: gone }) => ({ key: childKey(gone), value: null })),
      ],
      onFailure: [before === undefined ? { key: childKey(id), value: null } : childWrite(before)],
      apply: ({ at }): ChildOutcomes => ({
        kind,
        child: viewChild(this.#parts, record, at.wall),
        text: armor('child', proof, primitives),
      }),
      drop: () => {
        // A promise that nobody has heard does no harm.
        if (before === undefined && children.get(id) === record) children.remove(id);
        allowance.changed();
      },
    };
  }

  #answer(text: string, situation: Situation): Change | Outcome {
    const { childCounter, primitives } = this.#parts;
    const calls = readCarriedCalls(text, primitives);
    if (calls === undefined) {
      return refuseOperation(
        'bad-call',
        'A block in the text was damaged on the way, or a receipt has no request.',
      );
    }
    if (calls.length === 0) return refuseOperation('bad-call', 'There is no request in the text.');
    const answers = [];
    for (const one of calls) {
      const answer = childCounter.decide(one, situation);
      if (!answer.ok) return refuseOperation('bad-call', answer.error.sentence);
      answers.push(answer.value);
    }
    const responses = answers.map(({ bytes }) => armor('response', bytes, primitives)).join('\n');
    const refusals = answers.flatMap((answer) => answer.refusals);
    const writes = answers.flatMap((answer) => answer.writes);
    const outcome = { kind: 'child-answer', text: responses, refusals } as const;
    // What is promised counts already, and is on the disk before it is answered.
    return { kind: 'change', writes, onFailure: writes, apply: () => outcome };
  }
}
