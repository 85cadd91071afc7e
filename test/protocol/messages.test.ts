import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import { discoverToValue, offerToValue, parseDiscover, parseOffer } from '../../protocol/offers.ts';
import { REFUSALS, type RefusalCode, refusalByNumber } from '../../protocol/refusal.ts';
import { parseReply, type Reply, replyToValue } from '../../protocol/replies.ts';
import { parseRequest, type Request, requestToValue } from '../../protocol/requests.ts';
import { anyDiscover, anyOffer, anyValue } from './arbitrary.ts';
import { anyReply, anyRequest } from './arbitrary-message.ts';

const over = (value: Value): Value | undefined => unpack(pack(value));
const later = (value: Value): Value => [...(value as readonly Value[]), 'later', [1, null]];

const messages = suite('messages');

/** With nil for what is left out, so that what follows stands behind it. */
const whole = (message: Request | Reply, value: Value): Value => {
  const values = value as readonly Value[];
  if (message.kind === 'granted') {
    return message.takeover === undefined ? [...values, null, null] : value;
  }
  if (message.kind === 'release') return 'returns' in message ? value : [...values, null];
  const mayHaveTicket = message.kind === 'acquire' || message.kind === 'queued';
  return mayHaveTicket && !('ticket' in message) ? [...values, null] : value;
};

messages('every message reads back, and with fields of a later minor version, too', () => {
  fc.assert(
    fc.property(anyDiscover, anyOffer, anyRequest, anyReply, (discover, offer, request, reply) => {
      for (const change of [(value: Value) => value, later]) {
        assert.equal(parseDiscover(over(change(discoverToValue(discover)))), discover);
        assert.equal(parseOffer(over(change(offerToValue(offer)))), offer);
        const parsed = parseRequest(over(change(whole(request, requestToValue(request)))));
        assert.equal(parsed, { id: request.id, request });
        assert.equal(parseReply(over(change(whole(reply, replyToValue(reply))))), reply);
      }
    }),
    { numRuns: 300 },
  );
});

messages('a message without its last field, but for one that may be left out, is none', () => {
  const short = (value: Value): Value => (value as readonly Value[]).slice(0, -1);
  fc.assert(
    fc.property(anyDiscover, anyOffer, anyRequest, anyReply, (discover, offer, request, reply) => {
      assert.is(parseDiscover(short(discoverToValue(discover))), undefined);
      assert.is(parseOffer(short(offerToValue(offer))), undefined);
      const [asked, said] = [requestToValue(request), replyToValue(reply)];

      assert.is(
        parseRequest(short('ticket' in request || 'returns' in request ? short(asked) : asked))
          ?.request,
        undefined,
      );
      const rest = 'takeover' in reply ? short(short(said)) : said;
      assert.is(parseReply(short('ticket' in reply ? short(said) : rest)), undefined);
    }),
    { numRuns: 300 },
  );
});

messages('arbitrary values never throw', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      parseDiscover(value);
      parseOffer(value);
      parseRequest(value);
      parseReply(value);
    }),
    { numRuns: 3000 },
  );
});

messages('a request that is not understood keeps its id, so that it can be refused', () => {
  assert.equal(parseRequest([99, 7, 'later']), { id: 7, request: undefined });
  assert.equal(parseRequest([1, 7]), { id: 7, request: undefined });
  assert.is(parseRequest([1]), undefined);
  assert.is(parseRequest(undefined), undefined);
});

messages('refusals have numbers of their own, and an unknown one is a bad request', () => {
  const codes = Object.keys(REFUSALS) as RefusalCode[];
  for (const code of codes) assert.is(refusalByNumber(REFUSALS[code].number), code);
  assert.is(new Set(codes.map((code) => REFUSALS[code].number)).size, codes.length);
  assert.is(refusalByNumber(0), 'bad-request');
  assert.is(refusalByNumber(4_000_000_000), 'bad-request');
});

messages.run();
