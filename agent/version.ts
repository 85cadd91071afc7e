/** Which Usher this is. */

import { readdirSync, readFileSync } from 'node:fs';

// Put in by the bundler; in the compiled tree none of the names exists.
declare const __USHER_VERSION__: string;
declare const __USHER_COMMIT__: string;
declare const __USHER_UPDATE_KEY__: string;
declare const __USHER_LEVEL__: string;

const versionOfTree = (): string => {
  // From build/out/js/agent to the root.
  const text = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
};

/** The version in package.json, as of the build for the binary. */
export const version: string =
  typeof __USHER_VERSION__ === 'string' ? __USHER_VERSION__ : versionOfTree();

/** The commit the binary was built from, ending in `+` when files were changed; `source` in a tree. */
export const commit: string = typeof __USHER_COMMIT__ === 'string' ? __USHER_COMMIT__ : 'source';

/** The key of minisign that updates must be signed with; empty where none was built in. */
export const updateKey: string =
  typeof __USHER_UPDATE_KEY__ === 'string' ? __USHER_UPDATE_KEY__ : '';
const levelOfTree = (): string => {
  const folder = new URL('../../../../node_modules/classic-level/deps/leveldb/', import.meta.url);
  const names = readdirSync(folder).join(' ');
  return /leveldb-([\d.]+)/.exec(names)?.[1] ?? 'unknown';
};

/** The version of LevelDB that the store is kept by. */
export const levelVersion = (): string =>
  typeof __USHER_LEVEL__ === 'string' ? __USHER_LEVEL__ : levelOfTree();
