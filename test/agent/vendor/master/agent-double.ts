/** An agent as far as its master sees it: it asks, and signs what it asks. */

import { openActivation } from '../../../../protocol/activation.ts';
import {
  type RequestKind,
  signActivationRequest,
} from '../../../../protocol/activation-request.ts';
import { agentSigningKeys } from '../../../../protocol/borrow-token.ts';
import { makeHostCode } from '../../../../protocol/host-code.ts';
import type { HostComponent } from '../../../../protocol/host-component.ts';
import type { MasterCall } from '../../../../protocol/master-call.ts';
import { nativePrimitives as primitives } from '../../../../protocol/node/native-primitives.ts';
import { signReceipt } from '../../../../protocol/return-receipt.ts';
import { hashDocument } from '../../../../protocol/signed-document.ts';
import type { SignedLicense } from '../../../../protocol/signed-license.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { START } from './master-rig.ts';

const component = (kind: HostComponent['kind'], value: string): HostComponent =>
  ({ kind, value }) as HostComponent;

/** The parts of an invented computer. */
export const hostOf = (name: string, disk = 'disk'): Uint8Array =>
  makeHostCode(
    [
      component('machine-id', `${name} id`),
      component('system', `${name} system`),
      component('board', `${name} board`),
      component('disk', `${name} ${disk}`),
    ],
    primitives.sha512,
  );

export class AgentDouble {
  readonly keys;
  readonly name: string;
  host: Uint8Array;
  number = 0;

  constructor(name: string, key = name) {
    this.name = name;
    const seed = primitives.sha512(new TextEncoder().encode(key)).slice(0, 32);
    this.keys = agentSigningKeys(seed, primitives);
    this.host = hostOf(name);
  }

  /** A new request; each has a higher number. */
  request(
    kind: RequestKind,
    licenses: readonly SignedLicense[],
    receipts: readonly Uint8Array[] = [],
    number = ++this.number,
  ): MasterCall {
    const nonce = primitives
      .sha512(new TextEncoder().encode(`${this.name} ${kind} ${number}`))
      .slice(0, 16);
    const request = signActivationRequest(
      {
        kind,
        boxKey: this.keys.publicKey,
        host: this.host,
        wanted: licenses.map(({ license, bytes }) => ({
          license: license.id,
          licenseHash: hashDocument(bytes, primitives),
        })),
        nonce,
        number,
        made: epochSeconds(START),
        version: '1.0.0',
        hostName: this.name,
      },
      this.keys,
      primitives,
    );
    return { request, receipts };
  }

  /** The receipt of an activation that was told. */
  receipt(activation: Uint8Array): Uint8Array {
    const opened = openActivation(activation, primitives);
    if (!opened.ok) throw new Error(opened.error);
    const { license } = opened.value.activation;
    const nonce = primitives.sha512(activation).slice(0, 16);
    const activationHash = hashDocument(activation, primitives);
    return signReceipt(
      { license, activationHash, nonce, made: epochSeconds(START) },
      this.keys,
      primitives,
    );
  }
}
