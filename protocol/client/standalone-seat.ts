/** A seat by a standalone license: no agent, no socket, held to the license's end. */

import { bytesToBase64 } from '../bytes.ts';
import { type LeaseId, leaseId } from '../ids.ts';
import { GENERIC_CLASS, type License } from '../license.ts';
import { KEY_SIZE } from '../limits.ts';
import type { Clock } from '../node/clock.ts';
import { systemEntropy } from '../node/entropy.ts';
import { readHostCode } from '../node/host-components.ts';
import { nativePrimitives } from '../node/native-primitives.ts';
import { ClockMemory, readLicenseFile } from '../node/standalone-files.ts';
import { DeadlineTimer } from '../node/timer.ts';
import type { SeatWish } from '../requests.ts';
import { openLicense } from '../signed-license.ts';
import { after, type EpochSeconds, type Instant, millis } from '../units.ts';
import { callOut } from './call-out.ts';
import type { Seat, SeatNews } from './seat.ts';
import { SeatError } from './seat-error.ts';
import { chooseStandalone, type StandaloneGrant } from './standalone.ts';
import {
  explainExpiry,
  explainNoLicense,
  explainStandalone,
  type StandalonePlace,
} from './standalone-sentences.ts';

/** How often the clock is looked at: timers stand still while a computer sleeps. */
const LOOK_EVERY_MS = 60_000;
/** How often a running application has the time remembered. */
const REMEMBER_EVERY_MS = 3_600_000;
/** The last date that a `Date` can have: of a seat that does not end. */
const FOR_EVER_MS = 8_640_000_000_000_000;

export interface StandaloneRequest {
  /** Its class may be any: a license of one computer has no pools. */
  readonly wish: SeatWish;
  /** The license's file; `null` when none is set. */
  readonly file: string | null;
  readonly vendorKeys: readonly Uint8Array[] | null;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
}

/** The seat that this computer's own license gives; throws a `SeatError` that says why it does not. */
export const acquireStandalone = async (request: StandaloneRequest): Promise<Seat> => {
  const { wish, file, vendorKeys, clock } = request;
  const memory = new ClockMemory(request.environment);
  const place = { product: wish.product, file, memory: memory.file, date: dateText };
  if (file === null) throw new SeatError(explainNoLicense(place, ''));
  const documents = readLicenseFile(file);
  if (!documents.ok) throw new SeatError(explainNoLicense(place, documents.error));
  const hostCode = await readHostCode();
  const { wall } = clock.now();
  const { seen, trials } = memory.read();
  const licenses = documents.value.map((one) =>
    one.ok ? openLicense(one.value, nativePrimitives) : one,
  );
  const firstUse = (license: string): EpochSeconds | undefined => trials[license];
  const { sha512 } = nativePrimitives;
  const question = { wish, vendorKeys, wall, seen, hostCode, sha512, firstUse };
  const chosen = chooseStandalone(licenses, question);
  if (!chosen.ok) throw new SeatError(explainStandalone(chosen.error, place));
  const { id, trial } = chosen.value.signed.license;
  memory.note(wall, trial === null ? undefined : id);
  return new StandaloneSeat(request, chosen.value, { memory, place });
};

/** A day in the user's own spelling. */
const dateText = (seconds: EpochSeconds): string => new Date(seconds * 1000).toLocaleDateString();

class StandaloneSeat implements Seat {
  readonly id: LeaseId = leaseId(systemEntropy(KEY_SIZE));
  readonly product: string;
  readonly class: string;
  readonly weight: number;
  readonly overdraft = false;
  readonly licenses: readonly [License];
  readonly signer: string;
  readonly agent = null;
  readonly until: Date;
  readonly #clock: Clock;
  /** On the clock that nobody sets; `undefined` for never. */
  readonly #end: Instant | undefined;
  readonly #onLook: () => void;
  readonly #timer: DeadlineTimer;
  readonly #lost = new AbortController();
  readonly #listeners = new Set<(news: SeatNews) => void>();

  constructor(
    { wish, clock }: StandaloneRequest,
    { signed, ends }: StandaloneGrant,
    { memory, place }: { readonly memory: ClockMemory; readonly place: StandalonePlace },
  ) {
    this.product = wish.product;
    this.class = wish.class ?? GENERIC_CLASS;
    this.weight = wish.weight;
    this.licenses = [signed.license];
    this.signer = bytesToBase64(signed.vendor);
    this.#clock = clock;
    const { mono, wall } = clock.now();
    this.#end = ends === null ? undefined : after(mono, millis(Math.max(0, ends - wall) * 1000));
    this.until = new Date(ends === null ? FOR_EVER_MS : ends * 1000);
    this.#onLook = () => {
      memory.note(clock.now().wall);
      if (!this.isHeld && ends !== null) this.#lose(ends, place);
      else this.#watch();
    };
    this.#timer = new DeadlineTimer({
      now: () => clock.now().mono,
      onDue: this.#onLook,
      lookEvery: LOOK_EVERY_MS,
    });
    this.#timer.hold(false);
    this.#watch();
  }

  get isHeld(): boolean {
    return this.#end === undefined || this.#clock.now().mono < this.#end;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  onNews(listener: (news: SeatNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nobody else could have the seat of this computer: it does not matter how it is used. */
  reportIdle(): void {}

  async release(): Promise<void> {
    this.#timer.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  #watch(): void {
    const next = after(this.#clock.now().mono, millis(REMEMBER_EVERY_MS));
    this.#timer.set(this.#end === undefined || next < this.#end ? next : this.#end);
  }

  #lose(ended: EpochSeconds, place: StandalonePlace): void {
    const explanation = explainExpiry(ended, place);
    this.#lost.abort(new SeatError(explanation));
    for (const listener of this.#listeners)
      callOut(() => listener({ kind: 'lost', explanation, regaining: false }));
  }
}
