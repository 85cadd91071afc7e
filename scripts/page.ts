/** Makes the console's page for the compiled tree, where the agent reads it: build/out/page.json. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build/page.ts';

// From build/out/js/scripts.
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const file = join(root, 'build', 'out', 'page.json');

const main = async (): Promise<void> => {
  const text = JSON.stringify(await buildPage(root));
  if (readOr(file) !== text) writeFileSync(file, text);
};

const readOr = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
