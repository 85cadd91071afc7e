/** Signs in the vendor's name, while the certificate of its key allows it. */

import { type Activation, signActivation } from '../../../protocol/activation.ts';
import {
  type ActivationResponse,
  signActivationResponse,
} from '../../../protocol/activation-response.ts';
import { type CertifiedUse, openCertificate } from '../../../protocol/certificate.ts';
import type { License } from '../../../protocol/license.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { assert } from '../../../protocol/result.ts';
import type { SigningKeys } from '../../../protocol/signed-document.ts';
import { signLicense } from '../../../protocol/signed-license.ts';
import { signStanding, type VendorStanding } from '../../../protocol/standing.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';

export class Issuer {
  /** The vendor's root key. */
  readonly root: Uint8Array;
  readonly #keys: SigningKeys;
  readonly #primitives: Primitives;
  readonly #terms: ReturnType<typeof termsOf>;

  /** The certificate of the keys, where there is one, is a sound one. */
  constructor(keys: SigningKeys, primitives: Primitives) {
    this.#keys = keys;
    this.#primitives = primitives;
    this.#terms = termsOf(keys, primitives);
    this.root = this.#terms?.root ?? keys.publicKey;
  }

  /** Why it may not sign such documents on this date; `undefined` where it may. */
  fault(use: CertifiedUse, at: EpochSeconds): string | undefined {
    if (this.#terms === undefined) return undefined;
    const { certificate } = this.#terms;
    if (!certificate.uses.includes(use))
      return `The certificate of the issuing key does not allow it to sign ${use}.`;
    if (at < certificate.starts) return 'The certificate of the issuing key is not in force yet.';
    if (at >= certificate.ends)
      return 'The certificate of the issuing key has ended: certify it anew.';
    return undefined;
  }

  license(license: Omit<License, 'id'>, id: Uint8Array): Uint8Array {
    return signLicense(license, id, this.#keys, this.#primitives);
  }

  activation(activation: Omit<Activation, 'kind'>): Uint8Array {
    return signActivation(activation, this.#keys, this.#primitives);
  }

  standing(standing: VendorStanding): Uint8Array {
    return signStanding(standing, this.#keys, this.#primitives);
  }

  response(response: ActivationResponse): Uint8Array {
    const bytes = signActivationResponse(response, this.#keys, this.#primitives);
    assert(bytes !== undefined, 'a response that was not kept small enough');
    return bytes;
  }
}

const termsOf = ({ certificate }: SigningKeys, primitives: Primitives) => {
  if (certificate === undefined) return undefined;
  const opened = openCertificate(certificate, primitives);
  assert(opened.ok, 'a certificate that was not looked at');
  return opened.value;
};
