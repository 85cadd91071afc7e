import { DataFolder, suffixOf } from '../../edges/data-folder.ts';
import { loadAddons } from '../../edges/load-addons.ts';
import type { RestorePlan } from '../../edges/restore-plan.ts';
import { UsherError } from '../../usher-error.ts';
import { licensesAndLeases } from '../backup-text.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'Put a backup in the place of what a stopped agent keeps',
  positionals: [{ name: 'FILE', summary: 'what `usher backup` has written' }],
  flags: {
    'dry-run': { kind: 'switch', summary: 'say what would happen, and do nothing' },
    'other-host': {
      kind: 'switch',
      summary: 'restore on another computer, where the first lends no more',
    },
    'lend-at-once': {
      kind: 'switch',
      summary: 'do not wait until seats lent since the backup have ended: nobody holds one',
    },
  },
  settings: ['data'],
  run: async (invocation) => {
    const folder = new DataFolder(invocation.settings().data);
    const { noteTraces } = await import('../../edges/traces.ts');
    const removeTraces = await noteTraces(folder);
    let isRestored = false;
    try {
      isRestored = await restoreInto(folder, invocation);
    } finally {
      if (!isRestored) await removeTraces();
    }
    return EXIT.done;
  },
};

/** Whether it was restored, and not only looked at. */
const restoreInto = async (
  folder: DataFolder,
  { args, terminal }: Invocation,
): Promise<boolean> => {
  const file = args.positionals[0] ?? '';
  const lendAtOnce = args.has('lend-at-once');
  const { planRestore } = await import('../../edges/restore-plan.ts');
  const { refuseWhileRunning } = await import('../../edges/running-agent.ts');
  await folder.prepare();
  await refuseWhileRunning(folder);
  const plan = await planRestore(folder, file);
  terminal.out(`${describe(plan, lendAtOnce)}\n`);
  if (!plan.isSameHost && !args.has('other-host')) {
    throw new UsherError(
      'REFUSED',
      'The backup is of another computer: nothing was done. Where the agent of that computer runs no more, say --other-host.',
    );
  }
  if (args.has('dry-run')) return false;
  loadAddons(folder);
  const { restoreBackup } = await import('../../edges/restore.ts');
  const former = await restoreBackup(folder, file, suffixOf(new Date()), {
    lendAtOnce,
    isOtherHost: !plan.isSameHost,
  });
  const kept = former === null ? '' : ` What was there before is in ${former}.`;
  terminal.out(`Restored to ${folder.path}.${kept} Start the agent now.\n`);
  return true;
};

const describe = (plan: RestorePlan, lendAtOnce: boolean): string => {
  const { head, licenses, leases } = plan;
  const made = new Date(head.made * 1000).toISOString();
  return [
    `A backup of ${head.hostName} (version ${head.version}), made ${made}: ${licensesAndLeases(licenses, leases)}.`,
    ...(plan.isSameHost ? [] : [OTHER_HOST]),
    describeSince(plan),
    lendAtOnce ? LENDS_AT_ONCE : describeHoldoff(plan),
  ].join('\n');
};

const OTHER_HOST =
  'This is another computer. Both would be the same agent and lend the same seats twice: the first must never run again. Licenses that their vendor has bound to the first lend nothing here until they are activated anew.';

const LENDS_AT_ONCE =
  'Seats are lent at once: whoever still works with a seat lent since the backup is not counted.';

const describeSince = ({ lentSince, borrowedSince }: RestorePlan): string => {
  const lost =
    'Licenses, assigned users, draws and borrowed seats of after the backup are lost to the books; who borrowed a seat keeps it until its end.';
  if (lentSince === null) return `How many seats were lent since is not known. ${lost}`;
  // One that was lent before may have been borrowed since.
  const borrowed = borrowedSince === 0 ? '' : ` and ${borrowedSince} borrowed`;
  if (lentSince === 0 && borrowed === '') return `No seat that is held was lent since. ${lost}`;
  const seats = lentSince === 1 ? 'seat that is held was' : 'seats that are held were';
  return `${lentSince} ${seats} lent since${borrowed}, and will not be known. ${lost}`;
};

const describeHoldoff = ({ longestTerm }: RestorePlan): string =>
  longestTerm === 0
    ? 'No new seat is lent after the start until a license is there and its term is over.'
    : `No new seat is lent for ${longestTerm} s after the start, until every seat lent since has ended; those in the backup go on.`;
