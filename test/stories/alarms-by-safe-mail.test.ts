import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import * as assert from 'uvu/assert';
import { type Certificate, ownCertificate } from '../../agent/admin/web/certificate.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';

/** What a mail server was told, over which line. */
interface Told {
  readonly line: string;
  readonly isSafe: boolean;
}

/** A server that takes mail only over TLS, from who knows its password. */
const openServer = async ({ cert, key }: Certificate, word: string, offersTls: boolean) => {
  const told: Told[] = [];
  const mails: string[] = [];
  /** One for each who has hung up. */
  const left: true[] = [];
  const serve = (socket: Socket, isSafe: boolean): void => {
    let text = '';
    let isData = false;
    let isIn = false;
    const answer = (line: string): string => {
      if (line.startsWith('EHLO')) {
        const offers = isSafe ? 'AUTH PLAIN LOGIN' : offersTls ? 'STARTTLS' : 'AUTH PLAIN';
        return `250-sink\r\n250-8BITMIME\r\n250 ${offers}`;
      }
      if (line.startsWith('AUTH')) {
        isIn = isSafe && line === `AUTH PLAIN ${word}`;
        return isIn ? '235 welcome' : '535 no';
      }
      if (line === 'STARTTLS') return '220 go on';
      isData = line === 'DATA' && isIn;
      if (isData) return '354 go on';
      return isIn ? '250 ok' : '530 sign in first';
    };
    const hear = (piece: Buffer): void => {
      text += piece.toString();
      for (;;) {
        const end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        if (isData) {
          mails.push(line);
          isData = false;
          socket.write('250 ok\r\n');
          continue;
        }
        told.push({ line, isSafe });
        socket.write(`${answer(line)}\r\n`);
        if (line !== 'STARTTLS') continue;
        socket.off('data', hear);
        return serve(new TLSSocket(socket, { isServer: true, cert, key }), true);
      }
    };
    socket.on('error', () => {});
    socket.on('data', hear);
    if (!isSafe) socket.write('220 sink\r\n');
  };
  const server = createServer((socket) => {
    socket.on('close', () => left.push(true));
    serve(socket, false);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { told, mails, left, port, [Symbol.asyncDispose]: async () => void server.close() };
};

const USER = 'alarms';
const PASSWORD = 'wholly:secret';
const WORD = Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64');

/** An agent with a license that ends soon, and this server for its alarms. */
const serveWith = async (site: Site, port: number, trust: string): Promise<void> => {
  const name = `${USER}:${encodeURIComponent(PASSWORD)}`;
  const env = {
    USHER_ALARM_SMTP: `smtp://${name}@localhost:${port}`,
    USHER_ALARM_MAIL: 'admin@example.com',
    NODE_EXTRA_CA_CERTS: trust,
  };
  const agent = site.start(['serve'], { env });
  await agent.saying(/Serving on UDP port/);
  const expires = epochSeconds(Math.floor(Date.now() / 1000) + 3 * 86_400);
  await site.addLicense({ expires });
};

const prepare = async (site: Site): Promise<Certificate & { readonly path: string }> => {
  const made = await ownCertificate(site.file('mail.pem'), ['localhost'], new Date());
  const path = site.file('mail-ca.pem');
  await writeFile(path, made.cert);
  return { ...made, path };
};

story('S7: a mail server hears the password over TLS alone, and takes the alarm', async () => {
  await using site = await Site.open();
  const made = await prepare(site);
  await using mail = await openServer(made, WORD, true);
  await serveWith(site, mail.port, made.path);
  const text = await until('a mail came', async () => mail.mails[0]);
  assert.match(text, /^To: <admin@example\.com>/m);
  const open = mail.told.filter(({ isSafe }) => !isSafe).map(({ line }) => line.split(' ')[0]);
  assert.equal(open, ['EHLO', 'STARTTLS']);
  assert.ok(mail.told.some(({ line, isSafe }) => isSafe && line === `AUTH PLAIN ${WORD}`));
});

story(
  'S7: no password is sent to a mail server without TLS, or with a name not its own',
  async () => {
    await using site = await Site.open();
    const made = await prepare(site);
    await using open = await openServer(made, WORD, false);
    await serveWith(site, open.port, made.path);
    await using other = await Site.open();
    await using forged = await openServer(made, WORD, true);
    const nobody = other.file('none.pem');
    await writeFile(nobody, '');
    await serveWith(other, forged.port, nobody);
    await until('it hung up', async () => open.left[0]);
    await until('it hung up on the other', async () => forged.left[0]);
    assert.is(forged.told.at(-1)?.line, 'STARTTLS');
    const said = [...open.told, ...forged.told].map(({ line }) => line);
    assert.not(
      said.some((line) => line.startsWith('AUTH')),
      said.join('\n'),
    );
    assert.equal([open.mails, forged.mails], [[], []]);
  },
);

tellStories();
