/** The files of the console's page, made by the build (scripts/build/page.ts) and compressed by it. */

import { readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';
import { gunzipSync } from 'node:zlib';
import type { Route } from './route.ts';
import { hashOf } from './session-book.ts';

/** By path; `content`: compressed with gzip, in base64. */
export type PageFiles = Readonly<
  Record<string, { readonly type: string; readonly content: string }>
>;

// From build/out/js/agent/admin/web to build/out/page.json.
const textOfTree = (): string =>
  readFileSync(new URL('../../../../page.json', import.meta.url), 'utf8');

/** What each of the two consoles shows first; the rest of its files has the names that it asks for. */
const FILES = {
  console: { '/': '/index.html', '/console.js': '/console.js' },
  master: { '/': '/master.html', '/master.js': '/master.js', '/master.css': '/master.css' },
} as const;
const SHARED = {
  '/console.css': '/console.css',
  '/icon.svg': '/icon.svg',
  '/shared.js': '/shared.js',
} as const;

/** The pages of the agent's console, or of the master's, as they were built. Throws where they were not. */
export const pageFiles = (which: keyof typeof FILES): PageFiles => {
  const built = JSON.parse(isSea() ? getAsset('page.json', 'utf8') : textOfTree()) as PageFiles;
  const names = Object.entries({ ...FILES[which], ...SHARED });
  return Object.fromEntries(
    names.flatMap(([path, name]) => {
      const file = built[name];
      return file === undefined ? [] : [[path, file]];
    }),
  );
};

/** A route for each file: what is no file of the page is not looked for. */
export const pageRoutes = (files: PageFiles): readonly Route[] =>
  Object.entries(files).map(([path, { type, content }]) => {
    const packed = Buffer.from(content, 'base64');
    const etag = `"${hashOf(content).toString('hex').slice(0, 16)}"`;
    return {
      method: 'GET',
      path,
      needs: 'anyone',
      answer: (exchange) => {
        const { headers } = exchange.request;
        const kept = { etag, 'cache-control': 'no-cache', vary: 'accept-encoding' };
        if (headers['if-none-match'] === etag) return exchange.send(304, type, '', kept);
        if (/\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))) {
          return exchange.send(200, type, packed, { ...kept, 'content-encoding': 'gzip' });
        }
        return exchange.send(200, type, gunzipSync(packed), kept);
      },
    };
  });
