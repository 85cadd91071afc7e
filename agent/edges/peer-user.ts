/**
 * Who is at the other end of a local connection, as the system has it (unix(7), SO_PEERCRED): only
 * Linux, and only where libc can be reached.
 */

import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { platform } from 'node:os';
import { loadKoffi } from './koffi.ts';

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** Process, user and group, 32 bits each. */
const CREDENTIALS_SIZE = 12;

type GetSockOpt = (
  file: number,
  level: number,
  name: number,
  value: Buffer,
  size: Buffer,
) => number;

let getsockopt: GetSockOpt | undefined;

/** `root (uid 0)`, or `undefined` where the system does not tell. */
export const peerUser = (socket: Socket): string | undefined => {
  if (platform() !== 'linux') return undefined;
  try {
    const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
    getsockopt ??= loadKoffi()
      .load(null)
      .func('int getsockopt(int, int, int, void *, void *)') as unknown as GetSockOpt;
    const value = Buffer.alloc(CREDENTIALS_SIZE);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(CREDENTIALS_SIZE);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, size) !== 0) return undefined;
    const uid = value.readUInt32LE(4);
    const name = userName(uid);
    return name === undefined ? `uid ${uid}` : `${name} (uid ${uid})`;
  } catch {
    return undefined;
  }
};

const userName = (uid: number): string | undefined => {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return lines.map((line) => line.split(':')).find(([, , id]) => id === String(uid))?.[0];
};
