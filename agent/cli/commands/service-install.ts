import { openServiceManager } from '../../service/open-service-manager.ts';
import { type Command, DRY_RUN_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const serviceInstall: Command = {
  name: 'service install',
  summary: 'Install this program as a service, or put it in the place of an older one',
  positionals: [],
  flags: {
    ...DRY_RUN_FLAG,
    'open-firewall': {
      kind: 'switch',
      summary: 'let clients of the local network through the firewall, as `usher firewall open`',
    },
    quiet: { kind: 'switch', summary: 'print nothing but errors, for installers' },
    'no-start': { kind: 'switch', summary: 'leave the service stopped' },
  },
  settings: [],
  run: async ({ args, terminal }) => {
    const lines = await openServiceManager().install({
      isDryRun: args.has('dry-run'),
      isLeftStopped: args.has('no-start'),
      openFirewall: args.has('open-firewall'),
    });
    if (args.has('quiet')) return EXIT.done;
    for (const line of lines) terminal.out(`${line}\n`);
    return EXIT.done;
  },
};
