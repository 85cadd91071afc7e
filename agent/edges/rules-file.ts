/** The file of the administrator's rules: read bounded, written in one piece. */

import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileTooLarge, readFileUpTo } from '../../protocol/node/bounded-files.ts';
import { err, ok, type Result } from '../../protocol/result.ts';
import type { RuleFault } from '../core/operations.ts';
import { RULES_SIZE_MAX } from '../core/rules/rule.ts';
import { systemReason } from '../system-reason.ts';
import { bytesToText } from './files.ts';

export class RulesFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The text, empty where there is no file; or why it cannot be read. */
  async read(): Promise<Result<string, readonly RuleFault[]>> {
    try {
      // Twice, for a file in UTF-16.
      return ok(bytesToText(readFileUpTo(this.path, 2 * RULES_SIZE_MAX)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok('');
      if (error instanceof FileTooLarge) {
        return fault(
          `${this.path} is longer than ${RULES_SIZE_MAX} bytes: use groups, or patterns.`,
        );
      }
      return fault(`${this.path} cannot be read: ${systemReason(error)}.`);
    }
  }

  /** Resolves when the text is on the disk; when it rejects, the file is as it was. */
  async write(text: string): Promise<void> {
    // What a link leads to is written, and the link stays.
    const path = await realpath(this.path).catch(() => this.path);
    const mode = await stat(path).then(
      (found) => found.mode & 0o777,
      () => 0o600,
    );
    const fresh = `${path}.new`;
    try {
      {
        await using file = await open(fresh, 'w', mode);
        await file.writeFile(text);
        await file.sync();
      }
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
    await syncFolder(dirname(path));
  }
}

const fault = (sentence: string): Result<never, readonly RuleFault[]> =>
  err([{ line: 0, sentence }]);

/** A new name is on the disk only when its folder is; Windows needs and knows no such thing. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
};
