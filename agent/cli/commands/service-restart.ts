import { openServiceManager } from '../../service/open-service-manager.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const serviceRestart: Command = {
  name: 'service restart',
  summary: 'Restart the service; clients keep their seats',
  positionals: [],
  flags: {},
  settings: [],
  run: async ({ terminal }) => {
    await openServiceManager().restart();
    terminal.out('The service runs again.\n');
    return EXIT.done;
  },
};
