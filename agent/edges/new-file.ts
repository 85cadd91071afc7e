/** A file that appears under its name only when all of it is on the disk. */

import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

export class NewFile implements AsyncDisposable {
  readonly #path: string;
  readonly #draft: string;
  readonly #file: FileHandle;

  private constructor(path: string, draft: string, file: FileHandle) {
    this.#path = path;
    this.#draft = draft;
    this.#file = file;
  }

  /** Begins it, for its owner alone. Codes: FILE_EXISTS, FOLDER_UNUSABLE. */
  static async open(path: string): Promise<NewFile> {
    const draft = `${path}.${process.pid}.new`;
    try {
      return new NewFile(path, draft, await open(draft, 'wx', 0o600));
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** Writes what comes by. Code: FOLDER_UNUSABLE. */
  async *passing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      try {
        await this.#file.writeFile(chunk);
      } catch (error) {
        throw unwritable(this.#path, error);
      }
      yield chunk;
    }
  }

  /** Gives it its name; one that is there stays. Codes: FILE_EXISTS, FOLDER_UNUSABLE. */
  async finish(): Promise<void> {
    try {
      await this.#file.sync();
      await link(this.#draft, this.#path);
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await rm(this.#draft, { force: true });
  }
}

const unwritable = (path: string, error: unknown): UsherError => {
  if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
    return new UsherError('FILE_EXISTS', `${path} exists already: choose another name.`, error);
  }
  return new UsherError('FOLDER_UNUSABLE', `Cannot write ${path}: ${systemReason(error)}.`, error);
};
