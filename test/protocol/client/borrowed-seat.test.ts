import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { signActivation } from '../../../protocol/activation.ts';
import {
  agentSigningKeys,
  type BorrowToken,
  resourceMark,
  signBorrowToken,
} from '../../../protocol/borrow-token.ts';
import {
  type Borrowing,
  type BorrowSituation,
  judgeBorrowing,
} from '../../../protocol/client/borrowed-seat.ts';
import { licenseId } from '../../../protocol/ids.ts';
import { nativePrimitives as primitives } from '../../../protocol/node/native-primitives.ts';
import { makeProof } from '../../../protocol/proof.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { signLicense } from '../../../protocol/signed-license.ts';
import { epochSeconds } from '../../../protocol/units.ts';
import {
  HASH,
  LICENSE,
  LICENSE_ID,
  poolOf,
  VENDOR_KEYS,
  WISH,
} from '../../../scripts/vectors/fixed.ts';
import {
  AGENT_SIGNING_KEYS,
  borrowingOf,
  FROM,
  HOST_CODE,
  licenseProof,
  OTHER_HOST_CODE,
  tokenOf,
  UNTIL,
} from './borrowings.ts';

const SITUATION: BorrowSituation = {
  vendorKeys: [VENDOR_KEYS.publicKey],
  hostCode: HOST_CODE,
  wall: epochSeconds(FROM + 3600),
  primitives,
};
const DOCUMENT = licenseProof();
const BORROWING = borrowingOf(DOCUMENT);

/** `held`, or the fault with what tells it from others of its kind. */
const verdict = (
  borrowing: Borrowing,
  wish: SeatWish | null = WISH,
  situation: Partial<BorrowSituation> = {},
): string => {
  const judged = judgeBorrowing(borrowing, wish, { ...SITUATION, ...situation });
  if (judged.ok) return 'held';
  const { error } = judged;
  if (error.kind === 'untrusted') return `untrusted ${error.reason}`;
  if (error.kind === 'not-covered') return `not-covered ${error.code}`;
  return error.kind;
};

const at = (wall: number): Partial<BorrowSituation> => ({ wall: epochSeconds(wall) });

const seats = suite('borrowed seat');

seats('is believed with an activation only of the agent that signed the token', () => {
  const terms = { agents: 1, emergency: null, refresh: null, master: null };
  const license = signLicense(
    { ...LICENSE, activation: terms },
    LICENSE_ID,
    VENDOR_KEYS,
    primitives,
  );
  const proofFor = (signingKey: Uint8Array, boxKey: Uint8Array): Uint8Array => {
    const agent = { signingKey, boxKey };
    const said = {
      license: licenseId(LICENSE_ID),
      licenseHash: hashDocument(license, primitives),
      agent,
      host: HOST_CODE,
      number: 1,
      issued: FROM,
      until: null,
      nonce: null,
    };
    return makeProof(license, { activation: signActivation(said, VENDOR_KEYS, primitives) });
  };
  const { agentKey } = tokenOf(DOCUMENT);
  const own = AGENT_SIGNING_KEYS.publicKey;
  assert.is(verdict(borrowingOf(proofFor(own, agentKey))), 'held');
  const other = VENDOR_KEYS.publicKey;
  assert.is(verdict(borrowingOf(proofFor(other, agentKey))), 'untrusted other-agent');
  assert.is(verdict(borrowingOf(proofFor(own, HASH))), 'untrusted other-agent');
  assert.is(verdict(borrowingOf(makeProof(license))), 'untrusted not-activated');
});

seats('is believed on its computer until its end, and says what it is', () => {
  const judged = judgeBorrowing(BORROWING, WISH, SITUATION);
  assert.ok(judged.ok);
  if (!judged.ok) return;
  assert.is(judged.value.until, UNTIL);
  assert.is(judged.value.class, 'developer');
  assert.is(judged.value.isForOneProcess, true);
  assert.is(judged.value.licenses[0].license.customer, 'Example Ltd');
  assert.is(verdict(BORROWING, null), 'held');
  assert.is(verdict(BORROWING, WISH, at(UNTIL - 1)), 'held');
  assert.is(verdict(BORROWING, WISH, at(UNTIL)), 'ended');
});

seats('a token of another agent than the one that lent it is forged', () => {
  const keys = agentSigningKeys(new Uint8Array(32).fill(8), primitives);
  const token = signBorrowToken(tokenOf(DOCUMENT), keys, primitives);
  assert.is(verdict({ ...BORROWING, token }), 'forged');
  const changed = BORROWING.token.with(200, (BORROWING.token[200] ?? 0) ^ 1);
  assert.is(verdict({ ...BORROWING, token: changed }), 'forged');
});

seats('the licenses behind it are those that the trusted vendor signed', () => {
  const stranger = primitives.signingKeys(new Uint8Array(32).fill(3)).publicKey;
  assert.is(verdict(BORROWING, WISH, { vendorKeys: [stranger] }), 'untrusted other-vendor');
  assert.is(verdict(BORROWING, WISH, { vendorKeys: null }), 'held');
  assert.is(verdict({ ...BORROWING, proofs: [] }), 'untrusted not-proven');
  const other = licenseProof({ customer: 'Another' });
  assert.is(verdict({ ...BORROWING, proofs: [other] }), 'untrusted not-proven');
  assert.is(verdict(borrowingOf(licenseProof({ product: 'x' }))), 'untrusted other-product');
  const hash = hashDocument(DOCUMENT, primitives);
  const parts = [{ document: hash, pool: 2, seats: 1 }];
  assert.is(verdict(borrowingOf(DOCUMENT, { parts })), 'untrusted not-proven', 'no such pool');
});

seats('on another computer it is not believed, and what differs is named', () => {
  const judged = judgeBorrowing(BORROWING, WISH, { ...SITUATION, hostCode: OTHER_HOST_CODE });
  assert.is(judged.ok, false);
  if (judged.ok || judged.error.kind !== 'other-host') return assert.unreachable();
  assert.equal(judged.error.different, ['mac']);
});

seats('a clock that is turned back revives nothing, and a small correction harms nothing', () => {
  const seenAt = epochSeconds(UNTIL - 7200);
  const seen = { ...BORROWING, seenAt };
  assert.is(verdict(seen, WISH, at(seenAt - 3600)), 'held');
  assert.is(verdict(seen, WISH, at(seenAt - 3601)), 'clock-back');
  assert.is(verdict({ ...BORROWING, seenAt: UNTIL }, WISH, at(UNTIL - 60)), 'ended');
  assert.is(verdict(BORROWING, WISH, at(FROM - 3601)), 'clock-back');
});

seats('the end comes by the clock of this computer, wherever that of the agent stood', () => {
  const slow = { ...BORROWING, askedAt: epochSeconds(FROM - 7200), seenAt: FROM };
  assert.is(verdict(slow, WISH, at(UNTIL - 7201)), 'held');
  assert.is(verdict(slow, WISH, at(UNTIL - 7200)), 'ended');
  const fast = { ...BORROWING, askedAt: epochSeconds(FROM + 7200) };
  assert.is(verdict(fast, WISH, at(UNTIL + 7199)), 'held');
  assert.is(verdict(fast, WISH, at(UNTIL + 7200)), 'ended');
  const apart = { ...BORROWING, askedAt: epochSeconds(FROM + 86_401) };
  assert.is(verdict(apart, WISH, at(FROM + 90_000)), 'clock-apart');
});

seats('covers what it was borrowed for and nothing else', () => {
  const wish = (changes: Partial<SeatWish>): string => verdict(BORROWING, { ...WISH, ...changes });
  assert.is(wish({ product: 'acme-cam' }), 'not-covered no-license');
  assert.is(wish({ class: 'developer', features: ['render'] }), 'held');
  assert.is(wish({ class: 'execution' }), 'not-covered no-class');
  assert.is(wish({ features: ['simulate'] }), 'not-covered no-feature');
  assert.is(wish({ weight: 2 }), 'not-covered too-heavy');
  assert.is(wish({ resource: 'sales' }), 'not-covered no-resource');
  const bounded = borrowingOf(licenseProof({ versions: { oldest: null, newest: '9' } }));
  assert.is(verdict(bounded, { ...WISH, version: '9.4' }), 'held');
  assert.is(verdict(bounded, { ...WISH, version: '10.0' }), 'not-covered no-version');
  assert.is(verdict(bounded), 'not-covered version-needed');
});

seats('a resource is the one that it was borrowed for', () => {
  const resource = resourceMark('sales', primitives.sha512);
  const borrowing = borrowingOf(licenseProof({ resource: '*' }), { resource });
  assert.is(verdict(borrowing, { ...WISH, resource: 'Sales' }), 'held');
  assert.is(verdict(borrowing, { ...WISH, resource: 'stock' }), 'not-covered no-resource');
  assert.is(verdict(borrowing), 'not-covered resource-needed');
});

seats('parts add up, and a license of type server switches its features on for them', () => {
  const server = licenseProof({ type: 'server', pools: [], features: ['simulate'] });
  const [own, everyones] = [DOCUMENT, server].map((one) => hashDocument(one, primitives));
  assert.ok(own !== undefined && everyones !== undefined);
  const parts: BorrowToken['parts'] = [
    { document: own, pool: 0, seats: 1 },
    { document: own, pool: 1, seats: 2 },
    { document: everyones, pool: null, seats: 0 },
  ];
  const borrowing = { ...borrowingOf(DOCUMENT, { parts }), proofs: [server, DOCUMENT] };
  const wish = { ...WISH, weight: 3, features: ['render', 'simulate'] };
  assert.is(verdict(borrowing, wish), 'held');
  assert.is(verdict(borrowing, { ...wish, weight: 4 }), 'not-covered too-heavy');
});

seats('what a user or a host shares, processes share', () => {
  const isForOne = (document: Uint8Array): boolean => {
    const judged = judgeBorrowing(borrowingOf(document), WISH, SITUATION);
    if (!judged.ok) throw new Error(judged.error.kind);
    return judged.value.isForOneProcess;
  };
  assert.is(isForOne(licenseProof()), true);
  assert.is(isForOne(licenseProof({ counting: 'host' })), false);
  assert.is(isForOne(licenseProof({ counting: 'user', pools: [poolOf(1)] })), false);
  assert.is(isForOne(licenseProof({ type: 'named' })), false);
});

seats.run();
