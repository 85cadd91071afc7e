/**
 * The compiled program in a few files instead of hundreds, for the stories: they start it thousands of
 * times, and most of a start was looking for modules. What it needs of others it finds where the
 * compiled tree does, and each module believes that it stands where the compiler put it.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const OUTPUT = join('build', 'out');

const inPlace: Plugin = {
  name: 'in-place',
  setup: ({ onLoad }) => {
    onLoad({ filter: /build[\\/]out[\\/]js[\\/]agent[\\/].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: text.replaceAll('import.meta.url', url), loader: 'js' };
    });
  },
};

/** Makes `build/out/quick/main.js` of the compiled tree. */
export const makeQuickProgram = async (): Promise<void> => {
  await build({
    entryPoints: [join(OUTPUT, 'js', 'agent', 'main.js')],
    outdir: join(OUTPUT, 'quick'),
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
    plugins: [inPlace],
  });
};
