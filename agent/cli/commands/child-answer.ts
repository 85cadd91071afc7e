import { askRunningAgent } from '../agent-command.ts';
import { armoredTo } from '../child-file.ts';
import { type Command, JSON_FLAG, OUT_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readLicenseText } from '../license-file.ts';

export const childAnswer: Command = {
  name: 'child answer',
  summary: "Answer a child's request that was carried here",
  positionals: [{ name: 'FILE', summary: 'what it has written; - for standard input' }],
  flags: {
    ...JSON_FLAG,
    ...OUT_FLAG,
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const request = await readLicenseText(args.positionals[0] ?? '-', terminal);
    const operation = { kind: 'child-answer', text: request } as const;
    const { text, refusals } = await askRunningAgent(invocation, operation);
    if (args.has('json')) terminal.out(`${JSON.stringify({ text, refusals }, null, 2)}\n`);
    else {
      for (const { license, sentence } of refusals) {
        terminal.err(`Not given (${license}): ${sentence}\n`);
      }
      await armoredTo(invocation, text);
      terminal.err(
        'Load it with `usher license activate --response FILE` (on the computer of the client).\n',
      );
    }
    return refusals.length === 0 ? EXIT.done : EXIT.refused;
  },
};
