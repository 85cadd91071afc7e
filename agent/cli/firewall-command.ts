/** What the commands about the firewall have in common. */

import { execPath } from 'node:process';
import { missingInterfaces } from '../../protocol/node/interfaces.ts';
import type { FirewallSurvey, FirewallWish, Step } from '../service/firewall/firewall.ts';
import { localNetworks, outerInterfaces, parseScope } from '../service/firewall/scope.ts';
import { wordsToText } from '../service/plan.ts';
import { UsherError } from '../usher-error.ts';
import type { Flag, Invocation } from './command.ts';

/** The flags that say what is to be opened. */
export const FIREWALL_FLAGS = {
  scope: {
    kind: 'text',
    value: 'local|NETWORK,…',
    summary: 'who may come in [default: local, the networks that this computer is in]',
  },
  console: { kind: 'switch', summary: 'the console (TCP) as well' },
  public: { kind: 'switch', summary: 'on networks that Windows calls public, too' },
} as const satisfies Readonly<Record<string, Flag>>;

/** What the flags and settings ask of the firewall. Codes: WRONG_USAGE, ADDRESS_UNUSABLE. */
export const readFirewallWish = ({ args, settings }: Invocation): FirewallWish => {
  const { port, interfaces, console } = settings();
  if (port === 0) throw new UsherError('WRONG_USAGE', 'Port 0 is another one each time: name one.');
  if (args.has('console') && (console === null || console.port === 0)) {
    throw new UsherError(
      'WRONG_USAGE',
      'The setting `console` names no port that could be opened.',
    );
  }
  const missing = missingInterfaces(interfaces ?? []);
  if (missing.length > 0) {
    const names = missing.join(', ');
    throw new UsherError('ADDRESS_UNUSABLE', `This computer has no interface ${names}.`);
  }
  const scope = args.text('scope') ?? 'local';
  const networks = parseScope(scope, localNetworks(interfaces));
  if (networks === undefined) {
    throw new UsherError(
      'WRONG_USAGE',
      `--scope is local, or addresses and networks such as 10.0.0.0/24, not "${scope.slice(0, 100)}".`,
    );
  }
  return {
    port,
    consolePort: args.has('console') ? (console?.port ?? null) : null,
    networks,
    isLocal: scope === 'local',
    withPublic: args.has('public'),
    interfaces: outerInterfaces(interfaces),
    program: execPath,
  };
};

/** As `readFirewallWish`, where it must come to something. Code: REFUSED. */
export const readOpeningWish = (invocation: Invocation): FirewallWish => {
  const wish = readFirewallWish(invocation);
  if (wish.networks.length > 0) return wish;
  throw new UsherError('REFUSED', 'This computer is in no network now: connect it first.');
};

/** The ports and networks of a wish in words. */
export const wishToText = ({ port, consolePort, networks }: FirewallWish): string =>
  `UDP ${port}${consolePort === null ? '' : ` and TCP ${consolePort}`} from ${networks.join(', ')}`;

/** Commands, each on a line of its own. */
export const renderSteps = (steps: readonly Step[]): string =>
  steps.map((step) => `  ${wordsToText(step)}\n`).join('');

/** Sentences on what else there is to know. */
export const renderWarnings = ({ warnings }: FirewallSurvey): string =>
  warnings.map((one) => `${one}\n`).join('');
