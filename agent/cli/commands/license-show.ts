import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderLicense } from '../license-text.ts';

export const licenseShow: Command = {
  name: 'license show',
  summary: 'Show one license with all that it says',
  positionals: [{ name: 'ID', summary: "the license's id, or its first characters" }],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const [id = ''] = invocation.args.positionals;
    const { license } = await askRunningAgent(invocation, { kind: 'license-show', id });
    print(invocation, license, renderLicense);
    return EXIT.done;
  },
};
