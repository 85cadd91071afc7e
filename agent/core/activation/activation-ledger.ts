/**
 * The activations, standings and revocations that this agent knows, and what they make of each
 * license. It decides nothing by the calendar: that is the judge's (license-judge.ts).
 */

import type { AgentKeys, SignedActivation } from '../../../protocol/activation.ts';
import { activationEnds, checkActivation } from '../../../protocol/activation-check.ts';
import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import {
  isRevoked,
  openRevocations,
  type SignedRevocations,
} from '../../../protocol/revocations.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { type EpochSeconds, seconds } from '../../../protocol/units.ts';
import { bindChild } from '../children/child-binding.ts';
import type { HostMark } from '../host/host-mark.ts';
import { joinMarks } from '../host/host-mark.ts';
import { type Binding, type Bound, UNBOUND } from '../licenses/binding.ts';
import type { LicenseShelf, ShelvedLicense } from '../licenses/license-shelf.ts';
import type { Write } from '../write.ts';
import {
  ACTIVATION_PREFIX,
  type ActivationRecord,
  NO_RECORD,
  readRecord,
  recordWrite,
} from './activation-record.ts';

/** Beneath it the vendor's root key in hexadecimal. */
export const REVOCATIONS_PREFIX = 'revocations/';

export interface ActivationLedgerParts {
  readonly primitives: Primitives;
  /** This agent's. */
  readonly agent: AgentKeys;
  /** What was found outside the data folder. */
  readonly marks: readonly HostMark[];
}

export class ActivationLedger {
  readonly #parts: ActivationLedgerParts;
  readonly #records = new Map<LicenseId, ActivationRecord>();
  readonly #revocations = new Map<string, SignedRevocations>();
  readonly #marks: Map<LicenseId, HostMark>;
  /** By the license's document: what was made of it since something changed. */
  #bindings = new WeakMap<ShelvedLicense, Binding>();
  #revision = 0;
  /** Proofs may differ from what is known. */
  #isUnproven = true;
  /** The marks outside may lack what is known here. */
  #isUnmarked = false;

  constructor(parts: ActivationLedgerParts) {
    this.#parts = parts;
    this.#marks = new Map(parts.marks.map((mark) => [mark.license, mark]));
  }

  get agent(): AgentKeys {
    return this.#parts.agent;
  }

  /** What is kept of a license, by what the marks outside the data folder allow. */
  record(license: LicenseId): ActivationRecord {
    const record = this.#records.get(license) ?? NO_RECORD;
    const floor = this.#marks.get(license)?.floor ?? 0;
    if (floor <= record.floor) return record;
    const { activation } = record;
    const isOver = activation !== null && activation.activation.number <= floor;
    return { ...record, floor, activation: isOver ? null : activation };
  }

  /** Makes a record true; it is on the disk. */
  set(license: LicenseId, record: ActivationRecord): void {
    this.#records.set(license, record);
    this.#mark(license, record);
    this.changed();
  }

  /** The license's emergency was spent on this computer; when it ends or has ended. */
  emergencySpent(license: LicenseId): EpochSeconds | undefined {
    const { emergency } = this.record(license);
    return emergency?.activation.until ?? this.#marks.get(license)?.emergency ?? undefined;
  }

  /** What is kept of licenses that have had their emergency, whether or not they are still here. */
  emergencies(): readonly (readonly [LicenseId, ActivationRecord, SignedActivation])[] {
    return [...this.#records].flatMap(([license, record]) =>
      record.emergency === null ? [] : [[license, record, record.emergency] as const],
    );
  }

  /** Newer revocations of a vendor; they are on the disk. */
  setRevocations(signed: SignedRevocations): void {
    this.#revocations.set(bytesToHex(signed.vendor), signed);
    this.changed();
  }

  revocations(vendor: Uint8Array): SignedRevocations | undefined {
    return this.#revocations.get(bytesToHex(vendor));
  }

  /** Tells apart what was known at different times. */
  get revision(): number {
    return this.#revision;
  }

  /** Licenses have come or gone. */
  changed(): void {
    this.#revision++;
    this.#bindings = new WeakMap();
    this.#isUnproven = true;
  }

  /** What the documents make of a license. Costs two look-ups where nothing has changed. */
  bindingOf(shelved: ShelvedLicense): Binding {
    const known = this.#bindings.get(shelved);
    if (known !== undefined) return known;
    const own = this.#bind(shelved);
    const { line, license } = shelved;
    const binding =
      line === null ? own : bindChild(line, this.#parts.agent, own, this.record(license.id));
    this.#bindings.set(shelved, binding);
    return binding;
  }

  #bind(shelved: ShelvedLicense): Binding {
    const { license, vendor } = shelved;
    const record = this.record(license.id);
    const revocations = this.revocations(vendor);
    if (record === NO_RECORD && revocations === undefined) return UNBOUND;
    const { standing } = record;
    const isOurs = standing !== null && equalBytes(standing.vendor, vendor);
    const isRefuted =
      standing !== null && revocations !== undefined && isRevoked(standing, revocations);
    const said = isOurs && !isRefuted ? standing.standing : undefined;
    const active = record.activation?.activation.number ?? 0;
    return {
      revoked: said?.state === 'revoked',
      suspended: said?.state === 'suspended' && said.number > active,
      invalid: revocations !== undefined && isRevoked(shelved, revocations),
      returned:
        record.returning !== null ||
        record.receipt !== null ||
        (record.floor > 0 && record.activation === null),
      vendor: this.#bound(shelved, record.activation),
      emergency: this.#bound(shelved, record.emergency),
    };
  }

  /** An activation that clients will believe, while its dates allow. */
  #bound(shelved: ShelvedLicense, signed: SignedActivation | null): Bound | undefined {
    const terms = shelved.license.activation;
    if (signed === null || terms === null) return undefined;
    const revocations = this.revocations(shelved.vendor);
    const { origin, activation } = signed;
    if (origin !== null && revocations !== undefined && isRevoked(origin, revocations)) {
      return undefined;
    }
    const { primitives, agent } = this.#parts;
    const fault = checkActivation({
      signed,
      license: shelved,
      licenseHash: hashDocument(shelved.bytes, primitives),
      agentKey: agent.boxKey,
      wall: activation.issued,
      tolerance: seconds(0),
    });
    return fault === undefined ? { signed, ends: activationEnds(signed, terms) } : undefined;
  }

  /**
   * Has every license shown with what is known of it. `inForce`: which activation, of the two that a
   * license may have, is the one that it lends by now.
   */
  prove(shelf: LicenseShelf, inForce: (shelved: ShelvedLicense) => Bound | undefined): void {
    if (!this.#isUnproven) return;
    this.#isUnproven = false;
    for (const shelved of shelf.all()) {
      const activation = inForce(shelved)?.signed.bytes;
      const revocations = this.revocations(shelved.vendor)?.bytes;
      shelf.prove(shelved, {
        ...(activation === undefined ? {} : { activation }),
        ...(revocations === undefined ? {} : { revocations }),
      });
    }
  }

  /** The calendar has moved: another activation may be in force. */
  dated(): void {
    this.#revision++;
    this.#isUnproven = true;
  }

  /** Whether those outside may lack a mark. */
  get hasMarks(): boolean {
    return this.#isUnmarked;
  }

  /** All marks, when those outside may lack one; else `undefined`. */
  takeMarks(): readonly HostMark[] | undefined {
    if (!this.#isUnmarked) return undefined;
    this.#isUnmarked = false;
    return [...this.#marks.values()];
  }

  #mark(license: LicenseId, { floor, emergency }: ActivationRecord): void {
    const known = this.#marks.get(license);
    const until = emergency?.activation.until ?? null;
    if (floor === 0 && until === null) return;
    const [next] = joinMarks(known === undefined ? [] : [known], [
      { license, floor, emergency: until },
    ]);
    if (next === undefined || (known?.floor === next.floor && known.emergency === next.emergency)) {
      return;
    }
    this.#marks.set(license, next);
    this.#isUnmarked = true;
  }

  /** Takes up a stored record, or answers `false` where it is none. */
  restore(key: string, value: Uint8Array): boolean {
    const { primitives } = this.#parts;
    if (key.startsWith(ACTIVATION_PREFIX)) {
      const license = key.slice(ACTIVATION_PREFIX.length) as LicenseId;
      const record = readRecord(license, value, primitives);
      if (record === undefined) return false;
      this.set(license, record);
      return true;
    }
    const opened = openRevocations(value.slice(), primitives);
    if (!opened.ok || key !== revocationsWrite(opened.value).key) return false;
    this.setRevocations(opened.value);
    return true;
  }

  /** What makes the store know a record as it is now. */
  writeOf(license: LicenseId): Write {
    return recordWrite(license, this.#records.get(license) ?? NO_RECORD);
  }
}

export const revocationsWrite = ({ vendor, bytes }: SignedRevocations): Write => ({
  key: REVOCATIONS_PREFIX + bytesToHex(vendor),
  value: bytes,
});
