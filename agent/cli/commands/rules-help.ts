import { RULES_HELP } from '../../core/rules/rules-help.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const rulesHelp: Command = {
  name: 'rules help',
  summary: 'Print a file of rules to begin with: every form once, each with its meaning',
  positionals: [],
  flags: {},
  settings: [],
  run: async ({ terminal }) => {
    terminal.out(RULES_HELP);
    return EXIT.done;
  },
};
