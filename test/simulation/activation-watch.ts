/** What must hold of activations whatever happens, but for the windows that the manual names. */

import {
  type ActivationRecord,
  readRecord,
} from '../../agent/core/activation/activation-record.ts';
import type { LicenseView } from '../../agent/core/operations.ts';
import { openActivationResponse } from '../../protocol/activation-response.ts';
import { dearmor } from '../../protocol/armor.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { decodeMasterCall } from '../../protocol/master-call.ts';
import { openReceipt } from '../../protocol/return-receipt.ts';
import type { ActivationHost } from './activation-host.ts';
import type { ActivationVendor, Signed } from './activation-vendor.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import { Violation, type World } from './world.ts';

/** Milliseconds after which an agent has taken in an answer, unless its power was cut. */
const TAKEN_MS = 2000;

/**
 * The windows in which a computer lends beside those that have a place. None outlasts the activation
 * by which it lends.
 *
 * `freed-by-hand`: the vendor has freed it, and it has not asked since.
 * `unmarked-backup`: its data folder came from a backup when the marks of what happened since had not
 * been written, for the power was cut; it has not asked since.
 * `forgotten-by-master`: its activation is newer than the backup that the master was restored from,
 * and was perhaps given to another since.
 */
type Window = 'freed-by-hand' | 'unmarked-backup' | 'forgotten-by-master';

/**
 * True milliseconds of an emergency: five days and, for clocks that are wrong, and for what a power cut
 * takes of the time that was seen, another.
 */
const EMERGENCY_MS = 6 * 86_400_000;

/** Seconds by which an agent's time may differ from what is reckoned here: begun ones, and a commit. */
const TIME_ERROR = 60;

/** What is known of one computer. */
interface Seen {
  /** Of each license the highest number of an activation that a receipt is out of. */
  readonly receipted: Map<LicenseId, number>;
  /** When the emergency of a license ends, which it has had. */
  readonly spent: Map<LicenseId, number>;
  /** True time at which it was seen first. */
  readonly began: Map<LicenseId, number>;
  /** Of each license the highest numbers in the data folder. */
  readonly numbers: Map<LicenseId, Numbers>;
  /** True time of the last decision of the vendor's that its agent has heard of. */
  heard: number;
  unmarkedAt: number;
}

interface Numbers {
  readonly floor: number;
  readonly standing: number;
  readonly activation: number;
}

export interface ActivationWatchParts {
  readonly world: World;
  readonly vendor: ActivationVendor;
  readonly hosts: readonly ActivationHost[];
  /** Licenses each of which takes the place of the one before. */
  readonly line: readonly LicenseId[];
  /** Computers on which they may be active at a time, all together. */
  readonly most: number;
}

export class ActivationWatch {
  readonly #parts: ActivationWatchParts;
  readonly #seen = new Map<ActivationHost, Seen>();
  /** Signatures cost most of the time. */
  readonly #records = new WeakMap<Uint8Array, ActivationRecord>();
  #isLooking = false;

  constructor(parts: ActivationWatchParts) {
    this.#parts = parts;
  }

  /** An answer of the vendor's has come to a computer, decided at this time. */
  answered(host: ActivationHost, bytes: Uint8Array, at: number): void {
    const { run } = host;
    const opened = openActivationResponse(bytes, swiftPrimitives);
    if (!opened.ok) return;
    this.#parts.world.in(TAKEN_MS, () => {
      if (run === undefined || run !== host.run) return;
      const seen = this.#of(host);
      seen.heard = Math.max(seen.heard, at);
    });
  }

  /** A text of receipts is out. */
  receiptsIn(host: ActivationHost, text: string): void {
    for (const block of dearmor('receipt', text, swiftPrimitives)) {
      if (block.ok) this.#receipt(host, block.value);
    }
  }

  /** A call is out, with receipts or without. */
  called(host: ActivationHost, body: Uint8Array): void {
    for (const bytes of decodeMasterCall(body)?.receipts ?? []) this.#receipt(host, bytes);
  }

  #receipt(host: ActivationHost, bytes: Uint8Array): void {
    const opened = openReceipt(bytes, swiftPrimitives);
    const signed = opened.ok && this.#parts.vendor.signedBy(opened.value.receipt.activationHash);
    if (!signed) return;
    const { receipted } = this.#of(host);
    const known = receipted.get(signed.license) ?? 0;
    receipted.set(signed.license, Math.max(known, signed.number));
  }

  /** The data folder of a computer was deleted, or an earlier one is brought back, just now. */
  replaced(host: ActivationHost): void {
    const seen = this.#of(host);
    seen.numbers.clear();
    seen.heard = -1;
    if (!host.isUnmarked) return;
    seen.unmarkedAt = this.#parts.world.now;
    const marks = new Map(host.marks.flat().map((mark) => [mark.license, mark]));
    for (const [license, number] of seen.receipted) {
      if ((marks.get(license)?.floor ?? 0) < number) seen.receipted.delete(license);
    }
    for (const license of seen.spent.keys()) {
      if (marks.get(license)?.emergency) continue;
      seen.spent.delete(license);
      seen.began.delete(license);
    }
  }

  /** Looks at everything. */
  check(): void {
    // Looking is a step of the agent's, too.
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const { hosts, most } = this.#parts;
      const lenders = hosts.flatMap((host) => (host.isUp && this.#countsOn(host) ? host : []));
      if (lenders.length <= most) return;
      const names = lenders.map(({ name }) => name).join(', ');
      const detail = `${names} lend a license that is for ${most}`;
      throw new Violation('no more computers lend a license than it is for', detail);
    } finally {
      this.#isLooking = false;
    }
  }

  /** Whether it lends by an activation of the vendor's, and nothing excuses it. */
  #countsOn(host: ActivationHost): boolean {
    let counts = false;
    for (const id of this.#parts.line) {
      const view = host.view(id);
      const record = this.#record(host, id);
      if (record !== undefined) this.#checkNumbers(host, id, record);
      if (view === undefined || view.refusal !== null || view.activated === null) continue;
      this.#checkLender(host, id, view);
      if (view.activated.by === 'emergency') this.#checkEmergency(host, id, view, record);
      else if (this.#checkActivated(host, id, record) === undefined) counts = true;
    }
    return counts;
  }

  #checkLender(host: ActivationHost, id: LicenseId, { activated }: LicenseView): void {
    if (host.isCopy) throw this.#broken('a copied disk lends nothing elsewhere', host, id);
    const ends = activated?.ends ?? null;
    if (ends === null || host.time.earliest <= ends + TIME_ERROR) return;
    throw this.#broken('nothing is lent beyond the end of an activation', host, id);
  }

  #checkEmergency(
    host: ActivationHost,
    id: LicenseId,
    { activated }: LicenseView,
    record: ActivationRecord | undefined,
  ): void {
    const seen = this.#of(host);
    const until = activated?.ends ?? 0;
    const known = seen.spent.get(id);
    // A clock that is set back takes its end along.
    if (known !== undefined && known < until) {
      throw this.#broken('a computer has one emergency of a license', host, id);
    }
    seen.spent.set(id, until);
    const { now } = this.#parts.world;
    const began = seen.began.get(id) ?? now;
    seen.began.set(id, began);
    if (now - began > EMERGENCY_MS) {
      throw this.#broken('an emergency is over after five days', host, id);
    }
    // Activated anew after it was given back, and then ended, it may have its emergency.
    const returned = seen.receipted.get(id) ?? 0;
    const number = record?.activation?.activation.number ?? 0;
    if (returned > 0 && number <= returned) throw this.#broken(RETURNED, host, id);
  }

  #checkActivated(
    host: ActivationHost,
    id: LicenseId,
    record: ActivationRecord | undefined,
  ): Window | undefined {
    const number = record?.activation?.activation.number ?? 0;
    if (number <= (this.#of(host).receipted.get(id) ?? 0)) throw this.#broken(RETURNED, host, id);
    const signed = this.#parts.vendor.signed(id, number, host.agent);
    if (signed !== undefined) return this.#windowOf(host, signed);
    throw this.#broken('an agent lends by what the vendor signed for it', host, id);
  }

  #windowOf(host: ActivationHost, { agent, at, isForgotten }: Signed): Window | undefined {
    const { heard, unmarkedAt } = this.#of(host);
    if (isForgotten) return 'forgotten-by-master';
    const freed = this.#parts.vendor.freedAt(agent);
    if (freed >= at && freed >= heard) return 'freed-by-hand';
    return unmarkedAt >= heard && unmarkedAt >= at ? 'unmarked-backup' : undefined;
  }

  #checkNumbers(host: ActivationHost, id: LicenseId, record: ActivationRecord): void {
    const { numbers } = this.#of(host);
    const known = numbers.get(id) ?? { floor: 0, standing: 0, activation: 0 };
    const { floor } = record;
    const standing = record.standing?.standing.number ?? 0;
    const activation = record.activation?.activation.number ?? known.activation;
    const isBack =
      floor < known.floor || standing < known.standing || activation < known.activation;
    if (isBack) throw this.#broken('what the vendor has said never goes back', host, id);
    numbers.set(id, { floor, standing, activation });
  }

  #record({ folder }: ActivationHost, id: LicenseId): ActivationRecord | undefined {
    const value = folder.store.get(`activation/${id}`);
    if (value === undefined) return undefined;
    const record = this.#records.get(value) ?? readRecord(id, value, swiftPrimitives);
    if (record !== undefined) this.#records.set(value, record);
    return record;
  }

  #of(host: ActivationHost): Seen {
    const seen = this.#seen.get(host) ?? {
      receipted: new Map(),
      spent: new Map(),
      began: new Map(),
      numbers: new Map(),
      heard: -1,
      unmarkedAt: -1,
    };
    this.#seen.set(host, seen);
    return seen;
  }

  #broken(invariant: string, { name }: ActivationHost, id: LicenseId): Violation {
    return new Violation(invariant, `${name} lends license ${id}`);
  }
}

const RETURNED = 'nothing is lent of a license after its receipt is out';
