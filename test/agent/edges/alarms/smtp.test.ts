/** Mail to a server: by TLS where it is to be had, and a password by nothing else. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MailServer, sendMail } from '../../../../agent/edges/alarms/smtp.ts';
import { MailDouble, type MailManners, wordOf } from './mail-server.ts';

const MAIL = { from: 'a@example.com', to: ['b@example.com', 'c@example.com'], subject: 'Grüße' };
const LETTER = { ...MAIL, text: `${'ä long line '.repeat(40)}\n.\nend\n` };
const WORD = wordOf('ann', 'secret');

const at = ({ port }: MailDouble, more: Partial<MailServer> = {}): MailServer => ({
  ...{ host: 'localhost', port, isSecure: false, user: 'ann', password: 'secret' },
  ...more,
});

const MODULE = pathToFileURL(join('build', 'out', 'js', 'agent', 'edges', 'alarms', 'smtp.js'));

/** Sends it from a process that trusts the server's certificate; what went wrong, or nothing. */
const sendTrusting = async (double: MailDouble, server: MailServer): Promise<string> => {
  const words = JSON.stringify([server, LETTER]);
  const script = `import { sendMail } from '${MODULE}'; await sendMail(...${words});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: double.certificate },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return code === 0 ? '' : said;
};

const why = (server: MailServer, patience?: number): Promise<string> =>
  sendMail(server, LETTER, patience).then(
    () => 'sent',
    (error: Error) => error.message,
  );

const isDelivered = (double: MailDouble, lines: readonly string[]): void => {
  assert.ok(lines.includes(`AUTH PLAIN ${WORD}`));
  assert.ok(lines.includes('MAIL FROM:<a@example.com>'));
  assert.ok(lines.includes('RCPT TO:<c@example.com>'));
  assert.is(double.mails.length, 1);
  const [head = '', body = ''] = (double.mails[0] ?? '').split('\r\n\r\n');
  assert.match(head, /^To: <b@example\.com>, <c@example\.com>$/m);
  const [, subject = ''] = /^Subject: =\?UTF-8\?B\?(.*)\?=$/m.exec(head) ?? [];
  assert.is(Buffer.from(subject, 'base64').toString(), LETTER.subject);
  assert.is(Buffer.from(body, 'base64').toString(), LETTER.text);
  assert.ok(body.split('\r\n').every((line) => line.length <= 76));
};

const withServer =
  (manners: MailManners, what: (double: MailDouble) => Promise<void>): (() => Promise<void>) =>
  async () => {
    await using double = await MailDouble.start(manners);
    await what(double);
  };

test(
  'where TLS is offered it is taken before anything else is said',
  withServer({ tls: 'offered', word: WORD }, async (double) => {
    assert.is(await sendTrusting(double, at(double)), '');
    assert.is(double.open.length, 2);
    assert.match(double.open[0] ?? '', /^EHLO /);
    assert.is(double.open[1], 'STARTTLS');
    isDelivered(double, double.sealed);
  }),
);

test(
  'TLS from the start',
  withServer({ tls: 'at-once', word: WORD }, async (double) => {
    assert.is(await sendTrusting(double, at(double, { isSecure: true })), '');
    assert.equal(double.open, []);
    isDelivered(double, double.sealed);
  }),
);

test(
  'what was said in the open behind the word for TLS counts for nothing',
  withServer(
    { tls: 'offered', word: WORD, smuggled: '250-evil\r\n250 AUTH PLAIN\r\n235 in\r\n' },
    async (double) => {
      const said = await sendTrusting(double, at(double));
      if (said === '') isDelivered(double, double.sealed);
      assert.not(double.open.some((line) => line.includes(WORD)));
    },
  ),
);

test(
  'a wrong password is said in the server’s own words',
  withServer({ tls: 'offered', word: WORD }, async (double) => {
    const said = await sendTrusting(double, at(double, { password: 'wrong' }));
    assert.match(said, /it said 535 who are you/);
    assert.is(double.mails.length, 0);
  }),
);

test(
  'a server that nobody vouches for gets neither password nor mail',
  withServer({ tls: 'offered', word: WORD }, async (double) => {
    assert.match(await why(at(double)), /self-signed certificate/);
    assert.equal(double.sealed, []);
    assert.is(double.mails.length, 0);
  }),
);

test(
  'a password is not sent in the open',
  withServer({ tls: 'none', word: WORD }, async (double) => {
    assert.is(await why(at(double)), 'it offers no TLS, and no password is sent without');
    assert.is(double.open.length, 1);
    assert.is(await why(at(double, { user: '' })), 'sent');
    assert.is(double.mails.length, 1);
  }),
);

test(
  'who falls silent is not waited for',
  withServer({ tls: 'offered', fallsSilent: true }, async (double) => {
    assert.is(await why(at(double), 200), 'it does not answer');
  }),
);

test.run();
