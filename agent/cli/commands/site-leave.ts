import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { shellWord } from '../shell-word.ts';
import { type ChangedFile, changeSettingsFile } from '../site-file.ts';

export const siteLeave: Command = {
  name: 'site leave',
  summary: 'Make this agent a site by itself, when it is started again',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const changed = await changeSettingsFile(invocation.sources, new Map([['site', null]]));
    const { agent, name } = await keepToItself(invocation);
    const { file, isChanged } = changed;
    print(invocation, { file, changed: isChanged, running: agent !== 'none', agent }, () =>
      left(changed, agent, name),
    );
    return EXIT.done;
  },
};

/** The agent that runs here is a member, or a site by itself already; what to call it. */
interface Here {
  readonly agent: 'member' | 'alone' | 'none';
  readonly name: string;
}

/** What is removed on an agent that is leaving stays with the others. */
const keepToItself = async (invocation: Invocation): Promise<Here> => {
  try {
    const { status } = await askRunningAgent(invocation, { kind: 'status' });
    const { name } = status;
    if (status.site === null) return { agent: 'alone', name };
    await askRunningAgent(invocation, { kind: 'site-leave' });
    return { agent: 'member', name };
  } catch (error) {
    if (error instanceof UsherError && error.code === 'NO_AGENT')
      return { agent: 'none', name: 'NAME' };
    throw error;
  }
};

/** Its licenses count by themselves then: kept on both sides they would count twice. */
const left = ({ file, isChanged }: ChangedFile, agent: Here['agent'], name: string): string => {
  const last = `The other members show it as dead then: last of all, \`usher site forget ${shellWord(name)}\` on one of them.`;
  const names = `${file} names no site${isChanged ? ' any more' : ''}`;
  switch (agent) {
    case 'member': {
      const told = isChanged
        ? ''
        : ' The agent is a member until it is started again, and then, too, where `--site` or USHER_SITE tells it so.';
      return `${names}.${told} Remove here the licenses that stay with the site (\`usher license remove\`; the others keep them), then start the agent again, \`usher service restart\`: by itself it lends all seats of the licenses that it has. ${last}\n`;
    }
    case 'alone':
      return `${names}, and the agent that runs here is a site by itself.${isChanged ? '' : ' Nothing was changed.'}\n`;
    case 'none':
      return isChanged
        ? `${names}. No agent runs here: when it is started it lends by itself all seats of the licenses that it has. Remove those at once that stay with the site (\`usher license remove\`). ${last}\n`
        : `${names}: nothing was changed. No agent runs here.\n`;
  }
};
