/** What is said in mDNS, and what an agent answers to it. */

import { MdnsResponder } from '../../../agent/core/discovery/mdns-responder.ts';
import { DNS_MAX, looksLikeQuery, parseDns } from '../../../protocol/dns/dns-message.ts';
import { buildServiceQuery, readServiceAnswer, SERVICE } from '../../../protocol/dns/service.ts';
import { isSiteAddress } from '../../../protocol/ip-address.ts';
import { instant } from '../../../protocol/units.ts';
import { promise, type Target } from '../target.ts';

const presence = {
  agentKey: new Uint8Array(32).fill(7),
  port: 24711,
  addresses: ['10.77.0.1', 'fe80::1'],
};

/** An answer is never longer, whatever was asked. */
const ANSWER_MAX = 1024;

const answerTo = (bytes: Uint8Array, fromPort: number) =>
  new MdnsResponder().answer({ bytes, link: 'eth0', presence, fromPort, isNear: true }, instant(0));

export const dns: Target = {
  name: 'dns',
  shape: 'bytes',
  most: DNS_MAX + 64,
  seeds: () => {
    const query = buildServiceQuery();
    const answer = new MdnsResponder().announce('eth0', presence, instant(0));
    return answer === undefined ? [query] : [query, answer];
  },
  run: (bytes) => {
    const message = parseDns(bytes);
    for (const fromPort of [5353, 40_000]) {
      const answer = answerTo(bytes, fromPort);
      if (answer === undefined) continue;
      promise(looksLikeQuery(bytes) && message?.isResponse === false, 'only a query is answered');
      promise(answer.bytes.length <= ANSWER_MAX, 'an answer is short');
      const isTold = answer.to === 'group' || answer.bytes.length <= bytes.length;
      promise(isTold, 'one asker is told no more than it said');
      promise(parseDns(answer.bytes)?.isResponse === true, 'an answer reads as one');
    }
    const found = readServiceAnswer(bytes, { zone: 'eth0', isNear: isSiteAddress });
    promise(found.length <= 8, 'an answer names few places');
    promise(found.length === 0 || message?.isResponse === true, 'a question names none');
    const named = message?.records.some(({ name }) => name.endsWith(SERVICE)) ?? false;
    promise(found.length === 0 || named, 'only who says that it is an agent is taken for one');
  },
};
