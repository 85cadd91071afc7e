/** A console with an agent behind it that only says what it was asked. */

import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Actor } from '../../../../agent/admin/actor.ts';
import type { Role } from '../../../../agent/admin/web/access.ts';
import { ConsoleServer, KEY_HEADER } from '../../../../agent/admin/web/console-server.ts';
import { deskRoutes } from '../../../../agent/admin/web/desk-routes.ts';
import { GuessLimit } from '../../../../agent/admin/web/guess-limit.ts';
import { LiveFeed } from '../../../../agent/admin/web/live-feed.ts';
import { monitoringRoutes } from '../../../../agent/admin/web/monitoring-routes.ts';
import { OneTimeLinks } from '../../../../agent/admin/web/one-time-links.ts';
import { pageRoutes } from '../../../../agent/admin/web/page-assets.ts';
import { Passwords } from '../../../../agent/admin/web/passwords.ts';
import type { ServiceView } from '../../../../agent/admin/web/service-view.ts';
import { SessionBook } from '../../../../agent/admin/web/session-book.ts';
import { signInRoutes } from '../../../../agent/admin/web/sign-in.ts';
import type { Operation } from '../../../../agent/core/operations.ts';
import { Durations } from '../../../../agent/edges/history/durations.ts';
import { DeskRig } from '../../core/desk-rig.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

const measure = () => ({
  commits: { ...new Durations().read(), failed: 0 },
  datagrams: new Durations().read(),
  history: { usageBytes: 0, auditBytes: 0 },
});

/** Longer than what a system keeps of an answer that nobody reads. */
const LONG = { type: 'text/plain', content: gzipSync('x'.repeat(32e6)).toString('base64') };
const PAGE = { type: 'text/html', content: gzipSync('<p>').toString('base64') };

export class ConsoleRig implements AsyncDisposable {
  readonly sessions: SessionBook;
  readonly links: OneTimeLinks;
  readonly passwords: Passwords;
  readonly live: LiveFeed;
  readonly server: ConsoleServer;
  readonly performed: { readonly operation: Operation; readonly actor: Actor }[] = [];
  readonly said: string[] = [];
  /** Milliseconds by which the clock of the sessions is ahead. */
  ahead = 0;
  readonly #folder: string;

  private constructor(
    folder: string,
    parts: Pick<ConsoleRig, 'sessions' | 'links' | 'passwords' | 'live' | 'server'>,
  ) {
    this.#folder = folder;
    this.sessions = parts.sessions;
    this.links = parts.links;
    this.passwords = parts.passwords;
    this.live = parts.live;
    this.server = parts.server;
  }

  static async open(headTimeoutMs = 15_000): Promise<ConsoleRig> {
    const folder = await mkdtemp(join(tmpdir(), 'usher-console-'));
    const clock = (): number => performance.now() + (rig?.ahead ?? 0);
    const sessions = new SessionBook(clock);
    const links = new OneTimeLinks(clock);
    const passwords = await Passwords.open(join(folder, 'passwords.json'));
    const live = new LiveFeed(sessions);
    const desk = new DeskRig();
    const say = (sentence: string): void => void rig?.said.push(sentence);
    const server = await ConsoleServer.open({
      addresses: ['127.0.0.1'],
      port: 0,
      names: ['front-desk'],
      sessions,
      headTimeoutMs,
      routes: [
        ...pageRoutes({ '/': PAGE, '/long': LONG }),
        ...monitoringRoutes({
          operate: async (operation) =>
            operation.kind === 'site-show'
              ? { kind: 'refused', code: 'no-site', detail: 'A rig.' }
              : desk.ask(operation),
          measure,
        }),
        ...signInRoutes({ sessions, links, passwords, guesses: new GuessLimit(clock), say }),
        ...deskRoutes({
          live,
          operate: async (operation, actor) => {
            rig?.performed.push({ operation, actor });
            return { kind: 'refused', code: 'no-match', detail: 'A rig.' };
          },
          recent: () => ({ entries: [], refusals: [] }),
          service: async () => ({ version: '0' }) as ServiceView,
          surroundings: async () => ({ boot: { why: 'A rig.' }, firewall: { why: 'A rig.' } }),
          usage: async () => ({ pools: [], user: '', host: '' }),
        }),
      ],
    });
    const rig: ConsoleRig = new ConsoleRig(folder, { sessions, links, passwords, live, server });
    return rig;
  }

  get host(): string {
    return `localhost:${this.server.port}`;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  /** What a signed-in page sends with each request. */
  signedIn(role: Role): Record<string, string> {
    const { cookie, key } = this.sessions.open({ name: role, role, from: 'here' });
    return { cookie: `usher-session=${cookie}`, [KEY_HEADER]: key };
  }

  /** Sends a request as a page of the console would, but for what is said otherwise. */
  ask({ method = 'POST', path, headers = {}, body = '{}' }: Asked): Promise<Answer> {
    const own = { host: this.host, ...(method === 'POST' ? { origin: this.origin } : {}) };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.server.port,
          method,
          path,
          headers: { ...own, ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(method === 'POST' ? body : undefined);
    });
  }

  operate(operation: object, headers: Readonly<Record<string, string>>): Promise<Answer> {
    return this.ask({ path: '/api/operation', headers, body: JSON.stringify(operation) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.live.end(true);
    await this.server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
