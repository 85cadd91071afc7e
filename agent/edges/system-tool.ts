/** Runs a program of the system to its end, and reads what it says. */

import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { systemReason } from '../system-reason.ts';

export interface ToolAnswer {
  /** The exit code; `null` where there is no such program, or it did not end by itself. */
  readonly status: number | null;
  readonly out: string;
  /** What it says of its failure, or why it could not be run. */
  readonly err: string;
}

/** Runs a program by its words; never rejects. */
export type Tool = (words: readonly string[]) => Promise<ToolAnswer>;

/** A firewall that is busy makes its tools wait for each other. */
const TIMEOUT_MS = 30_000;
const OUTPUT_MAX = 16 * 1024 * 1024;

/** In English, whatever the user speaks, so that the answer can be read by us. */
const environment = (): NodeJS.ProcessEnv => {
  if (process.platform === 'win32') return process.env;
  // Tools of administrators are not on everybody's path.
  const path = [process.env['PATH'], '/usr/sbin', '/sbin'].filter(Boolean).join(':');
  return { ...process.env, LC_ALL: 'C', PATH: path };
};

/** A way to run tools that gives each so much time. */
export const toolWithin =
  (timeout: number): Tool =>
  ([program = '', ...args]) =>
    new Promise((resolve) => {
      const options = {
        encoding: 'utf8' as const,
        timeout,
        maxBuffer: OUTPUT_MAX,
        windowsHide: true,
        env: environment(),
      };
      execFile(program, args, options, (error, out, err) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') resolve({ status: code, out, err });
        else resolve({ status: null, out, err: err || systemReason(error) });
      });
    });

export const runTool = toolWithin(TIMEOUT_MS);

/** Runs a program that goes on and tells each line that it prints, until `stop` or its own end. */
export const followTool = async (
  [program = '', ...args]: readonly string[],
  tell: (line: string) => void,
  stop: AbortSignal,
): Promise<ToolAnswer['status']> => {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    windowsHide: true,
    env: environment(),
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
  createInterface({ input: child.stdout }).on('line', tell);
  const end = (): unknown => child.kill();
  stop.addEventListener('abort', end);
  if (stop.aborted) end();
  const status = await ended;
  stop.removeEventListener('abort', end);
  return status;
};
