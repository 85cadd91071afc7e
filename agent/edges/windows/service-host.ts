/**
 * Runs this process as a Windows service. The service manager's dispatcher blocks a thread of
 * koffi's, while the event loop lives; what the manager says comes from foreign threads, which
 * koffi makes wait until the event loop has answered. So every answer is given at once.
 */

import { UsherError } from '../../usher-error.ts';
import { loadKoffi } from '../koffi.ts';
import { WINDOWS_ERROR, windowsError } from './system-error.ts';

export type StopReason = 'stop' | 'shutdown';

export interface ServiceWork {
  /** Resolves when the service does its work. */
  readonly start: () => Promise<void>;
  /** Resolves when nothing is left to do: Windows may end the process right after. */
  readonly stop: (reason: StopReason) => Promise<void>;
  /** Told why `start` or `stop` failed; returns the service's own error number. */
  readonly failed: (error: unknown) => number;
}

const OWN_PROCESS = 0x10;
const STATE = { stopped: 1, starting: 2, stopping: 3, running: 4 } as const;
const CONTROL = { stop: 1, interrogate: 4, shutdown: 5, preshutdown: 15 } as const;
/** STOP, SHUTDOWN and PRESHUTDOWN: the last comes first, where Windows knows it. */
const ACCEPTED = 0x1 | 0x4 | 0x100;
const ERROR_NOT_IMPLEMENTED = 120;
const ERROR_SERVICE_SPECIFIC = 1066;
/** The manager gives a service up that reports no progress for `HINT_MS`. */
const PROGRESS_EVERY_MS = 1_000;
const HINT_MS = 10_000;

/** Resolves with the exit code when the service has stopped. Code: WRONG_USAGE off the manager. */
export const hostService = (name: string, work: ServiceWork): Promise<number> =>
  new ServiceHost(name, work).run();

class ServiceHost {
  readonly #name: string;
  readonly #work: ServiceWork;
  readonly #koffi = loadKoffi();
  #handle: unknown;
  #setStatus: (handle: unknown, status: Readonly<Record<string, number>>) => boolean = () => false;
  #checkpoint = 0;
  #stopping: StopReason | undefined;
  #started: Promise<boolean> = Promise.resolve(false);
  #code = 0;

  constructor(name: string, work: ServiceWork) {
    this.#name = name;
    this.#work = work;
  }

  run(): Promise<number> {
    const library = this.#koffi.load('advapi32.dll');
    const lastError = this.#koffi.load('kernel32.dll').func('uint32 __stdcall GetLastError()');
    const main = this.#registerMain(library);
    const entry = this.#koffi.struct({ name: 'str16', main: 'void *' });
    const dispatch = library.func('__stdcall', 'StartServiceCtrlDispatcherW', 'bool', [
      this.#koffi.pointer(entry),
    ]);
    const table = [
      { name: this.#name, main },
      { name: null, main: null },
    ];
    return new Promise((resolve, reject) => {
      dispatch.async(table, (error: Error | null, isDone: boolean) => {
        if (error) return reject(error);
        if (isDone) return resolve(this.#code);
        reject(notDispatched(lastError()));
      });
    });
  }

  #registerMain(library: ReturnType<ReturnType<typeof loadKoffi>['load']>): bigint {
    const { pointer, proto, register } = this.#koffi;
    const handlerType = pointer(
      proto('uint32 __stdcall UsherServiceHandler(uint32, uint32, void *, void *)'),
    );
    const mainType = pointer(proto('void __stdcall UsherServiceMain(uint32, void *)'));
    const registerHandler = library.func('__stdcall', 'RegisterServiceCtrlHandlerExW', 'void *', [
      ...['str16', 'void *', 'void *'],
    ]);
    const status = this.#koffi.struct({
      ...{ type: 'uint32', state: 'uint32', accepted: 'uint32', exitCode: 'uint32' },
      ...{ ownCode: 'uint32', checkpoint: 'uint32', hint: 'uint32' },
    });
    this.#setStatus = library.func('__stdcall', 'SetServiceStatus', 'bool', [
      'void *',
      pointer(status),
    ]);
    const handler = register((control: number) => this.#hear(control), handlerType);
    return register(() => {
      this.#handle = registerHandler(this.#name, handler, null);
      this.#started = this.#start();
    }, mainType);
  }

  async #start(): Promise<boolean> {
    try {
      await this.#reporting(STATE.starting, this.#work.start());
      // A stop that came while it started is served by who waits for this.
      if (this.#stopping === undefined) this.#report(STATE.running);
      return true;
    } catch (error) {
      this.#end(this.#work.failed(error));
      return false;
    }
  }

  #hear(control: number): number {
    switch (control) {
      case CONTROL.stop:
        this.#askToStop('stop');
        return 0;
      case CONTROL.shutdown:
      case CONTROL.preshutdown:
        this.#askToStop('shutdown');
        return 0;
      case CONTROL.interrogate:
        return 0;
      default:
        return ERROR_NOT_IMPLEMENTED;
    }
  }

  #askToStop(reason: StopReason): void {
    if (this.#stopping !== undefined) return;
    this.#stopping = reason;
    setImmediate(() => void this.#stop(reason));
  }

  async #stop(reason: StopReason): Promise<void> {
    if (!(await this.#reporting(STATE.stopping, this.#started))) return;
    try {
      await this.#reporting(STATE.stopping, this.#work.stop(reason));
      this.#end(0);
    } catch (error) {
      this.#end(this.#work.failed(error));
    }
  }

  /** Tells the manager every second that it goes on. */
  async #reporting<T>(state: number, done: Promise<T>): Promise<T> {
    const report = (): void => this.#report(state);
    report();
    const timer = setInterval(report, PROGRESS_EVERY_MS);
    return done.finally(() => clearInterval(timer));
  }

  #end(code: number): void {
    this.#code = code;
    this.#report(STATE.stopped);
  }

  #report(state: number): void {
    const isPending = state === STATE.starting || state === STATE.stopping;
    this.#checkpoint = isPending ? this.#checkpoint + 1 : 0;
    this.#setStatus(this.#handle, {
      type: OWN_PROCESS,
      state,
      accepted: state === STATE.running ? ACCEPTED : 0,
      exitCode: this.#code === 0 ? 0 : ERROR_SERVICE_SPECIFIC,
      ownCode: this.#code,
      checkpoint: this.#checkpoint,
      hint: isPending ? HINT_MS : 0,
    });
  }
}

const notDispatched = (error: number): UsherError =>
  error === WINDOWS_ERROR.notStartedByManager
    ? new UsherError(
        'WRONG_USAGE',
        '--service is for the service manager of Windows: start it with `usher service start`, or run `usher serve`.',
      )
    : windowsError('Cannot speak to the service manager', error);
