import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openActivation } from '../../protocol/activation.ts';
import { openActivationRequest } from '../../protocol/activation-request.ts';
import { openActivationResponse } from '../../protocol/activation-response.ts';
import { type AppVersions, coversVersion } from '../../protocol/app-version.ts';
import { dearmor } from '../../protocol/armor.ts';
import { openBorrowToken } from '../../protocol/borrow-token.ts';
import { bytesToHex, hexToBytes } from '../../protocol/bytes.ts';
import { openCertificate } from '../../protocol/certificate.ts';
import { openChild } from '../../protocol/child-license.ts';
import { judgeSeat } from '../../protocol/client/seat-trust.ts';
import { Fields } from '../../protocol/fields.ts';
import { leaseId } from '../../protocol/ids.ts';
import { PARTS_MAX } from '../../protocol/limits.ts';
import { unpack, unpackPadded, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { openReply, openRequest, parseFrame } from '../../protocol/packet.ts';
import { portablePrimitives } from '../../protocol/portable-primitives.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import { checkProof } from '../../protocol/proof.ts';
import { parseReply, readPart } from '../../protocol/replies.ts';
import { parseRequest, readWish } from '../../protocol/requests.ts';
import { err, type Result } from '../../protocol/result.ts';
import { openReceipt } from '../../protocol/return-receipt.ts';
import { openRevocations } from '../../protocol/revocations.ts';
import type { DocumentFault } from '../../protocol/signed-document.ts';
import { openLicense } from '../../protocol/signed-license.ts';
import { openStanding } from '../../protocol/standing.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { makeFiles } from '../../scripts/make-vectors.ts';
import { valueToJson } from '../../scripts/vectors/fixed.ts';

const root = process.cwd();

/** A vector with the fields that the tests look at; `text` fields that are missing read as empty. */
type Vector = Readonly<Record<string, unknown>>;

const load = (name: string): { readonly valid: Vector[]; readonly invalid: Vector[] } =>
  JSON.parse(readFileSync(join(root, 'test', 'vectors', name), 'utf8'));

const textOf = (vector: Vector, name: string): string => String(vector[name] ?? '');

const bytesOf = (vector: Vector, name: string): Uint8Array => {
  const bytes = hexToBytes(textOf(vector, name));
  assert.ok(bytes, `${name} is not hexadecimal`);
  return bytes ?? new Uint8Array();
};

const labelOf = (vector: Vector): string => textOf(vector, 'name') || textOf(vector, 'reason');

/** Reads a document as one of a kind. */
const openAs = (
  kind: string,
  bytes: Uint8Array,
  primitives: Primitives,
): Result<unknown, DocumentFault> => {
  const open = OPENERS[kind];
  assert.ok(open, `no kind ${kind}`);
  return open ? open(bytes, primitives) : err('other-kind');
};

const OPENERS: Readonly<
  Record<string, (bytes: Uint8Array, primitives: Primitives) => Result<unknown, DocumentFault>>
> = {
  license: openLicense,
  child: openChild,
  certificate: openCertificate,
  revocations: openRevocations,
  activation: openActivation,
  request: openActivationRequest,
  response: openActivationResponse,
  standing: openStanding,
  receipt: openReceipt,
};

/** Fields as they stand in JSON, to be read like those of a message. */
const fieldsOf = (json: unknown): Fields => new Fields([jsonToValue(json)]);

const jsonToValue = (json: unknown): Value => {
  if (Array.isArray(json)) return json.map(jsonToValue);
  if (json === null || typeof json !== 'object') return json as Value;
  return hexToBytes((json as { readonly hex: string }).hex) ?? null;
};

/** Whether a grant is worth what was wished, as a client judges. */
const worthOf = (vector: Vector, primitives: Primitives): string => {
  const parts = fieldsOf(vector['parts']).list(PARTS_MAX, readPart);
  const proofs = vector['proofs'] as readonly string[];
  const shown = parts.map((part, i) => ({
    part,
    proof: hexToBytes(proofs[i] ?? '') ?? new Uint8Array(),
  }));
  const question = {
    vendorKeys: [bytesOf(vector, 'vendorKey')],
    agentKey: bytesOf(vector, 'agentKey'),
    wish: readWish(fieldsOf(vector['wish'])),
  };
  const judged = judgeSeat(shown, question, epochSeconds(Number(vector['wall'])), primitives);
  return judged.ok ? 'worth' : judged.error;
};

const vectors = suite('vectors: the checked-in files');

for (const [path, text] of makeFiles(root)) {
  vectors(`${path} holds what the code makes`, () => {
    const hint = `Run node build/out/js/scripts/make-vectors.js and look at what changed in ${path}.`;
    assert.ok(readFileSync(join(root, path), 'utf8') === text, hint);
  });
}

vectors('each MessagePack value reads back', () => {
  const { valid, invalid } = load('msgpack.json');
  for (const vector of valid) {
    const value = unpack(bytesOf(vector, 'hex'));
    assert.ok(value !== undefined, labelOf(vector));
    if (value !== undefined) assert.equal(valueToJson(value), vector['value'], labelOf(vector));
  }
  for (const vector of invalid)
    assert.is(unpack(bytesOf(vector, 'hex')), undefined, labelOf(vector));
});

vectors('each message is of its kind, and no bad one is read', () => {
  const { valid, invalid } = load('messages.json');
  for (const vector of valid) {
    const value = unpackPadded(bytesOf(vector, 'body'));
    const isRequest = vector['direction'] === 'request';
    const kind = isRequest ? parseRequest(value)?.request?.kind : parseReply(value)?.kind;
    assert.is(kind, vector['kind'], labelOf(vector));
  }
  for (const vector of invalid) {
    const value = unpackPadded(bytesOf(vector, 'body'));
    if (vector['direction'] === 'reply') {
      assert.is(parseReply(value), undefined, labelOf(vector));
      continue;
    }
    const parsed = parseRequest(value);
    assert.is(parsed?.request, undefined, labelOf(vector));
    const answer = parsed === undefined ? 'silence' : 'bad-request';
    assert.is(answer, vector['answer'], labelOf(vector));
  }
});

vectors('each datagram is taken apart or dropped for its reason', () => {
  const { valid, invalid } = load('frames.json');
  const [keys = {}] = load('keys.json').valid;
  for (const vector of valid) {
    const frame = parseFrame(bytesOf(vector, 'datagram'));
    assert.is(typeof frame === 'string' ? frame : frame.kind, vector['kind'], labelOf(vector));
    if (typeof frame === 'string') continue;
    if (frame.kind === 'hello' || frame.kind === 'request')
      assert.ok(openRequest(frame, bytesOf(keys, 'requestKey')), labelOf(vector));
    if (frame.kind === 'reply')
      assert.ok(openReply(frame.box, frame.nonce, bytesOf(keys, 'replyKey')), labelOf(vector));
  }
  for (const vector of invalid) {
    const frame = parseFrame(bytesOf(vector, 'datagram'));
    if (vector['fault'] !== 'not-sealed') {
      assert.is(frame, vector['fault'], labelOf(vector));
      continue;
    }
    assert.ok(typeof frame !== 'string', labelOf(vector));
    if (typeof frame === 'string' || (frame.kind !== 'request' && frame.kind !== 'hello')) continue;
    const opened = openRequest(frame, bytesOf(keys, 'requestKey'));
    assert.is(opened, undefined, labelOf(vector));
  }
});

for (const [twin, primitives] of Object.entries({ portablePrimitives, nativePrimitives })) {
  vectors(`each license is read or refused for its reason: ${twin}`, () => {
    const { valid, invalid } = load('licenses.json');
    for (const vector of valid) {
      const opened = openLicense(bytesOf(vector, 'document'), primitives);
      assert.ok(opened.ok, labelOf(vector));
      if (!opened.ok) continue;
      assert.is(opened.value.license.id, vector['licenseId']);
      assert.is(bytesToHex(opened.value.vendor), vector['signer']);
    }
    for (const vector of invalid) {
      const opened = openLicense(bytesOf(vector, 'document'), primitives);
      assert.is(opened.ok ? 'read' : opened.error, vector['fault'], labelOf(vector));
    }
  });

  vectors(`each document of activation is read or refused for its reason: ${twin}`, () => {
    const { valid, invalid } = load('documents.json');
    for (const vector of valid) {
      const opened = openAs(textOf(vector, 'kind'), bytesOf(vector, 'document'), primitives);
      assert.is(opened.ok ? 'read' : opened.error, 'read', labelOf(vector));
    }
    for (const vector of invalid) {
      const opened = openAs(textOf(vector, 'kind'), bytesOf(vector, 'document'), primitives);
      const label = `${textOf(vector, 'kind')}: ${labelOf(vector)}`;
      assert.is(opened.ok ? 'read' : opened.error, vector['fault'], label);
    }
  });

  vectors(`each proof is believed or not for its reason: ${twin}`, () => {
    const { valid, invalid } = load('proofs.json');
    const faultOf = (vector: Vector): unknown => {
      const question = {
        vendorKeys: [bytesOf(vector, 'vendorKey')],
        agentKey: bytesOf(vector, 'agentKey'),
        wall: epochSeconds(Number(vector['wall'])),
      };
      const checked = checkProof(bytesOf(vector, 'proof'), question, primitives);
      return checked.ok ? 'believed' : checked.error;
    };
    for (const vector of valid) assert.is(faultOf(vector), 'believed', labelOf(vector));
    for (const vector of invalid) assert.is(faultOf(vector), vector['fault'], labelOf(vector));
  });

  vectors(`each grant is worth its wish or not for its reason: ${twin}`, () => {
    const { valid, invalid } = load('grants.json');
    for (const vector of valid) assert.is(worthOf(vector, primitives), 'worth', labelOf(vector));
    for (const vector of invalid)
      assert.is(worthOf(vector, primitives), vector['fault'], labelOf(vector));
  });

  vectors(`each borrow token is read or refused for its reason: ${twin}`, () => {
    const { valid, invalid } = load('borrow-tokens.json');
    for (const vector of valid) {
      const opened = openBorrowToken(bytesOf(vector, 'document'), primitives);
      assert.ok(opened.ok, labelOf(vector));
      if (!opened.ok) continue;
      assert.is(leaseId(opened.value.token.clientKey), vector['lease']);
      assert.is(bytesToHex(opened.value.signer), vector['signer']);
    }
    for (const vector of invalid) {
      const opened = openBorrowToken(bytesOf(vector, 'document'), primitives);
      assert.is(opened.ok ? 'read' : opened.error, vector['fault'], labelOf(vector));
    }
  });

  vectors(`no key of small order is agreed with: ${twin}`, () => {
    const { valid, invalid } = load('keys.json');
    const secret = bytesOf(valid[0] ?? {}, 'clientSecret');
    for (const vector of invalid)
      assert.is(primitives.agree(secret, bytesOf(vector, 'agentKey')), undefined);
  });
}

vectors('each version is covered by its range or not', () => {
  for (const { oldest, newest, version, covered } of load('versions.json').valid) {
    const versions = { oldest, newest } as AppVersions;
    const isFree = oldest === null && newest === null;
    const covers = version === null ? isFree : coversVersion(versions, String(version));
    assert.is(covers, covered, `${oldest} to ${newest}: ${version}`);
  }
});

vectors('each text holds its document or has its fault', () => {
  const { valid, invalid } = load('armor.json');
  for (const vector of valid) {
    const blocks = dearmor('license', textOf(vector, 'text'), nativePrimitives);
    const found = blocks.map((block) => (block.ok ? bytesToHex(block.value) : block.error));
    assert.equal(found, [vector['document']], labelOf(vector));
  }
  for (const vector of invalid) {
    const blocks = dearmor('license', textOf(vector, 'text'), nativePrimitives);
    const found = blocks.map((block) => (block.ok ? 'read' : block.error));
    assert.equal(found, [vector['fault']], labelOf(vector));
  }
});

vectors.run();
