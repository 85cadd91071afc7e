/**
 * The binary alone in a bare Debian: copied into an empty folder of a minimal root with nothing else
 * of ours, it signs, serves, lends and stops. `node build/out/js/scripts/bare-root.js BINARY`; needs
 * root, debootstrap and, the first time, Debian's packages.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bareDebian } from './build/bare-debian.ts';

/** Nothing of this computer's environment goes in; the user has neither a name nor a home. */
const inside = (root: string): readonly string[] => [
  'env',
  '-i',
  '/usr/sbin/chroot',
  '--userspec=4242:4242',
  root,
];

const runInside = (root: string, words: readonly string[]): string => {
  const [program = '', ...before] = inside(root);
  const done = spawnSync(program, [...before, ...words], { encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(`${words.slice(1).join(' ')}: ${done.status} ${done.stderr}`);
  return done.stdout;
};

const serveInside = async (
  root: string,
  words: readonly string[],
): Promise<{ readonly agent: ChildProcess; readonly port: string }> => {
  const [program = '', ...before] = inside(root);
  const agent = spawn(program, [...before, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: agent.stdout })) {
    const port = /UDP port (\d+)/.exec(line)?.[1];
    if (port !== undefined) return { agent, port };
  }
  throw new Error('the agent ended before it served');
};

const main = async (): Promise<void> => {
  const [binary] = process.argv.slice(2);
  if (binary === undefined) throw new Error('name the binary');
  const root = bareDebian();
  const folder = mkdtempSync(join(root, 'tmp', 'usher-'));
  spawnSync('chown', ['4242:4242', folder]);
  const here = folder.slice(root.length);
  copyFileSync(binary, join(folder, 'usher'));
  const usher = join(here, 'usher');
  const at = (name: string): string => join(here, name);
  try {
    runInside(root, [usher, 'vendor', 'keygen', '--out', at('vendor.key')]);
    const terms = ['--product', 'acme', '--customer', 'ACME', '--seats', '1', '--no-activation'];
    const hosts = ['--allow-virtual', '--allow-container', '--allow-unknown'];
    runInside(root, [
      usher,
      'vendor',
      'issue',
      '--key',
      at('vendor.key'),
      ...terms,
      ...hosts,
      '--out',
      at('l.txt'),
    ]);
    const data = ['--data', at('data')];
    const { agent, port } = await serveInside(root, [
      usher,
      'serve',
      ...data,
      '--interfaces',
      'lo',
      '--port',
      '0',
    ]);
    const ended = once(agent, 'exit');
    try {
      runInside(root, [usher, 'license', 'add', at('l.txt'), ...data]);
      const held = runInside(root, [
        '/usr/bin/env',
        `XDG_STATE_HOME=${here}/state`,
        usher,
        'run',
        '--product',
        'acme',
        '--port',
        port,
        '--interfaces',
        'lo',
        '--',
        '/bin/echo',
        'held',
      ]);
      if (held.trim() !== 'held') throw new Error(`the command under a seat printed "${held}"`);
      const status = JSON.parse(runInside(root, [usher, 'status', ...data, '--json'])) as {
        counters: Record<string, number>;
      };
      if (status.counters['granted'] !== 1) throw new Error('no seat was granted');
    } finally {
      agent.kill('SIGTERM');
      await ended;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log('1 passed, 0 failed');
};

void main().catch((error: unknown) => {
  console.log(error instanceof Error ? error.message : String(error));
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
