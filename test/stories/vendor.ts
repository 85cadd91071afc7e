/** The vendor of the stories: signs in this process what `usher vendor issue` signs in its own. */

import { describePublicKey } from '../../agent/vendor/vendor-key.ts';
import { armor } from '../../protocol/armor.ts';
import type { License } from '../../protocol/license.ts';
import { KEY_SIZE, LICENSE_ID_SIZE } from '../../protocol/limits.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import type { KeyPair } from '../../protocol/primitives.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { LICENSE, poolOf } from '../../scripts/vectors/fixed.ts';

export const DAY = 86_400;

export class Vendor {
  readonly keys: KeyPair = nativePrimitives.signingKeys(systemEntropy(KEY_SIZE));

  /** The public key in base64. */
  get key(): string {
    return describePublicKey(this.keys.publicKey, nativePrimitives).publicKey;
  }

  /**
   * A license's binary form: `acme-cad` with three generic seats for anybody on any host, at once
   * and for ever, but for what `terms` says otherwise.
   */
  sign(terms: Partial<License> = {}): Uint8Array {
    const license = {
      ...LICENSE,
      customer: 'Bauhaus Ltd',
      issued: now(),
      starts: now(),
      expires: null,
      pools: [poolOf(3)],
      features: [],
      hosts: { virtual: 'allow', container: 'allow', unknown: 'allow' },
      ...terms,
    } as const;
    return signLicense(license, systemEntropy(LICENSE_ID_SIZE), this.keys, nativePrimitives);
  }

  /** The same as text. */
  issue(terms: Partial<License> = {}): string {
    return armor('license', this.sign(terms), nativePrimitives);
  }
}

export const now = (): License['issued'] => epochSeconds(Math.floor(Date.now() / 1000));
