/** A console whose agent lends ten thousand seats: made up, as so many clients are too many here. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsoleServer } from '../../agent/admin/web/console-server.ts';
import { deskRoutes } from '../../agent/admin/web/desk-routes.ts';
import { GuessLimit } from '../../agent/admin/web/guess-limit.ts';
import { LiveFeed } from '../../agent/admin/web/live-feed.ts';
import { OneTimeLinks } from '../../agent/admin/web/one-time-links.ts';
import { pageFiles, pageRoutes } from '../../agent/admin/web/page-assets.ts';
import { Passwords } from '../../agent/admin/web/passwords.ts';
import { SessionBook } from '../../agent/admin/web/session-book.ts';
import { signInRoutes } from '../../agent/admin/web/sign-in.ts';
import {
  madeUpAnswer,
  madeUpSeats,
  RECENT,
  REFUSALS,
  SERVICE,
  SURROUNDINGS,
} from './made-up-agent.ts';
import { madeUpUsage } from './made-up-usage.ts';

export class Crowd implements AsyncDisposable {
  readonly live: LiveFeed;
  readonly #links: OneTimeLinks;
  readonly #server: ConsoleServer;
  readonly #folder: string;

  private constructor(parts: {
    live: LiveFeed;
    links: OneTimeLinks;
    server: ConsoleServer;
    folder: string;
  }) {
    this.live = parts.live;
    this.#links = parts.links;
    this.#server = parts.server;
    this.#folder = parts.folder;
  }

  static async open(size: number): Promise<Crowd> {
    const now = (): number => performance.now();
    const folder = await mkdtemp(join(tmpdir(), 'usher-crowd-'));
    const sessions = new SessionBook(now);
    const links = new OneTimeLinks(now);
    const live = new LiveFeed(sessions);
    const passwords = await Passwords.open(join(folder, 'passwords.json'));
    const seats = madeUpSeats(size);
    const server = await ConsoleServer.open({
      addresses: ['127.0.0.1'],
      port: 0,
      names: [],
      sessions,
      routes: [
        ...pageRoutes(pageFiles('console')),
        ...signInRoutes({
          sessions,
          links,
          passwords,
          guesses: new GuessLimit(now),
          say: () => {},
        }),
        ...deskRoutes({
          live,
          operate: async (operation) => madeUpAnswer(operation, seats),
          recent: () => ({ entries: RECENT, refusals: REFUSALS }),
          service: async () => SERVICE,
          surroundings: async () => SURROUNDINGS,
          usage: async (range) => madeUpUsage(range),
        }),
      ],
    });
    return new Crowd({ live, links, server, folder });
  }

  get url(): string {
    return `http://localhost:${this.#server.port}/`;
  }

  /** A link that signs in. */
  link(): string {
    return `${this.url}#code=${this.#links.make('ann')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.live.end(true);
    await this.#server.close();
    await rm(this.#folder, { recursive: true });
  }
}
