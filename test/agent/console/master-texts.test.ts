/** The master's pages share parts with the agent's console, and must have every text that these say. */

import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const FOLDER = join('agent', 'console');

const read = (path: string): string => readFileSync(path, 'utf8');
const importsOf = (path: string): readonly string[] =>
  [...read(path).matchAll(/from '(\.[^']+)'/g)].map(([, one = '']) =>
    normalize(join(dirname(path), one)),
  );

/** The files of the page that begin with this one, and those of its texts. */
const reach = (entry: string) => {
  const [parts, texts] = [new Set<string>(), new Set<string>()];
  const look = (path: string): void => {
    if (!path.startsWith(FOLDER) || parts.has(path) || texts.has(path)) return;
    (path.includes('texts') ? texts : parts).add(path);
    for (const one of importsOf(path)) if (path !== join(FOLDER, 'text.ts')) look(one);
  };
  look(entry);
  return { parts: [...parts], texts: [...texts] };
};

test('every text that a part of the master’s pages says is in its tables', () => {
  const { parts, texts } = reach(join(FOLDER, 'master', 'master.tsx'));
  assert.ok(parts.length > 30, `${parts.length} parts`);
  const keys = new Set(
    // German has the same keys, by its type.
    texts
      .filter((path) => path.endsWith('-en.ts'))
      .flatMap((path) => [...read(path).matchAll(/^ {2}'([^']+)':/gm)].map(([, key]) => key)),
  );
  assert.ok(keys.has('app.loading') && keys.has('order.issue'));
  for (const path of parts) {
    for (const [, key = ''] of read(path).matchAll(/\bt\(\s*'([^']+)'/g)) {
      assert.ok(keys.has(key), `${path} says ${key}, which is in no table`);
    }
  }
});

test.run();
