/** The documents of activation, as they come in files and calls; and proofs, as clients get them. */

import { openActivationRequest } from '../../../protocol/activation-request.ts';
import { openActivationResponse } from '../../../protocol/activation-response.ts';
import { openAllIssued, openIssued } from '../../../protocol/any-document.ts';
import { dearmorAny } from '../../../protocol/armor.ts';
import { openBorrowToken } from '../../../protocol/borrow-token.ts';
import { bytesToHex } from '../../../protocol/bytes.ts';
import { openCertificate } from '../../../protocol/certificate.ts';
import { hostCodeFromText, hostCodeToText, parseHostCode } from '../../../protocol/host-code.ts';
import { checkProof } from '../../../protocol/proof.ts';
import { openReceipt } from '../../../protocol/return-receipt.ts';
import { documentKind } from '../../../protocol/signed-document.ts';
import { epochSeconds } from '../../../protocol/units.ts';
import { promise, type Target, toText } from '../target.ts';
import { bytesOf, textsOf } from '../vector-seeds.ts';
import { trustingPrimitives } from './parsing-primitives.ts';

const OPENERS = {
  request: openActivationRequest,
  response: openActivationResponse,
  receipt: openReceipt,
  certificate: openCertificate,
  borrowing: openBorrowToken,
} as const;

export const activation: Target = {
  name: 'activation',
  shape: 'msgpack',
  most: 17_000,
  seeds: () => [...bytesOf('documents', 'document'), ...bytesOf('borrow-tokens', 'document')],
  run: (bytes) => {
    const kind = documentKind(bytes);
    for (const [name, open] of Object.entries(OPENERS)) {
      const opened = open(bytes, trustingPrimitives);
      if (opened.ok) promise(name === kind, 'a document is of one kind');
    }
    openIssued(bytes, trustingPrimitives);
    const response = openActivationResponse(bytes, trustingPrimitives);
    if (response.ok) openAllIssued(response.value.response.documents, trustingPrimitives);
  },
};

export const proof: Target = {
  name: 'proof',
  shape: 'msgpack',
  most: 34_000,
  seeds: () => bytesOf('proofs', 'proof'),
  run: (bytes) => {
    const question = {
      vendorKeys: null,
      agentKey: new Uint8Array(32),
      wall: epochSeconds(1_767_571_200),
    };
    checkProof(bytes, question, trustingPrimitives);
  },
};

const HOST_CODE = new Uint8Array([1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

export const hostCode: Target = {
  name: 'host-code',
  shape: 'text',
  most: 5000,
  seeds: () => [
    Buffer.from(hostCodeToText(HOST_CODE, trustingPrimitives.sha512)),
    ...textsOf('armor', 'text').slice(0, 2),
  ],
  run: (bytes) => {
    parseHostCode(bytes);
    const { sha512 } = trustingPrimitives;
    const read = hostCodeFromText(toText(bytes), sha512);
    if (read.ok) {
      const again = hostCodeFromText(hostCodeToText(read.value, sha512), sha512);
      const isSame = again.ok && bytesToHex(again.value) === bytesToHex(read.value);
      promise(isSame, 'a host code reads as it was written');
    }
    const titles = ['license', 'request', 'response', 'receipt'] as const;
    dearmorAny(titles, toText(bytes), trustingPrimitives);
  },
};
