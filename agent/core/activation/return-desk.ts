/**
 * Gives licenses back, so that they can be active elsewhere: first nothing more is lent of one, then,
 * when nobody can believe any more that he holds a seat of it, its receipt is made.
 */

import { armor } from '../../../protocol/armor.ts';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { NONCE_SIZE } from '../../../protocol/limits.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { REFUSALS } from '../../../protocol/refusal.ts';
import { signReceipt } from '../../../protocol/return-receipt.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { between, type EpochSeconds, epochSeconds, type Moment } from '../../../protocol/units.ts';
import { type Change, type ChangeQueue, OWN_CHANGE } from '../change-queue.ts';
import { waysToActivate } from '../licenses/license-advice.ts';
import { findLicense } from '../licenses/license-desk.ts';
import type { LicenseShelf, ShelvedLicense } from '../licenses/license-shelf.ts';
import type { LicenseViewer } from '../licenses/license-viewer.ts';
import { type Outcome, refuseOperation } from '../operations.ts';
import type { Allowance } from '../seats/allowance.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { LendingGate } from '../seats/lending-gate.ts';
import type { Situation } from '../situation.ts';
import type { DeadlineHeap } from '../tables/deadline-heap.ts';
import type { ActivationDesk } from './activation-desk.ts';
import type { ActivationLedger } from './activation-ledger.ts';
import type { ActivationOperation, ActivationOutcome } from './activation-operations.ts';
import { type ActivationRecord, recordWrite } from './activation-record.ts';
import type { ActivationRequests, RequestPaper } from './activation-requests.ts';
import { needsNone } from './emergency-desk.ts';
import type { MasterCalls } from './master-calls.ts';

export interface ReturnDeskParts {
  readonly primitives: Primitives;
  /** The agent's Ed25519 keys. */
  readonly signingKeys: KeyPair;
  readonly shelf: LicenseShelf;
  readonly viewer: LicenseViewer;
  readonly activations: ActivationLedger;
  readonly allowance: Allowance;
  readonly changes: ChangeQueue;
  readonly book: LeaseBook;
  readonly deadlines: DeadlineHeap;
  readonly gate: LendingGate;
  readonly requests: ActivationRequests;
  readonly calls: MasterCalls;
  readonly activationDesk: ActivationDesk;
}

type Deactivation = Extract<ActivationOperation, { kind: 'license-deactivate' }>;
type Deactivated = Extract<Outcome, { kind: 'license-deactivate' }>;

export class ReturnDesk {
  readonly #parts: ReturnDeskParts;

  constructor(parts: ReturnDeskParts) {
    this.#parts = parts;
  }

  /** Its answer is among the effects, now or in a later step: a master may have to be told. */
  deactivate(number: number, operation: Deactivation, situation: Situation): undefined {
    const answer = (outcome: Outcome, { effects }: Situation): Outcome => {
      effects.push({ kind: 'answer', number, outcome });
      return outcome;
    };
    const decide = (at: Situation): Change | Outcome => {
      const decided = this.#decide(operation.id, at);
      if ('refusal' in decided) return answer(decided.refusal, at);
      const { shelved, writes, onFailure, apply, drop } = decided;
      const paper = operation.online ? undefined : this.#paper(shelved, decided.isReceipted, at);
      const finish = (later: Situation): Outcome => {
        const view = this.#view(shelved, paper, later);
        const tells = operation.online && view.receipt !== null && !view.told;
        if (!tells) return answer(view, later);
        this.#tell(number, shelved, operation, later);
        return view;
      };
      const settle = (later: Situation): Outcome => {
        apply(later);
        return finish(later);
      };
      return {
        kind: 'change',
        writes: paper === undefined ? writes : [...writes, this.#parts.requests.write()],
        onFailure,
        apply: settle,
        drop: (later) => {
          drop();
          const reason = later.storeTrouble ?? '';
          answer(refuseOperation('store-failing', reason), later);
        },
      };
    };
    this.#parts.changes.make(OWN_CHANGE, decide, situation);
    return undefined;
  }

  #decide(id: string, situation: Situation): Returning | { readonly refusal: Outcome } {
    const { shelf, activations, gate } = this.#parts;
    const found = findLicense(shelf, id);
    if (!found.ok) return { refusal: found.error };
    const shelved = found.value;
    const { license } = shelved;
    if (license.activation === null) return { refusal: needsNone(license) };
    const record = activations.record(license.id);
    const nothing = { shelved, writes: [], onFailure: [], apply: () => {}, drop: () => {} };
    if (record.receipt !== null) return { ...nothing, isReceipted: true };
    const active = activeText(shelved, activations, record);
    if (active === undefined) return { refusal: notActive(shelved, record) };
    if (gate.refusal !== undefined) {
      const { sentence, administrator } = REFUSALS[gate.refusal];
      return { refusal: refuseOperation(gate.refusal, `${sentence} ${administrator}`) };
    }
    const lent = lentOf(shelved);
    if (lent > 0 && record.returning !== null) return { ...nothing, isReceipted: false };
    return this.#return(shelved, record, active, lent, situation);
  }

  /** Nothing is lent of it from now on; where nothing is held either, its receipt is made. */
  #return(
    shelved: ShelvedLicense,
    record: ActivationRecord,
    active: ActiveText,
    lent: number,
    { at }: Situation,
  ): Returning {
    const { activations, allowance } = this.#parts;
    const { id } = shelved.license;
    const returning = { ...record, returning: record.returning ?? at.wall };
    const next = lent > 0 ? returning : this.#receipted(returning, active, id, at);
    // At once, so that nobody gets a seat of it while the receipt is on its way to the disk.
    activations.set(id, returning);
    allowance.changed();
    return {
      shelved,
      isReceipted: lent === 0,
      writes: [recordWrite(id, next)],
      onFailure: [recordWrite(id, record)],
      apply: ({ effects }) => {
        activations.set(id, next);
        allowance.changed();
        const note =
          lent > 0
            ? ({ kind: 'license-returning', license: id, lent } as const)
            : ({ kind: 'license-returned', license: id } as const);
        effects.push({ kind: 'note', note });
      },
      drop: () => {
        activations.set(id, record);
        allowance.changed();
      },
    };
  }

  #receipted(
    record: ActivationRecord,
    { bytes, number }: ActiveText,
    license: LicenseId,
    at: Moment,
  ): ActivationRecord {
    const { primitives, signingKeys } = this.#parts;
    const activationHash = hashDocument(bytes, primitives);
    // One receipt for one activation: what makes it one of its kind is the activation's hash.
    const text = utf8ToBytes(`usher return receipt ${bytesToHex(activationHash)}\0`);
    const seed = concatBytes(text, signingKeys.secretKey);
    const nonce = primitives.sha512(seed).slice(0, NONCE_SIZE);
    const receipt = signReceipt(
      { license, activationHash, nonce, made: at.wall },
      signingKeys,
      primitives,
    );
    const floor = Math.max(record.floor, number);
    return { ...record, floor, activation: null, returning: null, receipt, told: false };
  }

  /** The request that is carried along with the receipt, where there is one. */
  #paper(
    shelved: ShelvedLicense,
    isReceipted: boolean,
    { at }: Situation,
  ): RequestPaper | undefined {
    if (!isReceipted) return undefined;
    const { requests } = this.#parts;
    const paper = requests.make('return', [shelved], at.wall);
    requests.carry(paper);
    return paper;
  }

  #view(
    shelved: ShelvedLicense,
    paper: RequestPaper | undefined,
    situation: Situation,
  ): Deactivated {
    const { activations, viewer, primitives } = this.#parts;
    const { receipt, told } = activations.record(shelved.license.id);
    return {
      kind: 'license-deactivate',
      license: viewer.view(shelved, situation),
      receipt:
        receipt === null
          ? null
          : (paper === undefined ? '' : armor('request', paper.bytes, primitives)) +
            armor('receipt', receipt, primitives),
      lent: lentOf(shelved),
      until: this.#heldUntil(shelved, situation.at) ?? null,
      told,
      failures: [],
    };
  }

  /** When the last seat of it ends, unless it is given back before. */
  #heldUntil({ license }: ShelvedLicense, { mono, wall }: Moment): EpochSeconds | undefined {
    const { book, deadlines } = this.#parts;
    let longest: number | undefined;
    for (const slot of book.slots()) {
      const isOf = book
        .claim(slot)
        .parts.some(({ pool }) => pool.counting.licenseId === license.id);
      if (isOf) longest = Math.max(longest ?? 0, between(mono, deadlines.deadline(slot)));
    }
    if (longest === undefined) return undefined;
    return epochSeconds(Math.min(0xffff_ffff, wall + Math.ceil(longest / 1000)));
  }

  #tell(number: number, shelved: ShelvedLicense, operation: Deactivation, at: Situation): void {
    const { activationDesk, calls } = this.#parts;
    const planned = activationDesk.untold(at, shelved);
    const finish = ({ failures }: ActivationOutcome, later: Situation): Outcome => {
      return { ...this.#view(shelved, undefined, later), failures };
    };
    if (planned.length > 0) return calls.make(number, planned, operation.credentials, finish, at);
    const { license } = shelved;
    const detail = `License ${license.id} names no master: carry its receipt, \`usher license deactivate ${license.id} --receipt FILE\`.`;
    const outcome = refuseOperation('no-master', detail);
    at.effects.push({ kind: 'answer', number, outcome });
  }
}

/** What a license is active here by: what its vendor has signed or, of a child license, its parent. */
interface ActiveText {
  readonly bytes: Uint8Array;
  readonly number: number;
}

const activeText = (
  shelved: ShelvedLicense,
  activations: ActivationLedger,
  { activation }: ActivationRecord,
): ActiveText | undefined => {
  const last = shelved.line?.children.at(-1);
  if (last === undefined) {
    return activation === null
      ? undefined
      : { bytes: activation.bytes, number: activation.activation.number };
  }
  const isOurs = activations.bindingOf(shelved).vendor !== undefined;
  return isOurs ? { bytes: last.bytes, number: last.child.number } : undefined;
};

/** What is to be done to give a license back. */
interface Returning extends Pick<Change, 'writes' | 'onFailure'> {
  readonly shelved: ShelvedLicense;
  /** Its receipt is made, or is made by this. */
  readonly isReceipted: boolean;
  readonly apply: (situation: Situation) => void;
  readonly drop: () => void;
}

/** Seats that somebody may believe in: clients here, and those of children. */
const lentOf = ({ pools }: ShelvedLicense): number =>
  pools.reduce((sum, pool) => sum + pool.lent + pool.allotted, 0);

const notActive = ({ license }: ShelvedLicense, { emergency }: ActivationRecord): Outcome =>
  refuseOperation(
    'not-activated',
    emergency === null
      ? `License ${license.id} is not active here: there is nothing to give back. ${waysToActivate(license)}`
      : `License ${license.id} is or was active for an emergency alone, which nobody needs to be given back.`,
  );
