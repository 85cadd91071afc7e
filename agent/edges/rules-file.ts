/** The file of the administrator's rules: read bounded, written in one piece. */

import { FileTooLarge, readFileUpTo } from '../../protocol/node/bounded-files.ts';
import { err, ok, type Result } from '../../protocol/result.ts';
import type { RuleFault } from '../core/operations.ts';
import { RULES_SIZE_MAX } from '../core/rules/rule.ts';
import { systemReason } from '../system-reason.ts';
import { bytesToText } from './files.ts';
import { writeWhole } from './whole-file.ts';

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
  write(text: string): Promise<void> {
    return writeWhole(this.path, text);
  }
}

const fault = (sentence: string): Result<never, readonly RuleFault[]> =>
  err([{ line: 0, sentence }]);
