/**
 * Where marks of licenses are kept outside the data folder (core/host-mark.ts): beside the folder,
 * beside the user's state folder, and where the service has one of its own. Whoever deletes the data folder
 * leaves them; whoever deletes all of them is an administrator with intent, whom the vendor's own
 * records have to meet.
 */

import { rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { platform } from 'node:process';
import { readFileUpTo } from '../../protocol/node/bounded-files.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { type Environment, userStateFolder } from '../../protocol/node/user-folders.ts';
import {
  type HostMark,
  joinMarks,
  MARKS_SIZE_MAX,
  marksToBytes,
  readMarks,
} from '../core/host/host-mark.ts';
import { type DataFolder, makeFolder } from './data-folder.ts';

/** The service's own folder for marks: its unit has systemd make it. */
const MACHINE_MARKS = '/var/lib/usher-marks';

export class MarkPlaces {
  readonly #files: readonly string[];
  #found: readonly HostMark[] = [];

  constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** Those of the agent with this data folder. */
  static of(folder: DataFolder, environment: Environment): MarkPlaces {
    const beside = join(dirname(folder.path), `.${basename(folder.path)}.usher-marks`);
    const machine =
      platform === 'win32'
        ? join(environment['ProgramData'] ?? 'C:\\ProgramData', 'Usher-marks', 'marks')
        : join(MACHINE_MARKS, 'marks');
    const state = userStateFolder(environment);
    // Not in the user's state folder itself, which may be the data folder.
    const own = state === undefined ? [] : [join(`${state}-marks`, 'marks')];
    return new MarkPlaces([machine, ...own, beside]);
  }

  /** What is kept in any of them; one that cannot be read says nothing. */
  async read(): Promise<readonly HostMark[]> {
    const all = await Promise.all(this.#files.map(readOne));
    this.#found = joinMarks(...all);
    return this.#found;
  }

  /** Keeps marks in every place that can be written; says whether there was one. */
  async keep(marks: readonly HostMark[]): Promise<boolean> {
    const before = await Promise.all(this.#files.map(readOne));
    this.#found = joinMarks(this.#found, ...before, marks);
    const bytes = marksToBytes(this.#found, nativePrimitives);
    const kept = await Promise.all(this.#files.map((file) => writeOne(file, bytes)));
    return kept.includes(true);
  }
}

/** A file that somebody else has put there says nothing. */
const readOne = async (file: string): Promise<readonly HostMark[]> => {
  try {
    const { uid } = await stat(file);
    const isOurs = platform === 'win32' || uid === 0 || uid === process.getuid?.();
    const bytes = isOurs ? readFileUpTo(file, MARKS_SIZE_MAX) : undefined;
    return (bytes && readMarks(bytes, nativePrimitives)) ?? [];
  } catch {
    return [];
  }
};

const writeOne = async (file: string, bytes: Uint8Array): Promise<boolean> => {
  const folder = dirname(file);
  const draft = `${file}.${process.pid}`;
  try {
    // The service's own folder is there or is not: nobody else makes it.
    if (folder !== MACHINE_MARKS) await makeFolder(folder);
    await writeFile(draft, bytes, { mode: 0o600, flush: true });
    await rename(draft, file);
    return true;
  } catch {
    return false;
  }
};
