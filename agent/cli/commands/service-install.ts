import { openServiceManager } from '../../service/open-service-manager.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const serviceInstall: Command = {
  name: 'service install',
  summary: 'Install the agent as a service of this computer, or bring it up to date',
  positionals: [],
  flags: {
    'dry-run': { kind: 'switch', summary: 'print what would be done, and do nothing' },
    'open-firewall': { kind: 'switch', summary: 'let clients of the local network through' },
    stopped: { kind: 'switch', summary: 'do not start it' },
    quiet: { kind: 'switch', summary: 'print nothing but errors, for installers' },
    data: { kind: 'text', value: 'FOLDER', summary: "the agent's data folder" },
  },
  settings: [],
  run: async ({ args, terminal }) => {
    const lines = await openServiceManager(terminal.environment).install({
      isDryRun: args.has('dry-run'),
      openFirewall: args.has('open-firewall'),
      isLeftStopped: args.has('stopped'),
      data: args.text('data'),
    });
    if (!args.has('quiet')) terminal.out(lines.map((line) => `${line}\n`).join(''));
    return EXIT.done;
  },
};
