/** Runs a command as a child that shares our terminal, and passes signals to it. */

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { UsherError } from '../usher-error.ts';

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;

export interface ChildCommand {
  /** The exit code, or 128 plus the signal's number, as shells say it. */
  readonly ended: Promise<number>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Starts the command; `ended` rejects with WRONG_USAGE when it cannot be started. */
export const startCommand = (words: readonly string[]): ChildCommand => {
  const [program = '', ...args] = words;
  const child = spawn(program, args, { stdio: 'inherit', windowsHide: false });
  const passOn = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  const listeners = PASSED_ON.map((signal) => [signal, () => passOn(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'there is no such program' : error.message;
      reject(new UsherError('WRONG_USAGE', `Cannot run ${program}: ${why}.`, error));
    });
    child.on('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  }).finally(() => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  });
  return { ended, kill: passOn };
};
