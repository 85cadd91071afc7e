/** A proof on the page, document by document. */

import { KEY_SIZE } from '../../protocol/limits.ts';
import { unpack } from '../../protocol/msgpack.ts';
import { annotate } from './annotate.ts';
import {
  ACTIVATION_NAMES,
  CERTIFICATE_NAMES,
  type FieldNames,
  LICENSE_NAMES,
} from './field-names.ts';
import { exampleProof } from './proofs.ts';

/** The names of a document's fields, and of the envelope round them. */
const envelopeNames = (signer: string): FieldNames => [
  'kind',
  'format version',
  signer,
  'payload',
  'signature',
];

/** A document, its payload and what is in the signer's field, each opened below it. */
const documentRows = (bytes: Uint8Array, name: string, payload: FieldNames): string[] => {
  const value = unpack(bytes) ?? null;
  const items = Array.isArray(value) ? value : [];
  const [, , signer, inner] = items;
  const isKey = signer instanceof Uint8Array && signer.length === KEY_SIZE;
  const fields = inner instanceof Uint8Array ? (unpack(inner) ?? null) : null;
  return [
    `the ${name}`,
    ...annotate(value, name, envelopeNames(isKey ? 'signer, the root key' : 'signer'), 0),
    '',
    `the payload of the ${name}`,
    ...annotate(fields, 'payload', payload, 0),
  ];
};

/** The proof of a license by an issuing key, with its activation. */
export const proofText = (): string => {
  const { proof, certificate, license, activation } = exampleProof();
  return [
    '```',
    'the proof',
    ...annotate(unpack(proof) ?? null, 'proof', ['license', 'activation'], 0),
    '',
    ...documentRows(certificate, 'certificate in both', CERTIFICATE_NAMES),
    '',
    ...documentRows(license, 'license', LICENSE_NAMES),
    '',
    ...documentRows(activation, 'activation', ACTIVATION_NAMES),
    '```',
  ].join('\n');
};
