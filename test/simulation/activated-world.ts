/** What those who meddle with activations have before them. */

import type { LicenseId } from '../../protocol/ids.ts';
import type { ActivationHost, Folder } from './activation-host.ts';
import type { ActivationVendor } from './activation-vendor.ts';
import type { ActivationWatch } from './activation-watch.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export interface ActivatedWorld {
  readonly world: World;
  readonly random: Random;
  readonly vendor: ActivationVendor;
  readonly watch: ActivationWatch;
  readonly hosts: readonly ActivationHost[];
  readonly line: LicenseId[];
  /** Of each computer its data folder of the last month, the oldest first. */
  readonly backups: Map<ActivationHost, Folder[]>;
  /** The text of the newest license. */
  readonly text: string;
  readonly take: (id: LicenseId, text: string) => void;
  addHost(folder?: Folder): ActivationHost;
}
