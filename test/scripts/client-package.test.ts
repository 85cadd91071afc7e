import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const pack = suite('the package that a vendor embeds');

/** What README shows, with every type spelt out. */
const APPLICATION = `
import { connect, SeatError, type Seat, type SeatNews } from 'usher/client';
const licensing = connect({ vendorKey: null });
export const work = async (signal: AbortSignal): Promise<string> => {
  try {
    await using seat: Seat = await licensing.acquire({ product: 'acme-cad', signal });
    seat.onNews((news: SeatNews) => console.log(news.kind));
    return seat.licenses[0].customer;
  } catch (error) {
    if (error instanceof SeatError) return error.code;
    throw error;
  }
};
`;

const WAYS = [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const;

const run = (cwd: string, command: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.is(status, 0, `${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
};

pack('is packed with its code and its types, and needs nothing else of the tree', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-embedded-'));
  try {
    const installed = join(folder, 'node_modules');
    await mkdir(join(installed, 'usher'), { recursive: true });
    run('.', 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder);
    const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    run(folder, 'tar', '-xzf', archive ?? '', '--strip-components=1', '-C', 'node_modules/usher');
    for (const name of ['msgpackr', '@types', 'undici-types']) {
      await symlink(resolve('node_modules', name), join(installed, name));
    }
    await writeFile(join(folder, 'main.mts'), APPLICATION);
    const tsc = [resolve('node_modules/typescript/bin/tsc'), '--noEmit', '--strict'];
    for (const [module, resolution] of WAYS) {
      const how = ['--module', module, '--moduleResolution', resolution, '--target', 'es2022'];
      run(folder, process.execPath, ...tsc, ...how, '--types', 'node', 'main.mts');
    }
    const use = "import('usher/client').then((it) => console.log(Object.keys(it).join()))";
    assert.is(run(folder, process.execPath, '-e', use).trim(), 'DrawError,SeatError,connect');
  } finally {
    await rm(folder, { recursive: true });
  }
});

pack.run();
