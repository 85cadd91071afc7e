import { openServiceManager } from '../../service/open-service-manager.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const serviceUninstall: Command = {
  name: 'service uninstall',
  summary: 'Remove the service; licenses and leases stay',
  positionals: [],
  flags: {
    'dry-run': { kind: 'switch', summary: 'print what would be done, and do nothing' },
    purge: { kind: 'switch', summary: "remove licenses, leases and the agent's key as well" },
    'keep-program': { kind: 'switch', summary: 'leave the program: an installer removes it' },
    quiet: { kind: 'switch', summary: 'print nothing but errors, for installers' },
    data: { kind: 'text', value: 'FOLDER', summary: "the agent's data folder" },
  },
  settings: [],
  run: async ({ args, terminal }) => {
    const lines = await openServiceManager(terminal.environment).uninstall({
      isDryRun: args.has('dry-run'),
      purge: args.has('purge'),
      keepProgram: args.has('keep-program'),
      data: args.text('data'),
    });
    if (!args.has('quiet')) terminal.out(lines.map((line) => `${line}\n`).join(''));
    return EXIT.done;
  },
};
