/** Who this process is, as administrators see it. */

import { hostname, userInfo } from 'node:os';
import { basename } from 'node:path';
import { isPlainText } from '../fields.ts';
import type { Holder } from '../holder.ts';
import { TEXT_MAX } from '../limits.ts';

/** `application`: the program's file name unless said otherwise. */
export const describeHolder = (application: string | undefined): Holder => ({
  user: plain(userName()),
  host: plain(hostname()),
  process: process.pid,
  application: plain(application ?? basename(process.argv[1] ?? process.execPath)),
});

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A service user without an account entry has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};

const plain = (text: string): string => {
  const short = text.slice(0, TEXT_MAX);
  return isPlainText(short) ? short : short.replace(/[^\x20-\x7e]/g, '?');
};
