/** A vendor for tests of agents: it signs what it is told to, and remembers nothing but its numbers. */

import { signActivation } from '../protocol/activation.ts';
import { openActivationRequest, type SignedRequest } from '../protocol/activation-request.ts';
import { type RefusedLicense, signActivationResponse } from '../protocol/activation-response.ts';
import type { LicenseId } from '../protocol/ids.ts';
import type { KeyPair, Primitives } from '../protocol/primitives.ts';
import { signRevocations } from '../protocol/revocations.ts';
import type { SigningKeys } from '../protocol/signed-document.ts';
import { type StandingState, signStanding } from '../protocol/standing.ts';
import { epochSeconds } from '../protocol/units.ts';

export interface Answer {
  /** Seconds for which it activates; `null` for ever. */
  readonly lasts?: number | null;
  /** Licenses of the request that are activated; all of them by default. */
  readonly only?: readonly LicenseId[];
  /** Goes along. */
  readonly documents?: readonly Uint8Array[];
  readonly refusals?: readonly RefusedLicense[];
  readonly keys?: SigningKeys;
}

export class SmallVendor {
  readonly keys: KeyPair;
  readonly #primitives: Primitives;
  #number = 0;

  constructor(keys: KeyPair, primitives: Primitives) {
    this.keys = keys;
    this.#primitives = primitives;
  }

  read(request: Uint8Array): SignedRequest {
    const opened = openActivationRequest(request, this.#primitives);
    if (!opened.ok) throw new Error(`no request: ${opened.error}`);
    return opened.value;
  }

  /** Activates what the request asks for, at this date. */
  activate(request: Uint8Array, wall: number, answer: Answer = {}): Uint8Array {
    const { request: asked, agent } = this.read(request);
    const { lasts = null, only } = answer;
    const activations = asked.wanted
      .filter(({ license }) => only?.includes(license) ?? true)
      .map(({ license, licenseHash }) =>
        signActivation(
          {
            license,
            licenseHash,
            agent,
            host: asked.host,
            number: ++this.#number,
            issued: epochSeconds(wall),
            until: lasts === null ? null : epochSeconds(wall + lasts),
            nonce: asked.nonce,
          },
          answer.keys ?? this.keys,
          this.#primitives,
        ),
      );
    const documents = [...activations, ...(answer.documents ?? [])];
    return this.respond(request, wall, { ...answer, documents });
  }

  /** Answers without activating anything. */
  respond(request: Uint8Array, wall: number, answer: Answer = {}): Uint8Array {
    const { request: asked, agent } = this.read(request);
    const { documents = [], refusals = [], keys = this.keys } = answer;
    const { nonce } = asked;
    const response = { nonce, signingKey: agent.signingKey, issued: epochSeconds(wall) };
    const bytes = signActivationResponse(
      { ...response, documents, refusals },
      keys,
      this.#primitives,
    );
    if (bytes === undefined) throw new Error('more than a response can hold');
    return bytes;
  }

  standing(
    license: LicenseId,
    state: StandingState,
    wall: number,
    agent: Uint8Array | null = null,
    reason = '',
  ): Uint8Array {
    const issued = epochSeconds(wall);
    const number = ++this.#number;
    return signStanding(
      { license, number, state, agent, issued, reason },
      this.keys,
      this.#primitives,
    );
  }

  revoke(keys: readonly Uint8Array[], wall: number): Uint8Array {
    const issued = epochSeconds(wall);
    return signRevocations({ issued, number: ++this.#number, keys }, this.keys, this.#primitives);
  }
}
