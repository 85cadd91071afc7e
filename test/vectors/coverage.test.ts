/** Nothing of the protocol is without a vector that is in order, and one that is not. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hexToBytes } from '../../protocol/bytes.ts';
import type { FrameFault } from '../../protocol/frame.ts';
import { unpackPadded } from '../../protocol/msgpack.ts';
import { PROOF_FAULTS } from '../../protocol/proof.ts';
import { REFUSALS } from '../../protocol/refusal.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { Request } from '../../protocol/requests.ts';
import {
  DOCUMENT_VERSIONS,
  type DocumentFault,
  type DocumentKind,
} from '../../protocol/signed-document.ts';

type Vector = Readonly<Record<string, unknown>>;

const load = (name: string): { readonly valid: Vector[]; readonly invalid: Vector[] } =>
  JSON.parse(readFileSync(join(process.cwd(), 'test', 'vectors', `${name}.json`), 'utf8'));

const bytesOf = (vector: Vector, name: string): Uint8Array =>
  hexToBytes(String(vector[name] ?? '')) ?? new Uint8Array();

/** By their numbers on the wire: a kind that is added does not compile until it stands here. */
const REQUEST_KINDS = {
  acquire: 1,
  renew: 2,
  release: 3,
  document: 4,
  probe: 5,
  resources: 6,
  draw: 7,
  borrow: 8,
} satisfies Record<Request['kind'], number>;

const REPLY_KINDS = {
  granted: 1,
  renewed: 2,
  released: 3,
  piece: 4,
  refused: 5,
  'new-epoch': 6,
  ending: 7,
  queued: 8,
  free: 9,
  resources: 10,
  drawn: 11,
  borrowed: 12,
} satisfies Record<Reply['kind'], number>;

const FRAME_TYPES = { discover: 1, offer: 2, hello: 3, request: 4, reply: 5 } as const;

const FRAME_FAULTS = {
  'wrong-size': true,
  'not-usher': true,
  'other-version': true,
  'unknown-frame': true,
  malformed: true,
} satisfies Record<FrameFault, true>;

const DOCUMENT_FAULTS = {
  malformed: true,
  'other-kind': true,
  'newer-format': true,
  'bad-signature': true,
  'certificate-use': true,
  'certificate-date': true,
} satisfies Record<DocumentFault, true>;

/** Of which of these there is nothing in a list. */
const missing = (wanted: readonly unknown[], there: readonly unknown[]): readonly unknown[] =>
  wanted.filter((one) => !there.includes(one));

/** The number of a message, wherever it can be read. */
const kindNumber = (vector: Vector): unknown => {
  const value = unpackPadded(bytesOf(vector, 'body'));
  return Array.isArray(value) ? value[0] : undefined;
};

const coverage = suite('vectors: what they cover');

for (const [direction, kinds] of [
  ['request', REQUEST_KINDS],
  ['reply', REPLY_KINDS],
] as const) {
  coverage(`every ${direction} has a valid and an invalid vector`, () => {
    const { valid, invalid } = load('messages');
    const ours = (all: readonly Vector[]) => all.filter((one) => one['direction'] === direction);
    for (const all of [valid, invalid]) {
      assert.equal(missing(Object.values(kinds), ours(all).map(kindNumber)), []);
    }
    assert.equal(
      missing(
        Object.keys(kinds),
        ours(valid).map(({ kind }) => kind),
      ),
      [],
    );
  });
}

coverage('every frame has a valid and an invalid vector, and every reason to drop one', () => {
  const { valid, invalid } = load('frames');
  const typeOf = (vector: Vector): unknown => bytesOf(vector, 'datagram')[3];
  for (const all of [valid, invalid]) {
    assert.equal(missing(Object.values(FRAME_TYPES), all.map(typeOf)), []);
  }
  const faults = invalid.map(({ fault }) => fault);
  assert.equal(missing([...Object.keys(FRAME_FAULTS), 'not-sealed'], faults), []);
});

coverage('every refusal is said in a vector', () => {
  const said = load('messages')
    .valid.filter(({ kind }) => kind === 'refused')
    .map((one) => (unpackPadded(bytesOf(one, 'body')) as readonly unknown[])[2]);
  const numbers = Object.values(REFUSALS).map(({ number }) => number);
  assert.equal(missing(numbers, said), []);
});

coverage('every document has a valid and an invalid vector, and every fault of each kind', () => {
  const { valid, invalid } = load('documents');
  const of = (file: string, kind: DocumentKind, side: 'valid' | 'invalid') =>
    load(file)[side].map((one): Vector => ({ ...one, kind }));
  const all = [
    [...valid, ...of('licenses', 'license', 'valid'), ...of('borrow-tokens', 'borrowing', 'valid')],
    [
      ...invalid,
      ...of('licenses', 'license', 'invalid'),
      ...of('borrow-tokens', 'borrowing', 'invalid'),
    ],
  ] as const;
  const kinds = Object.keys(DOCUMENT_VERSIONS);
  for (const side of all) {
    assert.equal(
      missing(
        kinds,
        side.map(({ kind }) => kind),
      ),
      [],
    );
  }
  const faults = ['malformed', 'other-kind', 'newer-format', 'bad-signature'];
  for (const kind of kinds) {
    const found = all[1].filter((one) => one['kind'] === kind).map(({ fault }) => fault);
    assert.equal(missing(faults, found), [], kind);
  }
  assert.equal(
    missing(
      Object.keys(DOCUMENT_FAULTS),
      all[1].map(({ fault }) => fault),
    ),
    [],
  );
});

coverage('every reason not to believe a proof is that of a vector', () => {
  const faults = load('proofs').invalid.map(({ fault }) => fault);
  assert.equal(missing(Object.keys(PROOF_FAULTS), faults), []);
});

coverage.run();
