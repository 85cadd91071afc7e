import { runSteps, surveyFirewall } from '../../service/firewall/system-firewall.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readFirewallWish, renderSteps } from '../firewall-command.ts';

export const firewallClose: Command = {
  name: 'firewall close',
  summary: 'Take away every rule that usher firewall open has made',
  positionals: [],
  flags: { 'dry-run': { kind: 'switch', summary: 'print the commands and run none' } },
  settings: ['data', 'port', 'interfaces'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const survey = await surveyFirewall(readFirewallWish(invocation));
    if (args.has('dry-run')) {
      terminal.out(renderSteps(survey.close));
      return EXIT.done;
    }
    await runSteps(survey.close);
    terminal.out(
      survey.close.length === 0
        ? 'There is no rule of Usher in the firewall.\n'
        : `Closed: the rules of Usher are gone (${survey.firewall}).\n`,
    );
    return EXIT.done;
  },
};
