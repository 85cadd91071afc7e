/** A backup of a computer that is nobody's, whose agent has a key that is none. */

import { type BackupHead, writeBackup } from '../../agent/edges/backup-format.ts';
import { epochSeconds } from '../../protocol/units.ts';

export const foreignBackup = async (): Promise<Buffer> => {
  const head: BackupHead = {
    version: '1.0.0',
    made: epochSeconds(1_800_000_000),
    hostName: 'elsewhere',
    hostCode: new Uint8Array([1]),
    commits: 1,
  };
  const files = new Map([['agent.key', new Uint8Array(1)]]);
  const none = (async function* () {})();
  const parts: Uint8Array[] = [];
  for await (const part of writeBackup(head, files, none)) parts.push(part);
  return Buffer.concat(parts);
};
