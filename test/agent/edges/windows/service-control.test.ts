/** What Windows is told of the service, in the numbers of its own winsvc.h: Wine keeps little of it. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServiceCalls } from '../../../../agent/edges/windows/service-calls.ts';
import { ServiceControl } from '../../../../agent/edges/windows/service-control.ts';
import { defineService } from '../../../../agent/service/windows-plan.ts';

const control = suite('service control');

const NOT_THERE = 1060;
const UNKNOWN_LEVEL = 124;
const ACCESS_DENIED = 5;
const DEFINITION = defineService('C:\\Program Files\\Usher\\usher.exe', 'C:\\ProgramData\\Usher');

/** Windows' service manager, which writes down what it is told. `fails`: by level of the change. */
class Manager {
  readonly made: unknown[] = [];
  readonly changed: unknown[] = [];
  readonly details = new Map<number, unknown>();
  open = 0;
  #error = 0;
  readonly #isThere: boolean;
  readonly #fails: ReadonlyMap<number, number>;

  constructor(isThere: boolean, fails: ReadonlyMap<number, number> = new Map()) {
    this.#isThere = isThere;
    this.#fails = fails;
  }

  get calls(): ServiceCalls {
    const set = (_: unknown, level: number, info: unknown): boolean => {
      this.#error = this.#fails.get(level) ?? 0;
      if (this.#error === 0) this.details.set(level, info);
      return this.#error === 0;
    };
    const handle = (isGiven: boolean, error: number): object | null => {
      this.#error = isGiven ? 0 : error;
      if (isGiven) this.open++;
      return isGiven ? {} : null;
    };
    const never = (): never => {
      throw new Error('only defined here');
    };
    return {
      openManager: () => handle(true, 0),
      openService: () => handle(this.#isThere, NOT_THERE),
      close: () => this.open-- > 0,
      create: (_manager, ...words) => {
        this.made.push(words);
        return handle(true, 0);
      },
      change: (_service, ...words) => this.changed.push(words) > 0,
      setText: set,
      setNumber: set,
      setPointer: set,
      setFailure: set,
      lastError: () => this.#error,
      ...{ status: never, config: never, start: never, control: never, delete: never },
    };
  }
}

const COMMAND =
  '"C:\\Program Files\\Usher\\usher.exe" serve --service --data C:\\ProgramData\\Usher';

control('a new service runs as LocalService, by itself in its process, from the start', () => {
  const manager = new Manager(false);
  assert.equal(new ServiceControl('Usher', manager.calls).define(DEFINITION), []);
  const [ownProcess, automatic, logErrors] = [0x10, 2, 1];
  assert.equal(manager.made, [
    [
      ...['Usher', 'Usher license agent', 0x2 | 0x10],
      ...[ownProcess, automatic, logErrors, COMMAND],
      ...[null, null, null, 'NT AUTHORITY\\LocalService', null],
    ],
  ]);
  assert.equal(manager.changed, []);
  assert.is(manager.open, 0, 'every handle is given back');
});

control('one that is there is made the same', () => {
  const manager = new Manager(true);
  assert.equal(new ServiceControl('Usher', manager.calls).define(DEFINITION), []);
  assert.equal(manager.made, []);
  assert.equal(manager.changed, [
    [
      ...[0x10, 2, 1, COMMAND, null, null, null, 'NT AUTHORITY\\LocalService', null],
      'Usher license agent',
    ],
  ]);
  assert.is(manager.details.size, 7, 'and its details');
  assert.is(manager.open, 0);
});

control('it starts late, has an identity of its own, and shuts down before the others', () => {
  const { details, calls } = new Manager(false);
  new ServiceControl('Usher', calls).define(DEFINITION);
  const [delayedAutoStart, serviceSid, preshutdown] = [3, 5, 7];
  assert.equal(details.get(1), { text: DEFINITION.description });
  assert.equal(details.get(delayedAutoStart), { value: 1 });
  assert.equal(details.get(serviceSid), { value: 1 }, 'SERVICE_SID_TYPE_UNRESTRICTED');
  assert.equal(details.get(preshutdown), { value: 20_000 }, 'milliseconds');
  const { pointer } = details.get(6) as { readonly pointer: Buffer };
  assert.is(pointer.toString('utf16le'), 'SeChangeNotifyPrivilege\0\0', 'and no other privilege');
});

control(
  'it is started again after each failure, sooner at first; after an orderly one, too',
  () => {
    const { details, calls } = new Manager(false);
    new ServiceControl('Usher', calls).define(DEFINITION);
    const [failureActions, failureFlag, restart] = [2, 4, 1];
    const { actions, ...rest } = details.get(failureActions) as { readonly actions: Buffer };
    assert.equal(rest, { forgottenAfterS: 86_400, message: null, command: null, count: 3 });
    // Kind and milliseconds of each, as SC_ACTION has them.
    const numbers = Array.from({ length: actions.length / 4 }, (_, i) =>
      actions.readUInt32LE(4 * i),
    );
    assert.equal(numbers, [restart, 5000, restart, 30_000, restart, 60_000]);
    assert.equal(details.get(failureFlag), { value: 1 });
  },
);

control('what a Windows does not know is said; what it refuses ends the attempt', () => {
  const old = new Manager(false, new Map([[7, UNKNOWN_LEVEL]]));
  assert.equal(new ServiceControl('Usher', old.calls).define(DEFINITION), ['preshutdown']);
  const strict = new Manager(false, new Map([[5, ACCESS_DENIED]]));
  const defining = () => new ServiceControl('Usher', strict.calls).define(DEFINITION);
  assert.throws(defining, /service SID/);
  assert.is(strict.open, 0);
});

control.run();
