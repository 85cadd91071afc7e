/**
 * The seal that Windows offers: DPAPI encrypts a secret for this installation of Windows. Of the
 * machine, not of a user, so that the service and an administrator's command open the same file; who
 * may read that is said by the rights of its folder. The layout of a blob is that of 64-bit Windows
 * (dpapi.h: a 32-bit size, four bytes of padding, a pointer).
 */

import type { KeySeal } from '../key-seal.ts';
import { loadKoffi } from '../koffi.ts';

const UI_FORBIDDEN = 0x1;
const LOCAL_MACHINE = 0x4;
const BLOB_SIZE = 16;
const POINTER_AT = 8;
/** What comes back is not believed to be longer. */
const DATA_MAX = 4096;
/** Other programs of the machine that ask for the same must name it, too. */
const PURPOSE = new TextEncoder().encode('usher agent key');

type Address = number | bigint;

interface Memory {
  readonly take: (size: number) => Address;
  readonly free: (address: Address) => void;
  readonly write: (to: Address, bytes: Uint8Array) => void;
  readonly read: (from: Address, into: Uint8Array) => void;
}

const openMemory = (): Memory => {
  const kernel = loadKoffi().load('kernel32.dll');
  const take = kernel.func('uintptr_t __stdcall LocalAlloc(uint32, uintptr_t)');
  const free = kernel.func('uintptr_t __stdcall LocalFree(uintptr_t)');
  const write = kernel.func('void __stdcall RtlMoveMemory(uintptr_t, void *, uintptr_t)');
  const read = kernel.func('void __stdcall RtlMoveMemory(void *, uintptr_t, uintptr_t)');
  return {
    take: (size) => take(0, size) as Address,
    free: (address) => void free(address),
    write: (to, bytes) => void write(to, bytes, bytes.length),
    read: (from, into) => void read(into, from, into.length),
  };
};

type Call = 'CryptProtectData' | 'CryptUnprotectData';

/** What the call makes of these bytes; `undefined` where it refuses. */
const transform = (call: Call, bytes: Uint8Array): Uint8Array | undefined => {
  const memory = openMemory();
  const done = loadKoffi()
    .load('crypt32.dll')
    .func(`bool __stdcall ${call}(void *, void *, void *, void *, void *, uint32, void *)`);
  const [input, purpose] = [blobOf(bytes, memory), blobOf(PURPOSE, memory)];
  const output = Buffer.alloc(BLOB_SIZE);
  try {
    const flags = UI_FORBIDDEN | LOCAL_MACHINE;
    if (!done(input, null, purpose, null, null, flags, output)) return undefined;
    const size = output.readUInt32LE(0);
    const found = new Uint8Array(Math.min(size, DATA_MAX));
    memory.read(output.readBigUInt64LE(POINTER_AT), found);
    return size <= DATA_MAX ? found : undefined;
  } finally {
    for (const blob of [input, purpose, output]) {
      const address = blob.readBigUInt64LE(POINTER_AT);
      if (address !== 0n) memory.free(address);
    }
  }
};

const blobOf = (bytes: Uint8Array, memory: Memory): Buffer => {
  const blob = Buffer.alloc(BLOB_SIZE);
  const address = memory.take(bytes.length);
  memory.write(address, bytes);
  blob.writeUInt32LE(bytes.length, 0);
  blob.writeBigUInt64LE(BigInt(address), POINTER_AT);
  return blob;
};

export const dataProtectionSeal: KeySeal = {
  name: 'dpapi',
  seal: async (secret) => transform('CryptProtectData', secret),
  open: async (sealed) => transform('CryptUnprotectData', sealed),
};
