import { fetchBackup } from '../../admin/control-client.ts';
import { readBackup } from '../../edges/backup-format.ts';
import { DataFolder } from '../../edges/data-folder.ts';
import { NewFile } from '../../edges/new-file.ts';
import { UsherError } from '../../usher-error.ts';
import { licensesAndLeases } from '../backup-text.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const backup: Command = {
  name: 'backup',
  summary: 'Write everything that the running agent keeps into one file',
  positionals: [{ name: 'FILE', summary: 'a new file' }],
  flags: {},
  settings: ['data'],
  run: async ({ args, terminal, settings }) => {
    const path = args.positionals[0] ?? '';
    const bytes = await fetchBackup(new DataFolder(settings().data).controlPath);
    await using file = await NewFile.open(path);
    const counts = { license: 0, lease: 0 };
    try {
      // It is read as it is written: what could not be restored is no backup.
      for await (const record of readBackup(file.passing(bytes))) {
        const [kind] = record.kind === 'entry' ? record.entry[0].split('/') : [];
        if (kind === 'license' || kind === 'lease') counts[kind]++;
      }
    } catch (error) {
      if (error instanceof UsherError && error.code !== 'BROKEN_DATA') throw error;
      throw new UsherError(
        'REFUSED',
        'The agent could not read all of its store, and no backup was written: see `usher store check`.',
        error,
      );
    }
    await file.finish();
    terminal.out(
      `Backed up ${licensesAndLeases(counts.license, counts.lease)} to ${path}. It holds the agent's secret key: keep it as safe as the data folder.\n`,
    );
    return EXIT.done;
  },
};
