/** A gateway of etcd's as a test wants it: it says what it is told to, and keeps what it heard. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly path: string;
  readonly token: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

type Say = (heard: Heard, response: ServerResponse) => void;

export class Gateway implements Disposable {
  readonly heard: Heard[] = [];
  readonly #server: Server;
  say: Say = () => {};

  private constructor() {
    this.#server = createServer((request, response) => void this.#hear(request, response));
  }

  static async open(say: Say): Promise<Gateway> {
    const gateway = new Gateway();
    gateway.say = say;
    gateway.#server.listen(0, '127.0.0.1');
    await once(gateway.#server, 'listening');
    return gateway;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  /** The paths that were asked for, in their order. */
  get paths(): readonly string[] {
    return this.heard.map(({ path }) => path);
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const heard = {
      path: request.url ?? '',
      token: request.headers.authorization,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    };
    this.heard.push(heard);
    this.say(heard, response);
  }
}

/** Answers with JSON. */
export const tell = (response: ServerResponse, fields: unknown, status = 200): void =>
  void response.writeHead(status).end(JSON.stringify(fields));

/** Answers with an error as gRPC numbers them. */
export const tellError = (
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
) => tell(response, { error: message, message, code }, status);

/** A transaction that was done, without entries. */
export const DONE = { header: { revision: '7' }, succeeded: true };

/** The same, of a member of a cluster. */
export const doneBy = (member: string, cluster = '1') => ({
  ...DONE,
  header: { ...DONE.header, cluster_id: cluster, member_id: member },
});

/** An address where nobody answers: of a server that has closed again. */
export const nobody = async (): Promise<URL> => {
  using gateway = await Gateway.open(() => {});
  return gateway.url;
};
