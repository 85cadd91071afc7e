import { openServiceManager } from '../../service/open-service-manager.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const serviceStop: Command = {
  name: 'service stop',
  summary: 'Stop the service; seats that are held stay held',
  positionals: [],
  flags: {},
  settings: [],
  run: async ({ terminal }) => {
    await openServiceManager().stop();
    terminal.out('The service has stopped; seats that are held stay held.\n');
    return EXIT.done;
  },
};
