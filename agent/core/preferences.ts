/** What the administrator has set and may change while the agent runs. */

import type { HostCase } from './host/judged-host.ts';

export interface Preferred {
  /** Shown to people in discovery; at most `NAME_MAX` characters. */
  readonly name: string;
  /** Vendors whose licenses are taken; `null` for all. Those that are here stay. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  /** Hosts that are refused here, whatever a license allows. */
  readonly refuseHosts: readonly HostCase[];
}

export class Preferences {
  #preferred: Preferred;

  constructor(preferred: Preferred) {
    this.#preferred = preferred;
  }

  /** What is preferred now. */
  get now(): Preferred {
    return this.#preferred;
  }

  change(preferred: Preferred): void {
    this.#preferred = preferred;
  }
}
