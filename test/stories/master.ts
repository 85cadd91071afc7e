/** A master of the stories: answers each call as it is told to, on a port of its own. */

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeMasterCall, type MasterCall } from '../../protocol/master-call.ts';

export interface Heard extends MasterCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Said {
  readonly status: number;
  readonly body: Uint8Array | string;
}

export class StoryMaster implements AsyncDisposable {
  readonly heard: Heard[] = [];
  readonly #server: Server;
  /** What it says next. */
  say: (call: Heard) => Said = () => ({ status: 503, body: '' });

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<StoryMaster> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const call = decodeMasterCall(new Uint8Array(Buffer.concat(chunks)));
        if (call === undefined) {
          response.writeHead(400).end();
          return;
        }
        const { url: path = '', headers } = request;
        const heard = { ...call, path, headers };
        master.heard.push(heard);
        const { status, body } = master.say(heard);
        response.writeHead(status, { 'usher-version': '0.1.0' }).end(body);
      });
    });
    const master = new StoryMaster(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return master;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
