/** The notices that the licenses of what ships in the binary ask for. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One work of somebody else's in the binary. */
export interface Notice {
  readonly name: string;
  readonly version: string;
  readonly text: string;
}

/** Works that are compiled into a package's native addon: their folders, and the files of their terms. */
const INSIDE: Readonly<Record<string, readonly (readonly [name: string, file: string])[]>> = {
  'classic-level': [
    ['LevelDB', `deps/leveldb/leveldb-*/LICENSE`],
    ['Snappy', 'deps/snappy/snappy/COPYING'],
  ],
};

/** The notices of these packages under `root`. Rejects for one whose terms cannot be found. */
export const collectNotices = async (
  root: string,
  packages: readonly string[],
): Promise<readonly Notice[]> => {
  const notices: Notice[] = [];
  for (const name of [...new Set(packages)].sort()) {
    const folder = join(root, 'node_modules', name);
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    notices.push({ name, version, text: await readTerms(folder, name) });
    for (const [inner, file] of INSIDE[name] ?? []) {
      const text = await readFile(join(folder, await resolveStar(folder, file)), 'utf8');
      notices.push({ name: `${inner}, in ${name}`, version, text });
    }
  }
  return notices;
};

/** The version of LevelDB that classic-level is made of, as its folder is named. */
export const levelVersion = async (root: string): Promise<string> => {
  const folder = join(root, 'node_modules', 'classic-level');
  const [, version] =
    /leveldb-([\d.]+)/.exec(await resolveStar(folder, 'deps/leveldb/leveldb-*')) ?? [];
  if (version === undefined) throw new Error(`${folder} does not tell which LevelDB it has.`);
  return version;
};

/** One text of all of them, for people. */
export const renderNotices = (notices: readonly Notice[]): string =>
  [
    'This program contains the works below. Their terms follow, one after the other.',
    '',
    ...notices.map(({ name, version }) => `  ${name} ${version}`),
    ...notices.flatMap(({ name, version, text }) => [
      '',
      '-'.repeat(80),
      `${name} ${version}`,
      '-'.repeat(80),
      '',
      text.replaceAll('\r\n', '\n').trim(),
    ]),
    '',
  ].join('\n');

const readTerms = async (folder: string, name: string): Promise<string> => {
  const file = (await readdir(folder)).find((one) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(one));
  if (file === undefined)
    throw new Error(`${name} would ship without its terms: it has no LICENSE.`);
  return readFile(join(folder, file), 'utf8');
};

/** The path with its one `*` filled by the only name that fits. */
const resolveStar = async (folder: string, path: string): Promise<string> => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (!part.endsWith('*')) parts.push(part);
    else {
      const names = await readdir(join(folder, ...parts));
      parts.push(names.find((name) => name.startsWith(part.slice(0, -1))) ?? part);
    }
  }
  return parts.join('/');
};
