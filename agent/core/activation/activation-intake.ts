/** Reads what a vendor has answered: what becomes true by it, as a whole, or why nothing does. */

import type { SignedActivation } from '../../../protocol/activation.ts';
import type { SignedResponse } from '../../../protocol/activation-response.ts';
import { type IssuedDocument, openAllIssued } from '../../../protocol/any-document.ts';
import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import type { ChildProof } from '../../../protocol/proof.ts';
import { isRevoked, type SignedRevocations } from '../../../protocol/revocations.ts';
import type { SignedLicense } from '../../../protocol/signed-license.ts';
import type { SignedStanding } from '../../../protocol/standing.ts';
import { newerChild, whatHasCome } from '../children/child-intake.ts';
import { ofParent, ofVendor } from '../licenses/any-license.ts';
import { LICENSES_MAX, type LicenseShelf } from '../licenses/license-shelf.ts';
import { licenseStoreKey } from '../seats/lease-record.ts';
import type { Write } from '../write.ts';
import { type ActivationLedger, revocationsWrite } from './activation-ledger.ts';
import type { ActivationResult } from './activation-operations.ts';
import { type ActivationRecord, recordWrite } from './activation-record.ts';
import type { MadeRequest } from './activation-requests.ts';

/** Why nothing of a response is taken in. */
export type IntakeFault = 'forged-response' | 'other-vendor' | 'other-agent' | 'shelf-full';

/** What came of one license, before anybody looks at it. */
export type TakenLicense = Omit<ActivationResult, 'view'>;

export interface IntakeParts {
  readonly primitives: Primitives;
  readonly shelf: LicenseShelf;
  readonly activations: ActivationLedger;
}

export class ActivationIntake {
  readonly #parts: IntakeParts;
  readonly #records = new Map<LicenseId, ActivationRecord>();
  readonly #licenses = new Map<LicenseId, SignedLicense>();
  /** Later texts of child licenses. */
  readonly #children = new Map<LicenseId, ChildProof>();
  readonly #revocations = new Map<string, SignedRevocations>();
  readonly #results = new Map<LicenseId, TakenLicense>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** What becomes true, in one commit. */
  get writes(): readonly Write[] {
    return [
      ...[...this.#licenses.values(), ...this.#children.values()].map(({ license, bytes }) => {
        return { key: licenseStoreKey(license.id), value: bytes };
      }),
      ...[...this.#records].map(([license, record]) => recordWrite(license, record)),
      ...[...this.#revocations.values()].map(revocationsWrite),
    ];
  }

  /** What the store should have where that fails. */
  get onFailure(): readonly Write[] {
    const { activations, shelf } = this.#parts;
    return [
      ...[...this.#licenses.keys()].map((id) => ({ key: licenseStoreKey(id), value: null })),
      ...[...this.#children.keys()].flatMap((id) => {
        const known = shelf.get(id);
        return known === undefined ? [] : { key: licenseStoreKey(id), value: known.bytes };
      }),
      ...[...this.#records.keys()].map((id) => activations.writeOf(id)),
    ];
  }

  get results(): readonly TakenLicense[] {
    return [...this.#results.values()];
  }

  /** Makes it true. The licenses that are new here are given back, to be told of. */
  apply(): readonly SignedLicense[] {
    const { shelf, activations } = this.#parts;
    const added = [...this.#licenses.values()].filter(({ license }) => !shelf.get(license.id));
    for (const signed of added) shelf.add(ofVendor(signed));
    for (const proof of this.#children.values()) shelf.renew(ofParent(proof));
    for (const [license, record] of this.#records) activations.set(license, record);
    for (const signed of this.#revocations.values()) activations.setRevocations(signed);
    return added;
  }

  /** Takes in one response, which answers this request; why it cannot, where it cannot. */
  take(signed: SignedResponse, request: MadeRequest): IntakeFault | undefined {
    const { primitives } = this.#parts;
    if (!equalBytes(signed.vendor, request.vendor)) return 'other-vendor';
    const opened = openAllIssued(signed.response.documents, primitives);
    if (!opened.ok) return 'forged-response';
    if (this.#isOfParent(request)) return this.#takeChildren(signed, opened.value, request);
    for (const document of opened.value) {
      if (document.kind === 'revocations') this.#takeRevocations(document.signed);
    }
    const fault = this.#faultOf(signed, opened.value);
    if (fault !== undefined) return fault;
    for (const license of request.licenses) this.#tell(license, 'unchanged');
    for (const document of opened.value) {
      if (document.kind === 'license') this.#takeLicense(document.signed);
      else if (document.kind === 'activation') this.#takeActivation(document.signed, request);
      else if (document.kind === 'standing') this.#takeStanding(document.signed);
    }
    const { refusals } = signed.response;
    for (const { license, sentence } of refusals) this.#tell(license, 'refused', sentence);
    if (request.kind === 'return') this.#tellReturned(request, refusals);
    return undefined;
  }

  /** Whoever was asked has the receipts of what it does not refuse. */
  #tellReturned(
    { licenses }: MadeRequest,
    refusals: readonly { readonly license: LicenseId }[],
  ): void {
    const refused = new Set(refusals.map(({ license }) => license));
    for (const license of licenses) {
      const record = this.#record(license);
      if (record.receipt !== null && !record.told && !refused.has(license)) {
        this.#records.set(license, { ...record, told: true });
      }
    }
  }

  /** Everything must be of the vendor that was asked, for this agent, and there must be room. */
  #faultOf(
    response: SignedResponse,
    documents: readonly IssuedDocument[],
  ): IntakeFault | undefined {
    const { vendor } = response;
    const { activations, shelf } = this.#parts;
    const revocations =
      this.#revocations.get(bytesToHex(vendor)) ?? activations.revocations(vendor);
    if (revocations !== undefined && isRevoked(response, revocations)) return 'forged-response';
    let fresh = this.#licenses.size;
    for (const { kind, signed } of documents) {
      // A vendor signs no child licenses.
      if (kind === 'child') return 'forged-response';
      const origin = kind === 'activation' ? signed.origin : signed;
      if (origin === null || !equalBytes(origin.vendor, vendor)) return 'forged-response';
      if (kind === 'activation') {
        const { signingKey, boxKey } = signed.activation.agent;
        const { agent } = activations;
        const isOurs = equalBytes(signingKey, agent.signingKey) && equalBytes(boxKey, agent.boxKey);
        if (!isOurs) return 'other-agent';
      }
      if (kind === 'license' && shelf.get(signed.license.id) === undefined) fresh++;
    }
    return shelf.size + fresh > LICENSES_MAX ? 'shelf-full' : undefined;
  }

  /** Whether it was asked of a parent, for child licenses. */
  #isOfParent({ licenses }: MadeRequest): boolean {
    const { shelf } = this.#parts;
    return licenses.some((id) => (shelf.get(id)?.line ?? null) !== null);
  }

  /** Each is taken where it is newer and leads to the vendor; what a parent says else counts for nothing. */
  #takeChildren(
    { response }: SignedResponse,
    documents: readonly IssuedDocument[],
    request: MadeRequest,
  ): undefined {
    const { shelf, primitives } = this.#parts;
    for (const id of request.licenses) {
      const shelved = shelf.get(id);
      if (shelved === undefined) continue;
      const proof = newerChild(shelved, documents, primitives);
      if (proof !== undefined) {
        this.#children.set(id, proof);
        // Activated anew, or what was given back was not its newest text: it is still here.
        const record = this.#record(id);
        const isAnew = request.kind !== 'refresh' && record.receipt !== null;
        if (isAnew) this.#records.set(id, { ...record, receipt: null, told: false });
      }
      this.#tell(id, proof === undefined ? 'unchanged' : whatHasCome(shelved, proof));
    }
    for (const { license, sentence } of response.refusals) this.#tell(license, 'refused', sentence);
    if (request.kind === 'return') this.#tellReturned(request, response.refusals);
    return undefined;
  }

  #record(license: LicenseId): ActivationRecord {
    return this.#records.get(license) ?? this.#parts.activations.record(license);
  }

  #tell(license: LicenseId, what: TakenLicense['what'], sentence: string | null = null): void {
    this.#results.set(license, { license, what, sentence });
  }

  #takeRevocations(signed: SignedRevocations): void {
    const known = this.#parts.activations.revocations(signed.vendor);
    if (known !== undefined && known.revocations.number >= signed.revocations.number) return;
    this.#revocations.set(bytesToHex(signed.vendor), signed);
  }

  #takeLicense(signed: SignedLicense): void {
    const { id } = signed.license;
    if (this.#parts.shelf.get(id) !== undefined || this.#licenses.has(id)) return;
    this.#licenses.set(id, signed);
    this.#tell(id, 'added');
  }

  /** Of two the one with the higher number counts, and none that is over comes back. */
  #takeActivation(signed: SignedActivation, request: MadeRequest): void {
    const { license, number } = signed.activation;
    const record = this.#record(license);
    const known = record.activation?.activation.number ?? 0;
    if (number <= Math.max(record.floor, known)) return;
    // Who gives it back while it is refreshed still gives it back.
    const returning = request.kind === 'activate' ? null : record.returning;
    const next = { ...record, activation: signed, returning, receipt: null, told: false };
    this.#records.set(license, next);
    if (this.#results.get(license)?.what === 'added') return;
    this.#tell(license, known > 0 ? 'renewed' : 'activated');
  }

  #takeStanding(signed: SignedStanding): void {
    const { license, number, state, agent, reason } = signed.standing;
    const record = this.#record(license);
    const known = record.standing?.standing;
    const { signingKey } = this.#parts.activations.agent;
    if (agent !== null && !equalBytes(agent, signingKey)) return;
    const isLatest = known === undefined || (known.number < number && known.state !== 'revoked');
    // What was freed stays so, also where something else was said since.
    if (!isLatest && (state !== 'freed' || number <= record.floor)) return;
    const words = reason === '' ? null : reason;
    if (state !== 'freed') {
      this.#records.set(license, { ...record, standing: signed });
      const wasHeld = known?.state === 'suspended';
      if (state !== 'active') this.#tell(license, state, words);
      else if (wasHeld) this.#tell(license, 'resumed', words);
      return;
    }
    const floor = Math.max(record.floor, number);
    const isOver = (record.activation?.activation.number ?? 0) <= floor;
    const activation = isOver ? null : record.activation;
    const latest = isLatest ? signed : record.standing;
    this.#records.set(license, { ...record, standing: latest, floor, activation });
    // What this agent has given back by itself is no news.
    if (isOver && record.activation !== null) this.#tell(license, 'freed', words);
  }
}
