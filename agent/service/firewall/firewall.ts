/** What is asked of a firewall, and what was seen of it: the same for every kind. */

import { isIPv6 } from 'node:net';
import type { Tool } from '../../edges/system-tool.ts';

/** One door: who may come in by which port. */
export interface Opening {
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  /** An address or a network such as `10.0.0.0/24`. */
  readonly network: string;
}

export interface FirewallWish {
  /** The agent's UDP port, for clients. */
  readonly port: number;
  /** The console's TCP port, where that is to be reached as well. */
  readonly consolePort: number | null;
  /** Networks and addresses that may come in. */
  readonly networks: readonly string[];
  /** Whether those are just the networks that this computer is in. */
  readonly isLocal: boolean;
  /** Whether a network that Windows calls public counts as local, too. */
  readonly withPublic: boolean;
  /** The interfaces that the agent serves. */
  readonly interfaces: readonly string[];
  /** The agent's executable. */
  readonly program: string;
}

/** A command that changes the firewall. */
export type Step = readonly string[];

export const FIREWALLS = ['windows', 'firewalld', 'ufw', 'nftables', 'iptables', 'none'] as const;

export interface FirewallSurvey {
  readonly firewall: (typeof FIREWALLS)[number];
  /** What was found, in one sentence. */
  readonly state: string;
  /** Whether clients of the wish come in as it is now. */
  readonly isOpen: boolean;
  /** Whether rules that others made name the port: then only a client can tell whether it is open. */
  readonly isNamedByOthers: boolean;
  /** The rules that `usher firewall open` has made. */
  readonly own: readonly string[];
  /** Why it cannot be opened, and what to do; else `null`. */
  readonly refusal: string | null;
  /** What else stands in the way, or will: sentences. */
  readonly warnings: readonly string[];
  /** What `open` runs; nothing when it is as wished. */
  readonly open: readonly Step[];
  /** What `close` runs; nothing when none of our rules is there. */
  readonly close: readonly Step[];
}

/** Looks whether this kind of firewall is in charge here; `undefined` when it is not. */
export type Surveyor = (tool: Tool, wish: FirewallWish) => Promise<FirewallSurvey | undefined>;

/** The doors of a wish, those of the clients first. */
export const openingsOf = ({ port, consolePort, networks }: FirewallWish): readonly Opening[] => [
  ...networks.map((network) => ({ protocol: 'udp', port, network }) as const),
  ...(consolePort === null
    ? []
    : networks.map((network) => ({ protocol: 'tcp', port: consolePort, network }) as const)),
];

/** The comment by which our rules are found again. */
export const openingComment = ({ protocol, port, network }: Opening): string =>
  `${OWN_COMMENT} ${protocol} ${port} from ${network}`;

/** Whether it is about IPv6, which some firewalls keep rules of apart. */
export const isForIPv6 = ({ network }: Opening): boolean => isIPv6(network.split('/')[0] ?? '');

/** What every comment of ours begins with. */
export const OWN_COMMENT = 'usher:';

/** A rule of ours: where it stands and what it says, and how to take it away. */
export interface OwnRule {
  readonly key: string;
  readonly remove: readonly Step[];
}

/** A rule that is wanted, under the key that it would be found by. */
export interface WantedRule {
  readonly key: string;
  readonly add: readonly Step[];
}

/**
 * How rules of ours stand to those that are wanted. Opening takes away what is not wanted any more
 * and adds what is missing; closing takes all away.
 */
export const settle = (
  wanted: readonly WantedRule[],
  own: readonly OwnRule[],
): Pick<FirewallSurvey, 'isOpen' | 'own' | 'refusal' | 'open' | 'close'> => {
  const stale = own.filter(({ key }) => !wanted.some((one) => one.key === key));
  const missing = wanted.filter(({ key }) => !own.some((one) => one.key === key));
  return {
    isOpen: missing.length === 0,
    own: own.map(({ key }) => key),
    refusal: null,
    open: [...stale.flatMap(({ remove }) => remove), ...missing.flatMap(({ add }) => add)],
    close: own.flatMap(({ remove }) => remove),
  };
};
