import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isAddressedTo } from '../../../protocol/client/addressed.ts';
import { NONCE_SIZE } from '../../../protocol/limits.ts';
import { SPOKEN } from '../../../protocol/offers.ts';
import { buildOffer, buildReply, TAG_SIZE } from '../../../protocol/packet.ts';

const addressed = suite('whom a datagram is for');

const me = { nonce: new Uint8Array(16).fill(1), clientKey: new Uint8Array(32).fill(2) };
const other = { nonce: new Uint8Array(16).fill(3), clientKey: new Uint8Array(32).fill(4) };

const offerTo = ({ nonce }: typeof me): Uint8Array =>
  buildOffer({
    nonce,
    versions: SPOKEN,
    agentKey: new Uint8Array(32),
    epoch: new Uint8Array(8),
    cookie: new Uint8Array(16),
    name: 'agent',
    version: '0',
    products: [],
    more: 0,
  }) ?? new Uint8Array();

const replyTo = ({ clientKey }: typeof me): Uint8Array =>
  buildReply(
    clientKey.subarray(0, TAG_SIZE),
    new Uint8Array(NONCE_SIZE),
    { kind: 'released', id: 1 },
    new Uint8Array(32),
  );

addressed('an offer by its nonce, a reply by the start of the key', () => {
  for (const build of [offerTo, replyTo]) {
    assert.ok(isAddressedTo(build(me), me));
    assert.not(isAddressedTo(build(other), me));
  }
});

addressed(
  'an offer of another build, with more fields than a short list has, is looked into',
  () => {
    const short = offerTo(other);
    const long = new Uint8Array([...short.subarray(0, 4), 0xdc, 0, 16, ...short.subarray(5)]);
    assert.ok(isAddressedTo(long, me));
  },
);

addressed('what is cut off is for nobody, or looked into', () => {
  for (const whole of [offerTo(other), replyTo(other)]) {
    for (let length = 0; length < 30; length++) isAddressedTo(whole.subarray(0, length), me);
  }
  assert.not(isAddressedTo(replyTo(me).subarray(0, 11), me));
});

addressed.run();
