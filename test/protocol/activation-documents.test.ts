import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Activation,
  openActivation,
  signActivation,
  signEmergency,
} from '../../protocol/activation.ts';
import {
  openActivationRequest,
  REQUEST_KINDS,
  signActivationRequest,
} from '../../protocol/activation-request.ts';
import {
  ACTIVATION_REFUSALS,
  answerFault,
  openActivationResponse,
  signActivationResponse,
} from '../../protocol/activation-response.ts';
import { openAllIssued } from '../../protocol/any-document.ts';
import { equalBytes } from '../../protocol/bytes.ts';
import { CERTIFIED_USES, openCertificate, signCertificate } from '../../protocol/certificate.ts';
import { licenseId } from '../../protocol/ids.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import type { Result } from '../../protocol/result.ts';
import { openReceipt, signReceipt } from '../../protocol/return-receipt.ts';
import { openRevocations, signRevocations } from '../../protocol/revocations.ts';
import type { DocumentFault, SigningKeys } from '../../protocol/signed-document.ts';
import { openLicense } from '../../protocol/signed-license.ts';
import { openStanding, STANDING_STATES, signStanding } from '../../protocol/standing.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { issuingKey, type VendorOrigin } from '../../protocol/vendor-document.ts';
import {
  AGENT_SIGNING_KEYS,
  certified,
  ISSUER_KEYS,
} from '../../scripts/vectors/activation-keys.ts';
import { LICENSE_BYTES, VENDOR_KEYS } from '../../scripts/vectors/fixed.ts';
import { anyBytes, anyDate, anyText, anyUint, record } from './arbitrary.ts';

const LAST = 0xffff_ffff;
/** Certified for ever, so that any date fits. */
const ISSUER = certified({ starts: epochSeconds(0), ends: epochSeconds(LAST) });

const anyHost = fc.uint8Array({ maxLength: 145 });
const anyLicenseId = anyBytes(16).map(licenseId);
/** A date at which the issuer may sign. */
const anyIssue = fc.nat(LAST - 2).map(epochSeconds);
const anyKeys: fc.Arbitrary<SigningKeys> = fc.constantFrom(VENDOR_KEYS, ISSUER);
const anyEnd = (issued: number) => fc.integer({ min: issued + 1, max: LAST }).map(epochSeconds);

const anyActivation: fc.Arbitrary<Omit<Activation, 'kind'>> = anyIssue.chain((issued) =>
  record({
    license: anyLicenseId,
    licenseHash: anyBytes(32),
    agent: record({
      signingKey: fc.constant(AGENT_SIGNING_KEYS.publicKey),
      boxKey: anyBytes(32),
    }),
    host: anyHost,
    number: fc.integer({ min: 1, max: LAST }),
    issued: fc.constant(issued),
    until: fc.option(anyEnd(issued)),
    nonce: fc.option(anyBytes(16)),
  }),
);

const anyRequest = record({
  kind: fc.constantFrom(...REQUEST_KINDS),
  boxKey: anyBytes(32),
  host: anyHost,
  wanted: fc.uniqueArray(record({ license: anyLicenseId, licenseHash: anyBytes(32) }), {
    minLength: 1,
    maxLength: 32,
    selector: ({ license }) => license,
  }),
  nonce: anyBytes(16),
  number: anyUint,
  made: anyDate,
  version: anyText(0, 64),
  hostName: anyText(0, 128),
});

const anyResponse = record({
  nonce: anyBytes(16),
  signingKey: anyBytes(32),
  issued: anyIssue,
  documents: fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 64 }),
  refusals: fc.array(
    record({
      license: anyLicenseId,
      code: fc.constantFrom(...ACTIVATION_REFUSALS),
      sentence: anyText(1, 100),
    }),
    { maxLength: 32 },
  ),
});

const anyStanding = fc.constantFrom(...STANDING_STATES).chain((state) =>
  record({
    license: anyLicenseId,
    number: fc.integer({ min: 1, max: LAST }),
    state: fc.constant(state),
    agent: state === 'freed' ? anyBytes(32) : fc.constant(null),
    issued: anyIssue,
    reason: anyText(0, 256),
  }),
);

const anyReceipt = record({
  license: anyLicenseId,
  activationHash: anyBytes(32),
  nonce: anyBytes(16),
  made: anyDate,
});

const anyCertificate = anyIssue.chain((starts) =>
  record({
    key: anyBytes(32),
    uses: fc.subarray([...CERTIFIED_USES], { minLength: 1 }),
    starts: fc.constant(starts),
    ends: anyEnd(starts),
    number: anyUint,
  }),
);

const anyRevocations = record({
  issued: anyDate,
  number: anyUint,
  keys: fc.array(anyBytes(32), { maxLength: 64 }),
});

/** A document of each kind: what goes in, and what comes out. */
interface Subject {
  readonly any: fc.Arbitrary<{ readonly bytes: Uint8Array; readonly said: unknown }>;
  readonly open: (bytes: Uint8Array, primitives: Primitives) => Result<unknown, DocumentFault>;
  /** What was said, of what was opened. */
  readonly pick: (opened: never) => unknown;
}

const signedBy = <T>(
  any: fc.Arbitrary<T>,
  sign: (said: T, keys: SigningKeys) => Uint8Array | undefined,
) =>
  fc.tuple(any, anyKeys).map(([said, keys]) => {
    const bytes = sign(said, keys);
    if (bytes === undefined) throw new Error('more than fits');
    return { said, bytes };
  });

const SUBJECTS: Readonly<Record<string, Subject>> = {
  certificate: {
    any: signedBy(anyCertificate, (said) => signCertificate(said, VENDOR_KEYS, primitives)),
    open: openCertificate,
    pick: ({ certificate }: { certificate: unknown }) => certificate,
  },
  revocations: {
    any: signedBy(anyRevocations, (said) => signRevocations(said, VENDOR_KEYS, primitives)),
    open: openRevocations,
    pick: ({ revocations }: { revocations: unknown }) => revocations,
  },
  activation: {
    any: signedBy(anyActivation, (said, keys) => signActivation(said, keys, primitives)),
    open: openActivation,
    pick: ({ activation: { kind, ...said } }: { activation: Activation }) =>
      kind === 'vendor' ? said : kind,
  },
  emergency: {
    any: anyActivation
      .filter(({ until }) => until !== null)
      .map(({ number: _number, nonce: _nonce, ...said }) => ({
        said,
        bytes: signEmergency(said, AGENT_SIGNING_KEYS, primitives),
      })),
    open: openActivation,
    pick: ({ activation: { kind, number, nonce, ...said } }: { activation: Activation }) =>
      kind === 'emergency' && number === 0 && nonce === null ? said : kind,
  },
  request: {
    any: signedBy(anyRequest, (said) =>
      signActivationRequest(said, AGENT_SIGNING_KEYS, primitives),
    ),
    open: openActivationRequest,
    pick: ({ request }: { request: unknown }) => request,
  },
  response: {
    any: signedBy(anyResponse, (said, keys) => signActivationResponse(said, keys, primitives)),
    open: openActivationResponse,
    pick: ({ response }: { response: unknown }) => response,
  },
  standing: {
    any: signedBy(anyStanding, (said, keys) => signStanding(said, keys, primitives)),
    open: openStanding,
    pick: ({ standing }: { standing: unknown }) => standing,
  },
  receipt: {
    any: signedBy(anyReceipt, (said) => signReceipt(said, AGENT_SIGNING_KEYS, primitives)),
    open: openReceipt,
    pick: ({ receipt }: { receipt: unknown }) => receipt,
  },
};

const documents = suite('documents of activation');

for (const [kind, { any, open, pick }] of Object.entries(SUBJECTS)) {
  documents(`${kind}: what is signed reads back`, () => {
    fc.assert(
      fc.property(any, ({ bytes, said }) => {
        const opened = open(bytes, primitives);
        assert.ok(opened.ok, opened.ok ? '' : opened.error);
        if (opened.ok) assert.equal(pick(opened.value as never), said);
      }),
      { numRuns: 60 },
    );
  });

  documents(`${kind}: no change of a byte, and no cut, is read`, () => {
    const [sample] = fc.sample(any, { numRuns: 1, seed: 7 });
    const { bytes } = sample ?? { bytes: new Uint8Array() };
    for (let i = 0; i < bytes.length; i++) {
      const step = Math.max(1, Math.floor(bytes.length / 1500));
      if (i % step === 0) {
        const changed = bytes.with(i, (bytes[i] ?? 0) ^ (1 + (i % 255)));
        assert.not.ok(open(changed, primitives).ok, `byte ${i}`);
      }
      assert.not.ok(open(bytes.subarray(0, i), primitives).ok, `cut at ${i}`);
    }
  });

  documents(`${kind}: no document of another kind is one`, () => {
    for (const [other, subject] of Object.entries(SUBJECTS)) {
      if (subject.open === open) continue;
      const [sample] = fc.sample(subject.any, { numRuns: 1, seed: 7 });
      const opened = open(sample?.bytes ?? new Uint8Array(), primitives);
      assert.is(opened.ok ? 'read' : opened.error, 'other-kind', other);
    }
    const opened = open(LICENSE_BYTES, primitives);
    assert.is(opened.ok ? 'read' : opened.error, 'other-kind');
  });
}

documents('a certified key signs for the vendor of its certificate', () => {
  const [said] = fc.sample(anyStanding, 1);
  if (said === undefined) throw new Error('no sample');
  const opened = openStanding(signStanding(said, ISSUER, primitives), primitives);
  assert.ok(opened.ok);
  const origin: VendorOrigin = opened.value;
  assert.ok(equalBytes(origin.vendor, VENDOR_KEYS.publicKey));
  assert.ok(equalBytes(issuingKey(origin), ISSUER_KEYS.publicKey));
});

documents('a response answers one request of one agent', () => {
  const [request] = fc.sample(anyRequest, 1);
  const [answer] = fc.sample(anyResponse, 1);
  if (request === undefined || answer === undefined) throw new Error('no sample');
  const agent = { signingKey: AGENT_SIGNING_KEYS.publicKey, boxKey: request.boxKey };
  const response = { ...answer, nonce: request.nonce, signingKey: agent.signingKey };
  const asked = { request, agent };
  assert.is(answerFault({ response }, asked), undefined);
  const other = new Uint8Array(32).fill(9);
  assert.is(answerFault({ response: { ...response, signingKey: other } }, asked), 'other-agent');
  const nonce = other.slice(16);
  assert.is(answerFault({ response: { ...response, nonce } }, asked), 'other-request');
});

documents('a response is never longer than may be read', () => {
  const response = {
    nonce: new Uint8Array(16),
    signingKey: new Uint8Array(32),
    issued: epochSeconds(9),
    documents: Array.from({ length: 4 }, () => new Uint8Array(16_000)),
    refusals: [],
  };
  assert.is(signActivationResponse(response, ISSUER, primitives), undefined);
  for (let size = 61_000; size < 61_440; size += 10) {
    const documents = [16_000, 16_000, 16_000, size - 48_000].map((n) => new Uint8Array(n));
    const bytes = signActivationResponse({ ...response, documents }, ISSUER, primitives);
    assert.ok(bytes === undefined || openActivationResponse(bytes, primitives).ok, `${size}`);
  }
});

documents('the documents of a response are read all, or none', () => {
  const [standing] = fc.sample(anyStanding, 1);
  if (standing === undefined) throw new Error('no sample');
  const good = [LICENSE_BYTES, signStanding(standing, ISSUER, primitives)];
  const read = openAllIssued(good, primitives);
  assert.equal(read.ok && read.value.map(({ kind }) => kind), ['license', 'standing']);
  const cut = openAllIssued([...good, LICENSE_BYTES.slice(0, -1)], primitives);
  assert.equal(cut, { ok: false, error: 'malformed' });
  const [receipt] = fc.sample(SUBJECTS['receipt']?.any ?? fc.constant(null), 1);
  const other = openAllIssued([...good, receipt?.bytes ?? new Uint8Array()], primitives);
  assert.equal(other, { ok: false, error: 'other-kind' });
  assert.ok(openLicense(LICENSE_BYTES, primitives).ok);
});

documents.run();
