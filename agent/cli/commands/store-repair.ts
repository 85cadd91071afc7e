import { DataFolder, suffixOf } from '../../edges/data-folder.ts';
import { loadAddons } from '../../edges/load-addons.ts';
import type { RepairReport } from '../../edges/store-repair.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderReport } from '../store-text.ts';

export const storeRepair: Command = {
  name: 'store repair',
  summary: 'Mend the store of a stopped agent, and say what is lost',
  positionals: [],
  flags: {
    'lend-at-once': {
      kind: 'switch',
      summary: 'do not wait until seats that were lost have ended: nobody holds one',
    },
  },
  settings: ['data'],
  run: async ({ args, terminal, settings }) => {
    const folder = new DataFolder(settings().data);
    const lendAtOnce = args.has('lend-at-once');
    await folder.demandUsed();
    loadAddons(folder);
    const { repairStore } = await import('../../edges/store-repair.ts');
    const { refuseWhileRunning } = await import('../../edges/running-agent.ts');
    await refuseWhileRunning(folder);
    let report: RepairReport | undefined;
    try {
      report = await repairStore(folder.store, suffixOf(new Date()), lendAtOnce);
    } catch (error) {
      throw folder.unusable(error);
    }
    terminal.out(report === undefined ? 'The store is sound.\n' : describe(report, lendAtOnce));
    return EXIT.done;
  },
};

const describe = ({ before, kept, lostFile, after }: RepairReport, lendAtOnce: boolean): string => {
  const holdoff = lendAtOnce
    ? 'Seats are lent at once when the agent starts.'
    : 'After its start the agent lends no new seat until every lease that may be lost has ended: the longest term of its licenses.';
  const lost = lostFile === null ? [] : [`Damaged records were taken out into ${lostFile}.`];
  return `${[
    `Before: ${renderReport(before).trimEnd()}`,
    `After: ${renderReport(after).trimEnd()}`,
    ...lost,
    `The store as it was is in ${kept}.`,
    holdoff,
  ].join('\n')}\n`;
};
