import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderSite } from '../site-text.ts';

export const siteStatus: Command = {
  name: 'site status',
  summary: "Show the site's members, how seats are shared, and how its register is",
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { site } = await askRunningAgent(invocation, { kind: 'site-show' });
    print(invocation, site, (one) => renderSite(one, invocation.terminal.columns));
    return site.trouble === null ? EXIT.done : EXIT.refused;
  },
};
