/** Windows' service manager: makes, changes, asks, starts, stops and deletes one service. */

import { setTimeout as sleep } from 'node:timers/promises';
import { UsherError } from '../../usher-error.ts';
import { loadKoffi } from '../koffi.ts';
import { type Handle, openServiceCalls, type ServiceCalls } from './service-calls.ts';
import type { ServiceDefinition } from './service-definition.ts';
import { WINDOWS_ERROR, windowsError } from './system-error.ts';

/** Rights to ask for, and nothing more. */
const MANAGER = { connect: 0x1, create: 0x2 } as const;
const SERVICE = {
  queryConfig: 0x1,
  changeConfig: 0x2,
  queryStatus: 0x4,
  start: 0x10,
  stop: 0x20,
  delete: 0x1_0000,
} as const;

const OWN_PROCESS = 0x10;
const AUTO_START = 2;
const ERROR_NORMAL = 1;
const CONTROL_STOP = 1;
const RESTART = 1;
const SID_UNRESTRICTED = 1;

/** Levels of `ChangeServiceConfig2W`. */
const LEVEL = {
  description: 1,
  failureActions: 2,
  delayedStart: 3,
  failureFlag: 4,
  sid: 5,
  privileges: 6,
  preshutdown: 7,
} as const;

const STATES = {
  1: 'stopped',
  2: 'starting',
  3: 'stopping',
  4: 'running',
} as const;

export interface ServiceReport {
  readonly state: 'stopped' | 'starting' | 'stopping' | 'running';
  readonly pid: number | null;
  /** Why it stopped, Windows' number; 0 when in order. */
  readonly exitCode: number;
  /** Our own number, when `exitCode` is 1066. */
  readonly ownCode: number;
  readonly startsAtBoot: boolean;
}

/** How often the manager is asked while a service starts or stops, and for how long at most. */
const ASK_EVERY_MS = 100;
const PATIENCE_MS = 60_000;

export class ServiceControl {
  readonly #calls: ServiceCalls;
  readonly #name: string;

  constructor(name: string, calls: ServiceCalls = openServiceCalls(loadKoffi())) {
    this.#name = name;
    this.#calls = calls;
  }

  /** Refuses who may not install a service, before anything is done. Code: NOT_PERMITTED. */
  checkRights(): void {
    this.#openManager(MANAGER.connect | MANAGER.create)[Symbol.dispose]();
  }

  /**
   * Makes the service, or makes the one that is there the same; returns what this Windows does not
   * know. Codes: NOT_PERMITTED, REFUSED.
   */
  define(definition: ServiceDefinition): readonly string[] {
    const rights = SERVICE.changeConfig | SERVICE.start;
    const attempt = `Cannot install the service ${this.#name}`;
    using manager = this.#openManager(MANAGER.connect | MANAGER.create);
    using existing = this.#openService(manager, rights, attempt);
    if (existing !== undefined) {
      this.#check(this.#change(existing.handle, definition), attempt);
      return this.#refine(existing.handle, definition);
    }
    const { displayName, commandLine, account } = definition;
    const made = this.#calls.create(
      ...[manager.handle, this.#name, displayName, rights],
      ...[OWN_PROCESS, AUTO_START, ERROR_NORMAL, commandLine],
      ...([null, null, null, account, null] as const),
    );
    if (!made) throw windowsError(attempt, this.#calls.lastError());
    using service = this.#own(made);
    return this.#refine(service.handle, definition);
  }

  #change(service: Handle, { displayName, commandLine, account }: ServiceDefinition): boolean {
    return this.#calls.change(
      ...([service, OWN_PROCESS, AUTO_START, ERROR_NORMAL, commandLine] as const),
      ...([null, null, null, account, null, displayName] as const),
    );
  }

  /** Sets what `CreateServiceW` cannot. */
  #refine(service: Handle, definition: ServiceDefinition): readonly string[] {
    const { restartAfterMs, privileges, preshutdownMs } = definition;
    const actions = new Uint32Array(restartAfterMs.flatMap((afterMs) => [RESTART, afterMs]));
    const failure = {
      forgottenAfterS: definition.failuresForgottenAfterS,
      message: null,
      command: null,
      count: restartAfterMs.length,
      actions: Buffer.from(actions.buffer),
    };
    const names = Buffer.from(`${privileges.join('\0')}\0\0`, 'utf16le');
    const { setText, setFailure, setNumber, setPointer } = this.#calls;
    const parts: readonly (readonly [what: string, done: boolean, error: number])[] = [
      this.#tried(
        'description',
        setText(service, LEVEL.description, { text: definition.description }),
      ),
      this.#tried('delayed start', setNumber(service, LEVEL.delayedStart, { value: 1 })),
      this.#tried('recovery actions', setFailure(service, LEVEL.failureActions, failure)),
      this.#tried(
        'recovery after an orderly failure',
        setNumber(service, LEVEL.failureFlag, { value: 1 }),
      ),
      this.#tried('service SID', setNumber(service, LEVEL.sid, { value: SID_UNRESTRICTED })),
      this.#tried('required privileges', setPointer(service, LEVEL.privileges, { pointer: names })),
      this.#tried('preshutdown', setNumber(service, LEVEL.preshutdown, { value: preshutdownMs })),
    ];
    const failed = parts.find(([, done, error]) => !done && error !== WINDOWS_ERROR.invalidLevel);
    if (failed !== undefined)
      throw windowsError(`Cannot set the service's ${failed[0]}`, failed[2]);
    return parts.filter(([, done]) => !done).map(([what]) => what);
  }

  /** Keeps the error of a call before the next one overwrites it. */
  #tried(what: string, done: boolean): readonly [string, boolean, number] {
    return [what, done, done ? 0 : this.#calls.lastError()];
  }

  /** How the service is; `undefined` where it is not installed. */
  report(): ServiceReport | undefined {
    using manager = this.#openManager(MANAGER.connect);
    const rights = SERVICE.queryStatus | SERVICE.queryConfig;
    const attempt = `Cannot ask for the service ${this.#name}`;
    using service = this.#openService(manager, rights, attempt);
    if (service === undefined) return undefined;
    const status = Buffer.alloc(36);
    this.#check(
      this.#calls.status(service.handle, 0, status, status.length, Buffer.alloc(4)),
      attempt,
    );
    const config = Buffer.alloc(8192);
    this.#check(
      this.#calls.config(service.handle, config, config.length, Buffer.alloc(4)),
      attempt,
    );
    const state = status.readUInt32LE(4);
    return {
      state: STATES[state as keyof typeof STATES] ?? 'running',
      pid: status.readUInt32LE(28) || null,
      exitCode: status.readUInt32LE(12),
      ownCode: status.readUInt32LE(16),
      startsAtBoot: config.readUInt32LE(4) === AUTO_START,
    };
  }

  /** Starts it and waits until it runs. Codes: NOT_PERMITTED, REFUSED. */
  async start(): Promise<void> {
    const attempt = `Cannot start the service ${this.#name}`;
    const isAsked = this.#do(SERVICE.start, attempt, (service) =>
      this.#calls.start(service, 0, null) ? 0 : this.#calls.lastError(),
    );
    if (isAsked !== 0 && isAsked !== WINDOWS_ERROR.serviceAlreadyRunning) {
      throw windowsError(attempt, isAsked);
    }
    const report = await this.#until((one) => one?.state === 'running' || one?.state === 'stopped');
    if (report?.state !== 'running') {
      throw new UsherError(
        'REFUSED',
        `${attempt}: it stopped again with ${report?.ownCode || report?.exitCode}. \`usher service logs\` says why.`,
      );
    }
  }

  /** Stops it and waits until it has stopped. Codes: NOT_PERMITTED, REFUSED. */
  async stop(): Promise<void> {
    const attempt = `Cannot stop the service ${this.#name}`;
    const done = this.#do(SERVICE.stop, attempt, (service) =>
      this.#calls.control(service, CONTROL_STOP, Buffer.alloc(28)) ? 0 : this.#calls.lastError(),
    );
    if (done !== 0 && done !== WINDOWS_ERROR.serviceNotActive) throw windowsError(attempt, done);
    await this.#until((one) => one === undefined || one.state === 'stopped');
  }

  /** Deletes a service that has stopped. */
  delete(): void {
    const attempt = `Cannot remove the service ${this.#name}`;
    const done = this.#do(SERVICE.delete, attempt, (service) =>
      this.#calls.delete(service) ? 0 : this.#calls.lastError(),
    );
    if (done !== 0 && done !== WINDOWS_ERROR.serviceMarkedForDelete)
      throw windowsError(attempt, done);
  }

  #do(rights: number, attempt: string, act: (service: Handle) => number): number {
    using manager = this.#openManager(MANAGER.connect);
    using service = this.#openService(manager, rights, attempt);
    if (service === undefined) throw windowsError(attempt, WINDOWS_ERROR.serviceDoesNotExist);
    return act(service.handle);
  }

  async #until(
    isDone: (report: ServiceReport | undefined) => boolean,
  ): Promise<ServiceReport | undefined> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const report = this.report();
      if (isDone(report)) return report;
      if (performance.now() > end) {
        throw new UsherError(
          'REFUSED',
          `The service ${this.#name} is ${report?.state} for a minute.`,
        );
      }
      await sleep(ASK_EVERY_MS);
    }
  }

  #check(isDone: boolean, attempt: string): void {
    if (!isDone) throw windowsError(attempt, this.#calls.lastError());
  }

  #openManager(rights: number): OwnedHandle {
    const handle = this.#calls.openManager(null, null, rights);
    if (!handle) throw windowsError('Cannot reach the service manager', this.#calls.lastError());
    return this.#own(handle);
  }

  #openService({ handle }: OwnedHandle, rights: number, attempt: string): OwnedHandle | undefined {
    const service = this.#calls.openService(handle, this.#name, rights);
    if (service) return this.#own(service);
    const error = this.#calls.lastError();
    if (error === WINDOWS_ERROR.serviceDoesNotExist) return undefined;
    throw windowsError(attempt, error);
  }

  #own(handle: Handle): OwnedHandle {
    return { handle, [Symbol.dispose]: () => void this.#calls.close(handle) };
  }
}

interface OwnedHandle extends Disposable {
  readonly handle: Handle;
}
