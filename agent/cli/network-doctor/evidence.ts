/** What was seen of the network, before anybody judges it: plain data. */

import type { OfferedProduct, VersionRange } from '../../../protocol/offers.ts';
import type { MasterView, SiteView } from '../../core/operations.ts';
import type { FirewallSurvey } from '../../service/firewall/firewall.ts';
import type { WindowsState } from '../../service/firewall/windows-state.ts';

/** One answer to one question. */
export interface Heard {
  readonly address: string;
  readonly port: number;
  readonly name: string;
  readonly version: string;
  readonly versions: VersionRange;
  /** The agent's identity, in hex. */
  readonly agentKey: string;
  /** Another one each time that the agent starts, in hex. */
  readonly epoch: string;
  readonly products: readonly OfferedProduct[];
  readonly more: number;
}

/** An agent's address that was asked by itself. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** Who names it: a flag, the settings of the client, or an answer to our broadcast. */
  readonly origin: 'flag' | 'settings' | 'heard';
  readonly answer: Heard | null;
  /** Something came from there, and it was no answer of an agent. */
  readonly isStrange: boolean;
  /** The system said that nobody listens there, or that there is no way to it. */
  readonly error: 'refused' | 'unreachable' | null;
  /** By which of our addresses its datagrams leave; `null` where there is no route. */
  readonly leavesFrom: string | null;
  /**
   * Whether it answered a broadcast that came from the socket which it had answered before:
   * firewalls that drop such an answer let this one in. `null` where that was not tried.
   */
  readonly answersLater: boolean | null;
}

export interface OwnAddress {
  readonly interface: string;
  readonly address: string;
  readonly netmask: string;
  /** Nobody else is on the link: a tunnel or a point-to-point line. */
  readonly isTunnel: boolean;
  readonly internal: boolean;
}

/** Who answers on the link itself; `null` where the system does not tell. */
export interface Neighbours {
  readonly present: readonly string[];
  readonly gateways: readonly string[];
}

/** What the agent of this computer says of its port, its clock, the masters that it calls, and its site. */
export interface AgentHere {
  readonly port: number;
  readonly clockBehind: number;
  readonly masters: readonly MasterView[];
  /** `null` where it is a site by itself. */
  readonly site: SiteView | null;
}

/** What this computer says of itself. */
export interface Here {
  readonly platform: string;
  /** The agent of the data folder: what it says of itself; else why it was not asked. */
  readonly agent: AgentHere | 'none' | 'not-permitted';
  /** What answered on our own addresses. */
  readonly answer: Heard | null;
  /** Who has the agents' port: nobody, or a program by name, or one we may not see. */
  readonly portHolder: 'nobody' | 'somebody' | { readonly name: string };
  readonly firewall: FirewallSurvey | null;
  readonly windows: WindowsState | null;
}

export interface Evidence {
  readonly port: number;
  readonly product: string | null;
  /** What answered to a broadcast. */
  readonly heard: readonly Heard[];
  readonly targets: readonly Target[];
  /** Addresses that mDNS and DNS name. */
  readonly named: Readonly<Record<'mdns' | 'srv', readonly string[]>>;
  /** Names that were given as addresses and mean none. */
  readonly unresolved: readonly string[];
  readonly own: readonly OwnAddress[];
  readonly neighbours: Neighbours | null;
  /** By which of our addresses one leaves this network; `null` where there is no way out. */
  readonly outwardFrom: string | null;
  readonly here: Here;
}
