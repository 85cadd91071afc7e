/** Keys, signatures, windows and deadlines. */

import { bytesToHex, utf8ToBytes } from '../../protocol/bytes.ts';
import { keyId, leaseId } from '../../protocol/ids.ts';
import { agentDeadline, clientDeadline } from '../../protocol/lease-time.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { isFresh, markSeen } from '../../protocol/replay-window.ts';
import { instant, seconds } from '../../protocol/units.ts';
import { AGENT_KEYS, CLIENT_KEYS, type Json, VENDOR_KEYS, type VectorFile } from './fixed.ts';
import { SESSION_KEYS } from './frames.ts';

/** X25519 public keys whose shared secret is all zero (RFC 7748, section 7). */
const SMALL_ORDER_AGREEMENT: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

/** `keys.json`. */
export const keyVectors = (): VectorFile => {
  const shared = primitives.agree(CLIENT_KEYS.secretKey, AGENT_KEYS.publicKey);
  return {
    about:
      'Every key, and the session keys of client and agent. "agentKey" of an invalid one must be refused.',
    valid: [
      {
        name: 'session',
        clientSecret: bytesToHex(CLIENT_KEYS.secretKey),
        clientKey: bytesToHex(CLIENT_KEYS.publicKey),
        agentSecret: bytesToHex(AGENT_KEYS.secretKey),
        agentKey: bytesToHex(AGENT_KEYS.publicKey),
        shared: bytesToHex(shared ?? new Uint8Array()),
        requestKey: bytesToHex(SESSION_KEYS.request),
        replyKey: bytesToHex(SESSION_KEYS.reply),
        leaseId: leaseId(CLIENT_KEYS.publicKey),
      },
      {
        name: 'vendor',
        seed: bytesToHex(VENDOR_KEYS.secretKey),
        vendorKey: bytesToHex(VENDOR_KEYS.publicKey),
        keyId: keyId(primitives.sha512, VENDOR_KEYS.publicKey),
        message: bytesToHex(utf8ToBytes('usher')),
        signature: bytesToHex(primitives.sign(utf8ToBytes('usher'), VENDOR_KEYS)),
      },
    ],
    invalid: SMALL_ORDER_AGREEMENT.map((agentKey) => ({ reason: 'small order', agentKey })),
  };
};

/** Numbers as they come in; the window starts empty, with a highest of 0. */
const HEARD: readonly number[] = [
  1, 1, 0, 0, 3, 2, 2, 40, 9, 8, 39, 39, 71, 39, 40, 72, 41, 40, 1000, 969, 968,
  9_007_199_254_740_991,
];

/** `replay-window.json`. */
export const windowVectors = (): VectorFile => {
  let highest = 0;
  let bits = 0;
  const heard: Json[] = [];
  for (const number of HEARD) {
    const fresh = isFresh(highest, bits, number);
    heard.push({ number, fresh });
    if (!fresh) continue;
    bits = markSeen(highest, bits, number);
    highest = Math.max(highest, number);
  }
  const about =
    'Numbers of one session in the order in which they come in, from an empty window. Those that are not fresh must be dropped.';
  return { about, valid: heard, invalid: [] };
};

/** `lease-time.json`. */
export const deadlineVectors = (): VectorFile => ({
  about: 'Milliseconds: a request sent at 0 and received at 250, by the term in seconds.',
  valid: [10, 60, 600, 3600, 86_400].map((term) => ({
    term,
    clientBelievesBefore: clientDeadline(instant(0), seconds(term)),
    agentCountsUntil: agentDeadline(instant(250), seconds(term)),
  })),
  invalid: [],
});
