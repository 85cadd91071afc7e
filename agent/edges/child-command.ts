/** Runs a command as a child that shares our terminal, and passes signals to it. */

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

const CAUGHT = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK', 'SIGUSR2'] as const;

/** What shells give as the exit code of a program that a signal ended. */
export const signalExitCode = (signal: NodeJS.Signals): number =>
  128 + (constants.signals[signal] ?? 0);

/** The signals that would end this program, caught until it is disposed. */
export class CaughtSignals implements Disposable {
  #first: NodeJS.Signals | undefined;
  #listener: (signal: NodeJS.Signals) => void = () => {};
  readonly #catch = (signal: NodeJS.Signals): void => {
    this.#first ??= signal;
    this.#listener(signal);
  };

  constructor() {
    for (const signal of CAUGHT) process.on(signal, this.#catch);
  }

  /** The first that came, if one did. */
  get first(): NodeJS.Signals | undefined {
    return this.#first;
  }

  /** Who hears of those to come; one listener at a time. */
  handTo(listener: (signal: NodeJS.Signals) => void): void {
    this.#listener = listener;
  }

  [Symbol.dispose](): void {
    for (const signal of CAUGHT) process.off(signal, this.#catch);
  }
}

export interface ChildCommand {
  /** The exit code, or 128 plus the signal's number, as shells say it. */
  readonly ended: Promise<number>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Passes on a signal that we got, unless the terminal has sent it to the command already. */
  readonly passOn: (signal: NodeJS.Signals) => void;
}

/** Starts the command; throws, or `ended` rejects, with COMMAND_UNUSABLE when it cannot be started. */
export const startCommand = (words: readonly string[]): ChildCommand => {
  const [program = '', ...args] = words;
  // For an empty name no child is made that could tell why.
  if (program === '') throw cannotRun('""', new Error('it is no name of a program'));
  const child = spawn(program, args, { stdio: 'inherit', windowsHide: false });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => {
      // A command of another user that we may not signal runs on, and so does its seat.
      if (child.pid === undefined) reject(cannotRun(program, error));
    });
    child.on('exit', (code, signal) => {
      resolve(code ?? (signal === null ? 1 : signalExitCode(signal)));
    });
  });
  const kill = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  const passOn = (signal: NodeJS.Signals): void => {
    // Ctrl-C and Ctrl-\ go to every program of the terminal: twice would mean "at once" to many.
    const isTyped = signal === 'SIGINT' || signal === 'SIGQUIT' || signal === 'SIGBREAK';
    if (!(isTyped && process.stdin.isTTY)) kill(signal);
  };
  return { ended, kill, passOn };
};

const cannotRun = (program: string, error: NodeJS.ErrnoException): UsherError => {
  const why = error.code === 'ENOENT' ? 'there is no such program' : systemReason(error);
  return new UsherError('COMMAND_UNUSABLE', `Cannot run ${program}: ${why}.`, error);
};
