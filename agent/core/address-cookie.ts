/**
 * The address cookie: proves that whoever sends it can receive at the address it was sent to, and
 * costs the agent no memory. Only after it has come back does a datagram cost a public-key operation.
 */

import { concatBytes, equalBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import { type Endpoint, endpointToText } from '../../protocol/endpoint.ts';
import { COOKIE_SIZE } from '../../protocol/limits.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import type { Instant } from '../../protocol/units.ts';

/** A cookie is good for the period it was made in and the next: 60 to 120 s. */
const PERIOD_MS = 60_000;

export class AddressCookie {
  readonly #secret: Uint8Array;
  readonly #primitives: Primitives;

  /** `secret`: 32 random bytes, new whenever the agent starts. */
  constructor(secret: Uint8Array, primitives: Primitives) {
    this.#secret = secret;
    this.#primitives = primitives;
  }

  make(endpoint: Endpoint, now: Instant): Uint8Array {
    return this.#cookie(endpoint, Math.floor(now / PERIOD_MS));
  }

  isValid(cookie: Uint8Array, endpoint: Endpoint, now: Instant): boolean {
    const period = Math.floor(now / PERIOD_MS);
    return (
      equalBytes(cookie, this.#cookie(endpoint, period)) ||
      equalBytes(cookie, this.#cookie(endpoint, period - 1))
    );
  }

  /** The first bytes of `SHA-512(secret ‖ "period address:port")`; the secret never leaves here. */
  #cookie(endpoint: Endpoint, period: number): Uint8Array {
    const text = utf8ToBytes(`${period} ${endpointToText(endpoint)}`);
    const whole = concatBytes(this.#secret, text);
    const cookie = this.#primitives.sha512(whole).slice(0, COOKIE_SIZE);
    whole.fill(0);
    return cookie;
  }
}
