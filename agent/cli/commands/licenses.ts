import { getAsset, isSea } from 'node:sea';
import { UsherError } from '../../usher-error.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const licenses: Command = {
  name: 'licenses',
  summary: 'Print the terms of the works of others that this program contains',
  positionals: [],
  flags: {},
  settings: [],
  run: async ({ terminal }) => {
    if (!isSea())
      throw new UsherError(
        'REFUSED',
        'This is Usher from its source, which contains none: their terms are with them in node_modules.',
      );
    terminal.out(getAsset('licenses.txt', 'utf8'));
    return EXIT.done;
  },
};
