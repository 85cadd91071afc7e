import { reloadToSentence } from '../../settings-keeper.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const configReload: Command = {
  name: 'config reload',
  summary: 'Have the running agent take up its settings and rules again',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { changed, needRestart } = await askRunningAgent(invocation, { kind: 'config-reload' });
    print(invocation, { changed, needRestart }, (view) => `${render(view)}\n`);
    return EXIT.done;
  },
};

interface View {
  readonly changed: readonly string[];
  readonly needRestart: readonly string[];
}

const render = ({ changed, needRestart }: View): string => reloadToSentence(changed, needRestart);
