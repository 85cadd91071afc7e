import { openServiceManager } from '../../service/open-service-manager.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const serviceStart: Command = {
  name: 'service start',
  summary: 'Start the service',
  positionals: [],
  flags: {},
  settings: [],
  run: async ({ terminal }) => {
    await openServiceManager().start();
    terminal.out('The service runs.\n');
    return EXIT.done;
  },
};
