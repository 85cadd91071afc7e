import { runSteps, surveyFirewall } from '../../service/firewall/system-firewall.ts';
import { UsherError } from '../../usher-error.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import {
  FIREWALL_FLAGS,
  readOpeningWish,
  renderSteps,
  renderWarnings,
  wishToText,
} from '../firewall-command.ts';

export const firewallOpen: Command = {
  name: 'firewall open',
  summary: 'Let clients of the local network through the firewall of this computer',
  positionals: [],
  flags: {
    ...FIREWALL_FLAGS,
    'dry-run': { kind: 'switch', summary: 'print the commands and run none' },
  },
  settings: ['data', 'port', 'interfaces'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const wish = readOpeningWish(invocation);
    const survey = await surveyFirewall(wish);
    if (survey.refusal !== null) throw new UsherError('REFUSED', survey.refusal);
    if (args.has('dry-run')) {
      terminal.out(renderSteps(survey.open));
      return EXIT.done;
    }
    await runSteps(survey.open);
    const what = `${wishToText(wish)} (${survey.firewall})`;
    if (survey.firewall === 'none') terminal.out(`${survey.state} There is nothing to open.\n`);
    else terminal.out(`${survey.open.length === 0 ? 'Open already' : 'Opened'}: ${what}.\n`);
    terminal.out(renderWarnings(survey));
    return EXIT.done;
  },
};
