/**
 * Sends one plain message by SMTP (RFC 5321), with STARTTLS where it is offered and AUTH PLAIN. One
 * kind of mail to one server is all that alarms need: a mailer would be half a megabyte for it.
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the start. */
  readonly isSecure: boolean;
  readonly user: string;
  readonly password: string;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

const PATIENCE_MS = 20_000;
const REPLY_MAX = 65_536;

/** Resolves when the server has taken it; rejects with why not, after `patience` milliseconds at most. */
export const sendMail = async (
  server: MailServer,
  mail: Mail,
  patience = PATIENCE_MS,
): Promise<void> => {
  const { host, port, isSecure } = server;
  const socket = isSecure ? connectTls({ host, port, servername: host }) : connect({ host, port });
  const timer = setTimeout(() => socket.destroy(new Error('it does not answer')), patience);
  let talk = new Talk(socket);
  try {
    await talk.expect(2);
    let offers = await talk.greet();
    if (!isSecure && /^STARTTLS$/im.test(offers)) {
      await talk.say('STARTTLS', 2);
      const secure = connectTls({ socket, servername: host });
      await once(secure, 'secureConnect');
      talk = new Talk(secure);
      offers = await talk.greet();
    } else if (!isSecure && server.user !== '') {
      throw new Error('it offers no TLS, and no password is sent without');
    }
    await deliver(talk, server, mail);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
};

const deliver = async (talk: Talk, { user, password }: MailServer, mail: Mail): Promise<void> => {
  if (user !== '') {
    const word = Buffer.from(`\0${user}\0${password}`).toString('base64');
    await talk.say(`AUTH PLAIN ${word}`, 2);
  }
  await talk.say(`MAIL FROM:<${mail.from}>`, 2);
  for (const to of mail.to) await talk.say(`RCPT TO:<${to}>`, 2);
  await talk.say('DATA', 3);
  await talk.say(messageOf(mail), 2);
  await talk.say('QUIT', 2).catch(() => {});
};

const messageOf = ({ from, to, subject, text }: Mail): string => {
  const encoded = `=?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`;
  const body = Buffer.from(text).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  return [
    `From: Usher <${from}>`,
    `To: ${to.map((one) => `<${one}>`).join(', ')}`,
    `Subject: ${encoded}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    body,
    '.',
  ].join('\r\n');
};

/** Lines to the server and its replies, one after the other. */
class Talk {
  readonly #socket: Socket;
  readonly #chunks: AsyncIterator<Buffer>;
  #heard = '';

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#chunks = socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  async greet(): Promise<string> {
    const offers = await this.say(
      `EHLO ${hostname().replaceAll(/[^\w.-]/g, '') || 'localhost'}`,
      2,
    );
    return offers.replaceAll(/^\d{3}[ -]/gm, '');
  }

  async say(line: string, kind: number): Promise<string> {
    this.#socket.write(`${line}\r\n`);
    return this.expect(kind);
  }

  /** A reply of this first digit, of one line or several. */
  async expect(kind: number): Promise<string> {
    for (;;) {
      const found = /^(?:\d{3}-.*\r?\n)*\d{3}(?: .*)?\r?\n/.exec(this.#heard);
      if (found !== null) {
        const [reply] = found;
        this.#heard = this.#heard.slice(reply.length);
        if (reply.startsWith(String(kind))) return reply;
        throw new Error(`it said ${reply.trim().slice(0, 200)}`);
      }
      const next = await this.#chunks.next();
      if (next.done === true) throw new Error('it hung up');
      this.#heard += next.value.toString('latin1');
      if (this.#heard.length > REPLY_MAX) throw new Error('it says too much');
    }
  }
}
