import type { FirewallSurvey, FirewallWish } from '../../service/firewall/firewall.ts';
import { surveyFirewall } from '../../service/firewall/system-firewall.ts';
import { print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import {
  FIREWALL_FLAGS,
  readOpeningWish,
  renderSteps,
  renderWarnings,
  wishToText,
} from '../firewall-command.ts';

export const firewallShow: Command = {
  name: 'firewall show',
  summary: 'Show whether clients come in through the firewall, and what open would do',
  positionals: [],
  flags: { ...JSON_FLAG, ...FIREWALL_FLAGS },
  settings: ['data', 'port', 'interfaces'],
  run: async (invocation) => {
    const wish = readOpeningWish(invocation);
    const survey = await surveyFirewall(wish);
    print(invocation, survey, () => render(survey, wish));
    return EXIT.done;
  },
};

const render = (survey: FirewallSurvey, wish: FirewallWish): string =>
  [
    `${survey.state}\n`,
    survey.own.length === 0
      ? ''
      : `Rules of Usher:\n${survey.own.map((one) => `  ${one}\n`).join('')}`,
    survey.isOpen
      ? `Open: ${wishToText(wish)}.\n`
      : `Not open by a rule of Usher: ${wishToText(wish)}.\n`,
    survey.open.length === 0 ? '' : `\`usher firewall open\` runs:\n${renderSteps(survey.open)}`,
    survey.refusal === null ? '' : `${survey.refusal}\n`,
    renderWarnings(survey),
  ].join('');
