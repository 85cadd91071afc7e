/** Programs made from the C client, where there is a compiler. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = process.cwd();

/** The client's own folder. */
export const CLIENT_C = join(root, 'protocol', 'client-c');
const PROGRAMS = join(root, 'test', 'interop', 'c');

export const WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror'];

/** What each program is made of. `vectors` and `fuzz` hold the client within themselves. */
const SOURCES = {
  client: [join(CLIENT_C, 'usher.c')],
  example: [join(CLIENT_C, 'example.c'), join(CLIENT_C, 'usher.c')],
  driver: [join(PROGRAMS, 'driver.c'), join(CLIENT_C, 'usher.c')],
  vectors: [join(PROGRAMS, 'vectors.c')],
  fuzz: [join(PROGRAMS, 'fuzz.c')],
} as const;
export type CProgram = keyof typeof SOURCES;

export const hasTool = (tool: string): boolean => spawnSync('which', [tool]).status === 0;

/** The first of these compilers that this computer has. */
export const findCompiler = (...names: readonly string[]): string | undefined =>
  names.find((name) => hasTool(name));

/** A folder for compiled programs, until the process ends. */
export class CWorkshop implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'usher-c-'));

  /** Compiles a program and returns its path; throws what the compiler said. */
  make(compiler: string, program: CProgram, ...flags: readonly string[]): string {
    const isWindows = compiler.includes('mingw');
    const words = isWindows ? ['-lws2_32', '-lbcrypt', '-ladvapi32'] : ['-lpthread'];
    const name = `${program}-${compiler}${flags.join('').replace(/[^\w-]/g, '_')}`;
    const out = join(this.folder, isWindows ? `${name}.exe` : name);
    const end = flags.includes('-c') ? [] : words;
    const args = ['-std=c99', `-I${CLIENT_C}`, ...flags, ...SOURCES[program], '-o', out, ...end];
    const done = spawnSync(compiler, args, { encoding: 'utf8' });
    if (done.status === 0 && done.stderr === '') return out;
    throw new Error(`${compiler} ${args.join(' ')}\n${done.stderr}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
