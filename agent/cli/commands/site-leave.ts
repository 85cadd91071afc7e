import { print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
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
    print(invocation, { file }, () => left(file));
    return EXIT.done;
  },
};

/** Its licenses count by themselves then: kept on both sides they would count twice. */
const left = (file: string): string =>
  `${file} names no site any more. Remove the licenses that stay with the site (\`usher license remove\`), then start the agent again, \`usher service restart\`: by itself it lends all seats of the licenses that it has.\n`;
