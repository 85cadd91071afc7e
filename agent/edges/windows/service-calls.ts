/** The functions of Windows' advapi32 that rule a service, as koffi calls them. */

import type { Koffi } from '../koffi.ts';

/** What Windows hands out and takes back; opaque. */
export type Handle = object | bigint;

type Set<T> = (service: Handle, level: number, info: T) => boolean;

interface FailureActions {
  readonly forgottenAfterS: number;
  readonly message: null;
  readonly command: null;
  readonly count: number;
  readonly actions: Uint8Array;
}

/** Each returns nothing or false when it failed; `lastError` says why, until the next call. */
export interface ServiceCalls {
  readonly openManager: (host: null, database: null, rights: number) => Handle | null;
  readonly openService: (manager: Handle, name: string, rights: number) => Handle | null;
  readonly close: (handle: Handle) => boolean;
  readonly create: (
    ...words: readonly [
      ...(readonly [manager: Handle, name: string, displayName: string, rights: number]),
      ...(readonly [type: number, start: number, onError: number, commandLine: string]),
      ...(readonly [group: null, tag: null, needs: null, account: string, password: null]),
    ]
  ) => Handle | null;
  readonly change: (
    ...words: readonly [
      ...(readonly [
        service: Handle,
        type: number,
        start: number,
        onError: number,
        command: string,
      ]),
      ...(readonly [group: null, tag: null, needs: null, account: string, password: null]),
      displayName: string,
    ]
  ) => boolean;
  readonly setText: Set<{ readonly text: string }>;
  readonly setNumber: Set<{ readonly value: number }>;
  readonly setPointer: Set<{ readonly pointer: Uint8Array }>;
  readonly setFailure: Set<FailureActions>;
  readonly status: (...asked: readonly [Handle, number, Uint8Array, number, Uint8Array]) => boolean;
  readonly config: (...asked: readonly [Handle, Uint8Array, number, Uint8Array]) => boolean;
  readonly start: (service: Handle, count: number, words: null) => boolean;
  readonly control: (service: Handle, control: number, status: Uint8Array) => boolean;
  readonly delete: (service: Handle) => boolean;
  readonly lastError: () => number;
}

export const openServiceCalls = (koffi: Koffi): ServiceCalls => {
  const library = koffi.load('advapi32.dll');
  const setter = (fields: Record<string, string>) =>
    library.func('__stdcall', 'ChangeServiceConfig2W', 'bool', [
      ...['void *', 'uint32'],
      koffi.pointer(koffi.struct(fields)),
    ]);
  const common = 'uint32, uint32, uint32, str16, void *, void *, void *, str16, void *';
  return {
    openManager: library.func('void * __stdcall OpenSCManagerW(void *, void *, uint32)'),
    openService: library.func('void * __stdcall OpenServiceW(void *, str16, uint32)'),
    close: library.func('bool __stdcall CloseServiceHandle(void *)'),
    create: library.func(
      `void * __stdcall CreateServiceW(void *, str16, str16, uint32, ${common})`,
    ),
    change: library.func(`bool __stdcall ChangeServiceConfigW(void *, ${common}, str16)`),
    setText: setter({ text: 'str16' }),
    setNumber: setter({ value: 'uint32' }),
    setPointer: setter({ pointer: 'void *' }),
    setFailure: setter({
      forgottenAfterS: 'uint32',
      message: 'void *',
      command: 'void *',
      count: 'uint32',
      actions: 'void *',
    }),
    status: library.func(
      'bool __stdcall QueryServiceStatusEx(void *, uint32, void *, uint32, void *)',
    ),
    config: library.func('bool __stdcall QueryServiceConfigW(void *, void *, uint32, void *)'),
    start: library.func('bool __stdcall StartServiceW(void *, uint32, void *)'),
    control: library.func('bool __stdcall ControlService(void *, uint32, void *)'),
    delete: library.func('bool __stdcall DeleteService(void *)'),
    lastError: koffi.load('kernel32.dll').func('uint32 __stdcall GetLastError()'),
  };
};
