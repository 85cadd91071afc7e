import { DataFolder, suffixOf } from '../../edges/data-folder.ts';
import { loadAddons } from '../../edges/load-addons.ts';
import { UsherError } from '../../usher-error.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const hostAdopt: Command = {
  name: 'host adopt',
  summary:
    'After a data folder was moved or copied here: make it a new agent, whose licenses are activated anew',
  positionals: [],
  flags: {
    force: {
      kind: 'switch',
      summary: "also where this is the agent's own computer, or looks just like it",
    },
    'lend-at-once': {
      kind: 'switch',
      summary: 'do not wait until seats that were lent elsewhere have ended: nobody holds one',
    },
  },
  settings: ['data'],
  run: async ({ args, terminal, settings }) => {
    const folder = new DataFolder(settings().data);
    await folder.demandUsed();
    loadAddons(folder);
    const { adoptHost, isAtHome } = await import('../../edges/adopt-host.ts');
    const { refuseWhileRunning } = await import('../../edges/running-agent.ts');
    await refuseWhileRunning(folder);
    if (!args.has('force') && (await isAtHome(folder))) {
      throw new UsherError(
        'REFUSED',
        "This is the agent's own computer: nothing was done. Where it is a copy nevertheless, as of a virtual machine, say --force.",
      );
    }
    const former = await adoptHost(folder, suffixOf(new Date()), args.has('lend-at-once'));
    const kept = former === null ? '' : ` The former key is in ${former}.`;
    terminal.out(
      `${folder.path} is a new agent's from its next start on.${kept} Licenses that are bound to no computer lend again; the others must be activated anew. Seats borrowed from the former agent cannot be returned to this one.\n`,
    );
    return EXIT.done;
  },
};
