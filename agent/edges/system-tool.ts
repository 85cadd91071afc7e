/** Runs a program of the system to its end, and reads what it says. */

import { execFile } from 'node:child_process';

export interface ToolAnswer {
  /** The exit code; `null` where there is no such program, or it did not end by itself. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program by its words; never rejects. */
export type Tool = (words: readonly string[]) => Promise<ToolAnswer>;

/** A firewall that is busy makes its tools wait for each other. */
const TIMEOUT_MS = 30_000;
const OUTPUT_MAX = 16 * 1024 * 1024;

/** In English, whatever the user speaks, so that the answer can be read by us. */
export const runTool: Tool = ([program = '', ...args]) =>
  new Promise((resolve) => {
    // Tools of administrators are not on everybody's path.
    const path = [process.env['PATH'], '/usr/sbin', '/sbin'].filter(Boolean).join(':');
    const environment = process.platform === 'win32' ? {} : { LC_ALL: 'C', PATH: path };
    const options = {
      encoding: 'utf8' as const,
      timeout: TIMEOUT_MS,
      maxBuffer: OUTPUT_MAX,
      windowsHide: true,
      env: { ...process.env, ...environment },
    };
    execFile(program, args, options, (error, out, err) => {
      const code = error === null ? 0 : error.code;
      resolve({ status: typeof code === 'number' ? code : null, out, err });
    });
  });
