import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  buildDnsAnswer,
  buildDnsQuestion,
  DNS_TYPE,
  readDnsMessage,
  SERVICE,
} from '../../protocol/dns-message.ts';

const dns = suite('dns message');

const ANSWER = {
  service: SERVICE,
  host: 'usher-1',
  port: 24_711,
  addresses: [new Uint8Array([10, 0, 0, 1])],
};

dns('a question and an answer read as they were written', () => {
  const question = readDnsMessage(buildDnsQuestion({ name: SERVICE, type: DNS_TYPE.ptr }));
  assert.equal(question, {
    isResponse: false,
    questions: [{ name: SERVICE, type: DNS_TYPE.ptr }],
    services: [],
  });
  const answer = readDnsMessage(buildDnsAnswer(ANSWER));
  assert.ok(answer?.isResponse);
  assert.equal(answer?.services, [{ name: `usher-1.${SERVICE}`, port: 24_711 }]);
});

/** As other programs write it: in capitals, and with a name that goes on where another began. */
const COMPRESSED = Uint8Array.from(
  Buffer.from(
    '000084000000000100000000' +
      '065f5553484552045f756470056c6f63616c00' +
      '00210001000000780008' +
      '000000006087c00c',
    'hex',
  ),
);

dns('names are read in any case, and where they go on elsewhere', () => {
  assert.equal(readDnsMessage(COMPRESSED)?.services, [{ name: SERVICE, port: 0x6087 }]);
});

dns('a message that is cut short, or a name that never ends, is nothing', () => {
  const answer = buildDnsAnswer(ANSWER);
  for (let size = 0; size < answer.length; size++) {
    assert.is(readDnsMessage(answer.subarray(0, size)), undefined, `${size} bytes`);
  }
  const loop = new Uint8Array([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 12, 0, 1]);
  assert.is(readDnsMessage(loop), undefined);
  const many = new Uint8Array([0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0]);
  assert.is(readDnsMessage(many), undefined);
});

dns.run();
