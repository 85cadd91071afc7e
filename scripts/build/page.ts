/** Makes the pages of the agent's console and of the master's: scripts, styles, frames and an icon. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { PageFiles } from '../../agent/admin/web/page-assets.ts';

const MOST = 9;

/** The files of the pages by their names. Rejects with what is wrong in its sources. */
export const buildPage = async (root: string): Promise<PageFiles> => {
  const folder = join(root, 'agent', 'console');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['console.tsx', 'console.css', 'master/master.tsx', 'master/master.css'].map(
      (file) => join(folder, file),
    ),
    outdir: '/',
    // What both use is one script.
    splitting: true,
    chunkNames: 'shared',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2022'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const made = outputFiles.map(({ path, contents }) =>
    pack(path.replace(/^.*[\\/]/, '/'), contents),
  );
  const kept = ['index.html', 'icon.svg', 'master/master.html'].map(async (path) =>
    pack(path.replace(/^.*[\\/]|^/, '/'), await readFile(join(folder, path))),
  );
  return Object.fromEntries([...made, ...(await Promise.all(kept))]);
};

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
};

const pack = (path: string, bytes: Uint8Array): readonly [string, PageFiles[string]] => {
  const type = TYPES[path.replace(/^.*\./, '')] ?? 'application/octet-stream';
  const content = gzipSync(bytes, { level: MOST }).toString('base64');
  return [path, { type, content }];
};
