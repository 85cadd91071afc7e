/** What the console tells of the agent itself. */

import type { CallLogView } from '../../core/operations.ts';
import type { RecentEntry, RecentRefusals } from '../../edges/recent-notes.ts';
import type { SettingsView } from '../../settings-table.ts';
import type { Role } from './access.ts';

export interface ServiceView {
  readonly version: string;
  readonly commit: string;
  readonly node: string;
  readonly system: string;
  readonly computer: string;
  readonly process: number;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Bytes resident. */
  readonly memory: number;
  readonly udpPort: number;
  readonly console: ConsoleView;
  readonly data: string;
  /** Where calls to masters are written down, and until when. */
  readonly calls: CallLogView;
  readonly settings: SettingsView | null;
}

export interface ConsoleView {
  readonly port: number;
  /** Addresses that it listens on. */
  readonly addresses: readonly string[];
  /** SHA-256 of its certificate, where it is open to the network. */
  readonly fingerprint: string | null;
  /** Roles that have a password. */
  readonly passwords: readonly Role[];
}

/** How the agent's service stands on its computer. */
export interface BootView {
  readonly isInstalled: boolean;
  readonly startsAtBoot: boolean;
  /** A sentence more, for people. */
  readonly detail: string | null;
}

/** What the computer's firewall does with clients of the local networks. */
export interface FirewallView {
  /** What was found, in one sentence. */
  readonly state: string;
  readonly isOpen: boolean;
  readonly warnings: readonly string[];
}

/** Why something cannot be told. */
export interface Untold {
  readonly why: string;
}

export interface SurroundingsView {
  readonly boot: BootView | Untold;
  readonly firewall: FirewallView | Untold;
}

export interface RecentView {
  /** Oldest first. */
  readonly entries: readonly RecentEntry[];
  readonly refusals: readonly RecentRefusals[];
}

/** Who is signed in. */
export interface SessionView {
  readonly name: string;
  readonly role: Role;
  readonly from: string;
}
