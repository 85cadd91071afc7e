/**
 * A backup: one stream of records, each with its length and a checksum, and at its end a hash over
 * all, so that what was cut off or changed is told from what is whole before anything is done.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { Fields } from '../../protocol/fields.ts';
import { HOST_CODE_MAX, TEXT_MAX } from '../../protocol/limits.ts';
import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import { type EpochSeconds, epochSeconds } from '../../protocol/units.ts';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';
import type { StoreEntry } from './store-reading.ts';

const MAGIC = Buffer.from('usher backup 1\n');
const FRAME_SIZE = 8;
const RECORD_MAX = 4 * 1024 * 1024;
const HASH_SIZE = 32;
const KEY_MAX = 4096;

export interface BackupHead {
  readonly version: string;
  readonly made: EpochSeconds;
  /** The name of the computer, for people. */
  readonly hostName: string;
  readonly hostCode: Uint8Array;
  /** Batches that the store had written. */
  readonly commits: number;
}

export type BackupRecord =
  | { readonly kind: 'head'; readonly head: BackupHead }
  | { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'entry'; readonly entry: StoreEntry };

/** The bytes of a backup, a piece at a time. */
export async function* writeBackup(
  head: BackupHead,
  files: ReadonlyMap<string, Uint8Array>,
  entries: AsyncIterable<readonly StoreEntry[]>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const hashed = (bytes: Uint8Array): Uint8Array => {
    hash.update(bytes);
    return bytes;
  };
  yield hashed(MAGIC);
  const { version, made, hostName, hostCode, commits } = head;
  yield hashed(frame(['head', version, made, hostName, hostCode, commits]));
  for (const [name, bytes] of files) yield hashed(frame(['file', name, bytes]));
  for await (const some of entries) {
    yield hashed(Buffer.concat(some.map(([key, value]) => frame(['entry', key, value]))));
  }
  yield frame(['end', new Uint8Array(hash.digest())]);
}

const frame = (value: Value): Uint8Array => {
  const payload = pack(value);
  const framed = new Uint8Array(FRAME_SIZE + payload.length);
  const view = new DataView(framed.buffer);
  view.setUint32(0, payload.length);
  view.setUint32(4, crc32(payload));
  framed.set(payload, FRAME_SIZE);
  return framed;
};

/** The records of a backup in a file. Codes: FILE_UNREADABLE, BROKEN_DATA. */
export async function* readFileBackup(file: string): AsyncGenerator<BackupRecord> {
  try {
    yield* readBackup(createReadStream(file));
  } catch (error) {
    if (error instanceof UsherError) throw error;
    throw new UsherError('FILE_UNREADABLE', `Cannot read ${file}: ${systemReason(error)}.`, error);
  }
}

/** The records of a backup. Code BROKEN_DATA when it ends early, or is none: only after some of them. */
export async function* readBackup(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<BackupRecord> {
  const source = new ByteSource(chunks);
  const hash = createHash('sha256');
  const magic = await source.take(MAGIC.length);
  if (!MAGIC.equals(magic)) throw refused('is not one that this version of Usher can read');
  hash.update(magic);
  for (;;) {
    const header = await source.take(FRAME_SIZE);
    const view = new DataView(header.buffer, header.byteOffset);
    const length = view.getUint32(0);
    if (length > RECORD_MAX) throw refused('was changed or damaged');
    // A Buffer's slices are views: what is read lives on.
    const payload = new Uint8Array(await source.take(length));
    if (crc32(payload) !== view.getUint32(4)) throw refused('was changed or damaged');
    const record = parseRecord(payload);
    if (record instanceof Uint8Array) {
      if (!hash.digest().equals(record) || !(await source.isAtEnd())) {
        throw refused('was changed or damaged');
      }
      return;
    }
    hash.update(header).update(payload);
    yield record;
  }
}

/** A record, or the hash at the end. */
const parseRecord = (payload: Uint8Array): BackupRecord | Uint8Array => {
  const fields = new Fields(unpack(payload));
  const record = readRecord(fields);
  if (record === undefined || !fields.complete) throw refused('was changed or damaged');
  return record;
};

const readRecord = (fields: Fields): BackupRecord | Uint8Array | undefined => {
  switch (fields.text(16)) {
    case 'head': {
      const head = {
        version: fields.text(TEXT_MAX),
        made: epochSeconds(fields.uint()),
        hostName: fields.text(TEXT_MAX * 2),
        hostCode: fields.bytesUpTo(HOST_CODE_MAX).slice(),
        commits: fields.uint(),
      };
      return { kind: 'head', head };
    }
    case 'file':
      return { kind: 'file', name: fields.text(64), bytes: fields.bytesUpTo(RECORD_MAX).slice() };
    case 'entry':
      return {
        kind: 'entry',
        entry: [fields.text(KEY_MAX), fields.bytesUpTo(RECORD_MAX).slice()],
      };
    case 'end':
      return fields.bytes(HASH_SIZE).slice();
    default:
      return undefined;
  }
};

const refused = (what: string): UsherError =>
  new UsherError('BROKEN_DATA', `The backup ${what}: nothing was done.`);

/** Bytes in pieces of the asked size, out of chunks of any. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async take(size: number): Promise<Uint8Array> {
    const parts = [this.#rest];
    let have = this.#rest.length;
    while (have < size) {
      const next = await this.#chunks.next();
      if (next.done === true) throw refused('ends early');
      parts.push(next.value);
      have += next.value.length;
    }
    const all = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = all.subarray(size);
    return all.subarray(0, size);
  }

  async isAtEnd(): Promise<boolean> {
    if (this.#rest.length > 0) return false;
    return (await this.#chunks.next()).done === true;
  }
}
