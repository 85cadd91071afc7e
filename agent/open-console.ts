/** Makes the console's server and all that it needs, as the settings say. */

import { hostname, networkInterfaces, release, type } from 'node:os';
import { join } from 'node:path';
import { timerMs } from '../protocol/node/clock.ts';
import { actorText, type OperateAs } from './admin/actor.ts';
import { type Certificate, ownCertificate, readCertificate } from './admin/web/certificate.ts';
import { type ConsoleAnswer, type ConsoleDoor, checkPassword } from './admin/web/console-door.ts';
import { ConsoleServer } from './admin/web/console-server.ts';
import { type DeskParts, deskRoutes } from './admin/web/desk-routes.ts';
import { GuessLimit } from './admin/web/guess-limit.ts';
import { LiveFeed } from './admin/web/live-feed.ts';
import { type MonitoringParts, monitoringRoutes } from './admin/web/monitoring-routes.ts';
import { OneTimeLinks } from './admin/web/one-time-links.ts';
import { pageFiles, pageRoutes } from './admin/web/page-assets.ts';
import { type ParentRouteParts, parentRoutes } from './admin/web/parent-routes.ts';
import { Passwords } from './admin/web/passwords.ts';
import type { ServiceView } from './admin/web/service-view.ts';
import { SessionBook } from './admin/web/session-book.ts';
import { signInRoutes } from './admin/web/sign-in.ts';
import { isLoopback } from './admin/web/visitor-checks.ts';
import type { CallLog } from './edges/call-log.ts';
import type { DataFolder } from './edges/data-folder.ts';
import type { RecentNotes } from './edges/recent-notes.ts';
import { openSurroundings } from './open-surroundings.ts';
import type { Settings } from './settings.ts';
import type { SettingsView } from './settings-table.ts';
import type { ConsoleAt } from './settings-values.ts';
import type { SiteSignIn } from './site-sign-in.ts';
import { systemReason } from './system-reason.ts';
import { UsherError } from './usher-error.ts';
import { commit, version } from './version.ts';

export interface ConsoleParts {
  readonly settings: Settings;
  readonly folder: DataFolder;
  readonly operate: OperateAs;
  readonly monitoring: MonitoringParts;
  /** Answers the agents of children. */
  readonly callParent: ParentRouteParts['callParent'];
  /** Takes what the audit is to tell. */
  readonly tell: (what: string, detail: string, who: string) => void;
  readonly recent: RecentNotes;
  readonly usage: DeskParts['usage'];
  readonly udpPort: number;
  readonly say: (sentence: string, warning: boolean) => void;
  readonly viewSettings: (() => SettingsView) | undefined;
  readonly calls: CallLog;
  /** Where the agent is a member of one. */
  readonly site: SiteSignIn | undefined;
}

export interface OpenConsole extends AsyncDisposable {
  readonly door: ConsoleDoor;
  /** Something has changed that a page may show. */
  readonly news: () => void;
}

const LOOPBACK = ['127.0.0.1', '::1'] as const;

/** Opens the console. Where it cannot be, the agent goes on without, and says so. */
export const openConsole = async (parts: ConsoleParts): Promise<OpenConsole> => {
  const at = parts.settings.console;
  if (at === null) return nowhere('the setting `console` is off');
  try {
    return await open(parts, at);
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const why = isTaken
      ? `TCP port ${at.port} is in use`
      : error instanceof UsherError
        ? error.message.replace(/\.$/, '')
        : systemReason(error);
    parts.say(
      `There is no console, and there are no metrics: ${why}. Set \`console\` to another port, or to off; the agent serves all the same.`,
      true,
    );
    return nowhere(why);
  }
};

const nowhere = (why: string): OpenConsole => ({
  door: () => Promise.reject(new UsherError('REFUSED', `There is no console: ${why}.`)),
  news: () => {},
  [Symbol.asyncDispose]: async () => {},
});

const open = async (parts: ConsoleParts, asked: ConsoleAt): Promise<OpenConsole> => {
  const { say, tell, operate } = parts;
  const now = timerMs;
  const passwords = await openPasswords(parts);
  const at = whereAllowed(asked, passwords, say);
  const sessions = new SessionBook(now);
  const links = new OneTimeLinks(now);
  const live = new LiveFeed(sessions);
  parts.site?.keep((text) => takeUp(passwords, sessions, text));
  const names = namesHere();
  const tls = at.address === null ? undefined : await certificateFor(parts, names);
  const service = async (): Promise<ServiceView> =>
    viewService(parts, { server, at, tls, passwords });
  const server: ConsoleServer = await ConsoleServer.open({
    addresses: at.address === null ? LOOPBACK : [at.address],
    port: at.port,
    tls,
    names,
    sessions,
    routes: [
      ...pageRoutes(pageFiles('console')),
      ...monitoringRoutes(parts.monitoring),
      ...parentRoutes({ callParent: parts.callParent, version, now }),
      ...signInRoutes({ sessions, links, passwords, guesses: new GuessLimit(now), say }),
      ...deskRoutes({
        operate,
        live,
        service,
        surroundings: openSurroundings(parts.settings, parts.udpPort, now),
        usage: parts.usage,
        recent: (after) => ({
          entries: parts.recent.after(after),
          refusals: parts.recent.refusals(),
        }),
      }),
    ],
  });
  // A link is opened on this computer, and there the name is always right.
  const isAtHome = at.address === null || at.address === '0.0.0.0' || at.address === '::';
  const url = isAtHome
    ? `http://localhost:${server.port}/`
    : `https://${at.address?.includes(':') ? `[${at.address}]` : at.address}:${server.port}/`;
  const answer = (link = ''): ConsoleAnswer => ({
    url: `${url}${link}`,
    fingerprint: tls?.fingerprint ?? null,
    isLocal: asked.address === null,
  });
  say(openSentence(url, tls, at), false);
  return {
    news: () => live.news(),
    door: async (request, actor) => {
      if (request.kind === 'link') return answer(`#code=${links.make(actor.name)}`);
      const { role, password } = request;
      const checked = password === null ? null : checkPassword(password);
      await passwords.set(role, checked, actorText(actor));
      sessions.closeRole(role);
      const done = `the password of the ${role} was ${password === null ? 'taken away' : 'set'}`;
      say(`Console: ${done} by ${actorText(actor)}.`, false);
      tell('console-password', done, actorText(actor));
      return answer();
    },
    [Symbol.asyncDispose]: async () => {
      live.end(true);
      await server.close();
    },
  };
};

const openPasswords = ({ folder, site }: ConsoleParts): Promise<Passwords> =>
  Passwords.open(join(folder.path, 'console-passwords.json'), site?.share);

/** Whoever came in by a password that is no longer one has to sign in again. */
const takeUp = async (
  passwords: Passwords,
  sessions: SessionBook,
  text: string | null,
): Promise<string> => {
  if (text === null) return passwords.text;
  for (const role of await passwords.takeUp(text)) sessions.closeRole(role);
  return text;
};

/** Nobody but this computer comes in before there is a password. */
const whereAllowed = (at: ConsoleAt, passwords: Passwords, say: ConsoleParts['say']): ConsoleAt => {
  if (at.address === null || isLoopback(at.address) || passwords.roles.length > 0) {
    return at.address !== null && isLoopback(at.address) ? { ...at, address: null } : at;
  }
  say(
    'The console stays on this computer until it has a password: `usher console password`, then start the agent again.',
    true,
  );
  return { ...at, address: null };
};

const certificateFor = (
  { settings, folder }: ConsoleParts,
  names: readonly string[],
): Promise<Certificate> => {
  const { consoleCertificate } = settings;
  if (consoleCertificate !== null) return readCertificate(consoleCertificate);
  return ownCertificate(
    join(folder.path, 'console.pem'),
    [...names, 'localhost', ...addressesHere(), ...LOOPBACK],
    new Date(),
  );
};

const namesHere = (): readonly string[] => {
  const name = hostname().toLowerCase();
  return /^[a-z0-9.-]+$/.test(name) ? [...new Set([name, name.split('.')[0] ?? name])] : [];
};

const addressesHere = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);

const openSentence = (
  url: string,
  tls: Certificate | undefined,
  { address, port }: ConsoleAt,
): string => {
  const here = `Console on ${url}: sign in with \`usher console open\`.`;
  if (tls === undefined) return here;
  const where = address === '0.0.0.0' || address === '::' ? 'every address' : address;
  return `${here} On the network: https, TCP port ${port} of ${where}; SHA-256 of its certificate ${tls.fingerprint}.`;
};

interface Opened {
  readonly server: ConsoleServer;
  readonly at: ConsoleAt;
  readonly tls: Certificate | undefined;
  readonly passwords: Passwords;
}

const viewService = (
  { udpPort, folder, viewSettings, calls }: ConsoleParts,
  { server, at, tls, passwords }: Opened,
): ServiceView => ({
  version,
  commit,
  node: process.versions.node,
  system: `${type()} ${release()}, ${process.arch}`,
  computer: hostname(),
  process: process.pid,
  started: Math.round(Date.now() - process.uptime() * 1000),
  memory: process.memoryUsage.rss(),
  udpPort,
  console: {
    port: server.port,
    addresses: at.address === null ? LOOPBACK : [at.address],
    fingerprint: tls?.fingerprint ?? null,
    passwords: passwords.roles,
  },
  data: folder.path,
  calls: calls.view,
  settings: readOr(viewSettings),
});

/** A settings file with a fault is told of by `usher config check`. */
const readOr = (view: (() => SettingsView) | undefined): SettingsView | null => {
  try {
    return view?.() ?? null;
  } catch {
    return null;
  }
};
