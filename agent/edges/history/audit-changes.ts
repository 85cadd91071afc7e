/** Changes that are in the audit, read once: after that only what has come since is looked at. */

import { type AuditLine, decodeAuditRecord, deedLines } from '../../core/audit/audit-record.ts';
import { auditPieces } from './audit-store.ts';
import type { HistoryReader } from './history-store.ts';

export class AuditChanges {
  readonly #most: number;
  #lines: readonly AuditLine[] = [];
  /** Of the last record that was read. */
  #sequence = 0;
  /** The key of the last segment that was read. */
  #segment = '';

  /** `most`: how many are kept in mind, of at least one. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The newest, oldest first: what somebody has done, or the agent by itself, but no seats. */
  async read(reader: HistoryReader): Promise<readonly AuditLine[]> {
    await using frozen = reader.frozen();
    let [lines, sequence, last]: [AuditLine[], number, string] = [
      [...this.#lines],
      this.#sequence,
      this.#segment,
    ];
    for await (const { segment, records } of auditPieces(frozen, last)) {
      last = segment ?? last;
      for (const bytes of records) {
        const record = decodeAuditRecord(bytes);
        if (record === undefined || record.sequence <= sequence) continue;
        sequence = record.sequence;
        lines.push(...deedLines(record));
      }
      lines = lines.slice(-this.#most);
    }
    // Only now: who is interrupted begins where it began.
    [this.#lines, this.#sequence, this.#segment] = [lines, sequence, last];
    return lines;
  }
}
