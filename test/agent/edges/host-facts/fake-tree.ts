/** A folder that stands for `/`, made of small files. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface FakeTree extends Disposable {
  readonly root: string;
}

/** Paths to contents; a content that starts with `-> ` makes a link, a path that ends in `/` a folder. */
export const fakeTree = (contents: Readonly<Record<string, string>>): FakeTree => {
  const root = mkdtempSync(join(tmpdir(), 'usher-tree-'));
  for (const [path, content] of Object.entries(contents)) {
    const full = join(root, path);
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (path.endsWith('/')) continue;
    if (content.startsWith('-> ')) symlinkSync(content.slice(3), full);
    else writeFileSync(full, content);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
};
