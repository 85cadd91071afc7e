/** A mail server for tests: it may offer TLS, ask for a password, and fall silent. */

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { ownCertificate } from '../../../../agent/admin/web/certificate.ts';

export interface MailManners {
  /** TLS from the start, when asked for, or never. */
  readonly tls: 'at-once' | 'offered' | 'none';
  /** What AUTH PLAIN must say, in base64. */
  readonly word?: string;
  /** Says nothing any more after STARTTLS. */
  readonly fallsSilent?: boolean;
  /** Said with the answer to STARTTLS, in the open: as somebody on the way would. */
  readonly smuggled?: string;
}

export class MailDouble implements AsyncDisposable {
  readonly mails: string[] = [];
  /** Lines that came in the open, and under TLS. */
  readonly open: string[] = [];
  readonly sealed: string[] = [];
  /** The file of its certificate, for `localhost`. */
  readonly certificate: string;
  readonly port: number;
  readonly #folder: string;
  readonly #close: () => void;

  private constructor(folder: string, certificate: string, port: number, close: () => void) {
    this.#folder = folder;
    this.certificate = certificate;
    this.port = port;
    this.#close = close;
  }

  static async start(manners: MailManners): Promise<MailDouble> {
    const folder = await mkdtemp(join(tmpdir(), 'usher-mail-'));
    const file = join(folder, 'certificate.pem');
    const pem = await ownCertificate(file, ['localhost'], new Date());
    const sockets = new Set<Socket>();
    const hear = (socket: Socket): void => {
      sockets.add(socket);
      socket.on('error', () => {});
      double?.hear(socket, manners, pem);
    };
    const server = manners.tls === 'at-once' ? createTlsServer(pem, hear) : createServer(hear);
    server.on('tlsClientError', () => {});
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const close = (): void => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
    const double: MailDouble = new MailDouble(folder, file, port, close);
    return double;
  }

  hear(socket: Socket, manners: MailManners, pem: { cert: string; key: string }): void {
    socket.write('220 double\r\n');
    this.#talk(socket, manners, () => {
      const secure = new TLSSocket(socket, { isServer: true, ...pem });
      secure.on('error', () => {});
      this.#talk(secure, manners, () => {});
    });
  }

  #talk(socket: Socket, manners: MailManners, startTls: () => void): void {
    const isSealed = socket instanceof TLSSocket;
    let text = '';
    let isData = false;
    const hear = (piece: Buffer): void => {
      text += piece.toString();
      for (;;) {
        const end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        if (isData) this.mails.push(line);
        else (isSealed ? this.sealed : this.open).push(line);
        const said = isData ? '250 taken' : this.#answer(line, isSealed, manners);
        isData = line === 'DATA';
        if (line === 'STARTTLS') {
          socket.off('data', hear);
          socket.write(`${said}\r\n${manners.smuggled ?? ''}`);
          if (manners.fallsSilent !== true) startTls();
          return;
        }
        socket.write(`${said}\r\n`);
      }
    };
    socket.on('data', hear);
  }

  #answer(line: string, isSealed: boolean, { tls, word }: MailManners): string {
    if (line.startsWith('EHLO')) {
      return `250-double\r\n${tls === 'offered' && !isSealed ? '250-STARTTLS\r\n' : ''}250 AUTH PLAIN`;
    }
    if (line === 'DATA') return '354 go on';
    if (line === 'STARTTLS') return '220 go on';
    if (line.startsWith('AUTH')) {
      return line === `AUTH PLAIN ${word}` ? '235 welcome' : '535 who are you';
    }
    return '250 fine';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What AUTH PLAIN says. */
export const wordOf = (user: string, password: string): string =>
  Buffer.from(`\0${user}\0${password}`).toString('base64');
