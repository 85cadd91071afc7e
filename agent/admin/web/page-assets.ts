/** The files of the console's page, made by the build (scripts/build/page.ts) and compressed by it. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Route } from './route.ts';
import { hashOf } from './session-book.ts';

// Put in by the bundler; in the compiled tree the name does not exist.
declare const __USHER_PAGE__: PageFiles;

/** By path; `content`: compressed with gzip, in base64. */
export type PageFiles = Readonly<
  Record<string, { readonly type: string; readonly content: string }>
>;

const filesOfTree = (): PageFiles =>
  // From build/out/js/agent/admin/web to build/out/page.json.
  JSON.parse(readFileSync(new URL('../../../../page.json', import.meta.url), 'utf8')) as PageFiles;

/** The page as it was built. Throws where it was not. */
export const pageFiles = (): PageFiles =>
  typeof __USHER_PAGE__ === 'object' ? __USHER_PAGE__ : filesOfTree();

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
