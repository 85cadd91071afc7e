import type { Outcome } from '../../core/operations.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const siteForget: Command = {
  name: 'site forget',
  summary: 'Show a member no more that has left the site, or has died and does not come back',
  positionals: [{ name: 'MEMBER', summary: 'its name, or its id' }],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const [member = ''] = invocation.args.positionals;
    const { kind, ...forgotten } = await askRunningAgent(invocation, {
      kind: 'site-forget',
      member,
    });
    print(invocation, forgotten, forgottenToText);
    return EXIT.done;
  },
};

type Forgotten = Omit<Extract<Outcome, { kind: 'site-forget' }>, 'kind'>;

const forgottenToText = ({ member, changed, allowances }: Forgotten): string => {
  const who = `${member.name} (${member.id})`;
  return [
    changed
      ? `Forgot ${who}: it is shown as a member no more, and no alarm tells of it. Seats that it has yet go to the others when what it lent is over. Should it come back it is a member as before.\n`
      : `${who} was forgotten before: nothing was changed.\n`,
    ...allowances.map(
      ({ license, meter, part }) =>
        `Its part of ${meter} of license ${license} stays with it: what it had not drawn of ${part} can be drawn when it comes back, and not before.\n`,
    ),
  ].join('');
};
