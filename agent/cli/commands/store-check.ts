import { fetchStoreReport } from '../../admin/control-client.ts';
import { DataFolder } from '../../edges/data-folder.ts';
import { loadAddons } from '../../edges/load-addons.ts';
import type { StoreReport } from '../../edges/store-report.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderReport } from '../store-text.ts';

export const storeCheck: Command = {
  name: 'store check',
  summary: 'Read every record of the store, whether the agent runs or not',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const folder = new DataFolder(invocation.settings().data);
    const report = await look(folder);
    print(invocation, report, renderReport);
    return report.trouble === null ? EXIT.done : EXIT['broken data'];
  },
};

const look = async (folder: DataFolder): Promise<StoreReport> => {
  try {
    return await fetchStoreReport(folder.controlPath);
  } catch (error) {
    if (!(error instanceof UsherError) || error.code !== 'NO_AGENT') throw error;
  }
  await folder.demandUsed();
  try {
    loadAddons(folder);
    const { checkStore } = await import('../../edges/store-repair.ts');
    return await checkStore(folder.store);
  } catch (error) {
    throw folder.unusable(error);
  }
};
