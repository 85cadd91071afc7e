import { openServiceManager } from '../../service/open-service-manager.ts';
import { type Command, DRY_RUN_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const serviceUninstall: Command = {
  name: 'service uninstall',
  summary: 'Remove the service and the program; licenses, leases and settings stay',
  positionals: [],
  flags: {
    ...DRY_RUN_FLAG,
    purge: { kind: 'switch', summary: 'remove licenses, leases, settings and the user as well' },
    'keep-program': { kind: 'switch', summary: 'leave the program itself where it is' },
  },
  settings: [],
  run: async ({ args, terminal }) => {
    const lines = await openServiceManager().uninstall({
      isDryRun: args.has('dry-run'),
      purge: args.has('purge'),
      keepProgram: args.has('keep-program'),
    });
    for (const line of lines) terminal.out(`${line}\n`);
    return EXIT.done;
  },
};
