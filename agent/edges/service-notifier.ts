/**
 * Tells systemd about this process, as sd_notify(3) describes: one datagram to a Unix socket. Node has
 * no such sockets, and a helper process is not believed (NotifyAccess=main), so libc sends it.
 */

import { createRequire } from 'node:module';
import { isSea } from 'node:sea';
import type koffi from 'koffi';
import { loadNativeAddon } from './native-addons.ts';

export interface ServiceNotifier {
  /** Within which time systemd wants to hear from us again; `undefined` when it does not. */
  readonly watchdogMs: number | undefined;
  /** Sends assignments such as `READY=1`; whoever does not listen is no reason to stop. */
  readonly tell: (...assignments: readonly string[]) => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens the way to the service manager, if one has started this process; `undefined` if none has.
 * Native addons must have been placed. Throws when libc cannot be reached.
 */
export const openServiceNotifier = (environment: Environment): ServiceNotifier | undefined => {
  const address = socketAddress(environment['NOTIFY_SOCKET'] ?? '');
  if (address === undefined) return undefined;
  const send = openSender();
  return {
    watchdogMs: watchdogMs(environment, process.pid),
    tell: (...assignments) => send(Buffer.from(assignments.join('\n')), address),
  };
};

const AF_UNIX = 1;
const PATH_MAX = 107;

/** A `sockaddr_un` for the path, or for the abstract name that `@` stands before. */
export const socketAddress = (path: string): Uint8Array | undefined => {
  const bytes = Buffer.from(path);
  if (!/^[/@]./.test(path) || bytes.length > PATH_MAX) return undefined;
  const isAbstract = path.startsWith('@');
  if (isAbstract) bytes[0] = 0;
  const family = new Uint8Array(new Uint16Array([AF_UNIX]).buffer);
  // An abstract name ends where the address does, a path with a zero.
  return Buffer.concat([family, bytes, new Uint8Array(isAbstract ? 0 : 1)]);
};

/** The watchdog's time, where it is meant for the process `pid`. */
export const watchdogMs = (environment: Environment, pid: number): number | undefined => {
  const micros = Number(environment['WATCHDOG_USEC'] ?? '');
  const meant = environment['WATCHDOG_PID'];
  if (!(micros > 0) || (meant !== undefined && Number(meant) !== pid)) return undefined;
  return micros / 1000;
};

const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

const openSender = (): ((bytes: Uint8Array, address: Uint8Array) => void) => {
  const found = (
    isSea() ? loadNativeAddon('koffi.node') : createRequire(import.meta.url)('koffi')
  ) as Pick<typeof koffi, 'load'>;
  // What this process has loaded already, libc among it.
  const libc = found.load(null);
  const socket = libc.func('int socket(int, int, int)') as (...args: number[]) => number;
  const sendto = libc.func('int64 sendto(int, void *, size_t, int, void *, uint32)');
  const file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (file < 0) throw new Error('libc makes no socket');
  return (bytes, address) => {
    sendto(file, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, address.length);
  };
};
