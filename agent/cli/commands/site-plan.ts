import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { JOINING_SETTINGS, lookAtJoining, membersToText, renderReplaced } from '../site-joining.ts';
import { renderPlan } from '../site-text.ts';

export const sitePlan: Command = {
  name: 'site plan',
  summary: 'Tell what would happen if this box died now, or what if it joined a site',
  positionals: [
    {
      name: 'URL,…',
      summary: "of the site's etcd: what joining would change here, and change nothing",
      times: 'optional',
    },
  ],
  flags: JSON_FLAG,
  settings: JOINING_SETTINGS,
  run: async (invocation) => {
    const [urls] = invocation.args.positionals;
    if (urls !== undefined) return planJoining(invocation, urls);
    const { plan } = await askRunningAgent(invocation, { kind: 'site-plan' });
    print(invocation, plan, renderPlan);
    return EXIT.done;
  },
};

const planJoining = async (invocation: Invocation, urls: string): Promise<number> => {
  const joining = await lookAtJoining(invocation, urls);
  print(
    invocation,
    joining,
    ({ site, replaced }) =>
      `${membersToText(site)} \`usher site join ${urls}\` would make this agent a member.\n${renderReplaced(replaced)}`,
  );
  return EXIT.done;
};
