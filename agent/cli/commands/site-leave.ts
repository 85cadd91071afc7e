import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { changeSettingsFile } from '../site-file.ts';

export const siteLeave: Command = {
  name: 'site leave',
  summary: 'Make this agent a site by itself, when it is started again',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const file = await changeSettingsFile(invocation.sources, new Map([['site', null]]));
    const isRunning = await keepToItself(invocation);
    print(invocation, { file, running: isRunning }, () => left(file, isRunning));
    return EXIT.done;
  },
};

/** What is removed on an agent that is leaving stays with the others. Whether one runs. */
const keepToItself = async (invocation: Invocation): Promise<boolean> => {
  try {
    await askRunningAgent(invocation, { kind: 'site-leave' });
    return true;
  } catch (error) {
    if (error instanceof UsherError && error.code === 'NO_AGENT') return false;
    throw error;
  }
};

/** Its licenses count by themselves then: kept on both sides they would count twice. */
const left = (file: string, isRunning: boolean): string =>
  isRunning
    ? `${file} names no site any more. Remove here the licenses that stay with the site (\`usher license remove\`; the others keep them), then start the agent again, \`usher service restart\`: by itself it lends all seats of the licenses that it has.\n`
    : `${file} names no site any more. No agent runs here: when it is started it lends by itself all seats of the licenses that it has. Remove those at once that stay with the site (\`usher license remove\`).\n`;
