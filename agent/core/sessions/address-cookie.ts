/**
 * The address cookie: proves that whoever sends it can receive at the address it was sent to, and
 * costs the agent no memory. Only after it has come back does a datagram cost a public-key operation.
 * Its secret is replaced while the agent runs, so that one who has learned it does not have it for long.
 */

import { concatBytes, equalBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import { type Endpoint, endpointToText } from '../../../protocol/endpoint.ts';
import { COOKIE_SIZE } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import type { Instant } from '../../../protocol/units.ts';

/** A cookie is good for the period it was made in and the next: 60 to 120 s. */
const PERIOD_MS = 60_000;
/** Periods that a secret serves before the next one is asked for, and that an answer is waited for. */
const SECRET_PERIODS = 60;

/** A secret, and the first period that it makes cookies in. */
interface Secret {
  readonly bytes: Uint8Array;
  readonly from: number;
}

export class AddressCookie {
  readonly #primitives: Primitives;
  #current: Secret;
  /** The one before, while a cookie of it may be good or is still made. */
  #previous: Secret | undefined;
  /** The period in which the next secret is asked for. */
  #drawAt: number | undefined;

  /** `secret`: 32 random bytes, new whenever the agent starts. */
  constructor(secret: Uint8Array, primitives: Primitives) {
    this.#current = { bytes: secret, from: Number.NEGATIVE_INFINITY };
    this.#primitives = primitives;
  }

  make(endpoint: Endpoint, now: Instant): Uint8Array {
    return this.#cookie(endpoint, periodOf(now));
  }

  isValid(cookie: Uint8Array, endpoint: Endpoint, now: Instant): boolean {
    const period = periodOf(now);
    return (
      equalBytes(cookie, this.#cookie(endpoint, period)) ||
      equalBytes(cookie, this.#cookie(endpoint, period - 1))
    );
  }

  /**
   * Whether 32 fresh random bytes are wanted for `renew`. Looked at when somebody unknown is heard, for
   * an agent that hears nobody does nothing; said once, and again where nothing comes of it.
   */
  wantsSecret(now: Instant): boolean {
    const period = periodOf(now);
    this.#forget(period);
    this.#drawAt ??= period + SECRET_PERIODS;
    if (period < this.#drawAt) return false;
    this.#drawAt = period + SECRET_PERIODS;
    return true;
  }

  /** Makes cookies with this secret from the next period on, so that those of this one stay good. */
  renew(secret: Uint8Array, now: Instant): void {
    const period = periodOf(now);
    this.#previous?.bytes.fill(0);
    this.#previous = this.#current;
    this.#current = { bytes: secret, from: period + 1 };
  }

  /** Overwrites the secret before when its last cookies are good no longer. */
  #forget(period: number): void {
    if (this.#previous === undefined || period <= this.#current.from) return;
    this.#previous.bytes.fill(0);
    this.#previous = undefined;
  }

  /** The first bytes of `SHA-512(secret ‖ "period address:port")`; the secret never leaves here. */
  #cookie(endpoint: Endpoint, period: number): Uint8Array {
    const { bytes } = (period < this.#current.from && this.#previous) || this.#current;
    const text = utf8ToBytes(`${period} ${endpointToText(endpoint)}`);
    const whole = concatBytes(bytes, text);
    const cookie = this.#primitives.sha512(whole).slice(0, COOKIE_SIZE);
    whole.fill(0);
    return cookie;
  }
}

const periodOf = (now: Instant): number => Math.floor(now / PERIOD_MS);
