/** Runs a program to its end, and says in one sentence when it failed. */

import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Resolves with what the program printed; rejects with the end of it when it failed or is missing. */
export const run = (
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // There npm is a script, and only a shell runs scripts.
      shell: process.platform === 'win32' && command === 'npm',
    });
    let printed = '';
    let complaint = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(printed);
      else {
        const lastLines = `${printed}\n${complaint}`.trim().split('\n').slice(-12).join('\n');
        reject(
          new Error(`${command} ${args[0] ?? ''} ended with ${code ?? signal}:\n${lastLines}`),
        );
      }
    });
  });
