/** Puts members and guests into the world of a site. */

import { AgentHost } from './agent-host.ts';
import { type Drift, Host } from './clocks.ts';
import { Disk, type DiskFaults } from './disk.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import { PRODUCT, type SharedLicense, VENDOR } from './site-ground.ts';
import { SiteGuest, type SiteGuestParts } from './site-guest.ts';
import type { SiteRegister } from './site-register.ts';
import type { World } from './world.ts';

export interface SiteGround {
  readonly world: World;
  readonly random: Random;
  readonly network: Network;
  readonly register: SiteRegister;
  /** Which all members have. */
  readonly license: SharedLicense;
  /** What all members' administrators have written. */
  readonly rules: string;
  readonly disk: DiskFaults;
  readonly drift: Drift;
}

/** A member of the site, not started yet. */
export const foundMember = (ground: SiteGround, i: number): AgentHost => {
  const { world, random, network, register, license, drift } = ground;
  const host = new Host(`member-${i}`, 'agents', world, random.fork(), drift);
  const disk = new Disk(world, random.fork(), ground.disk);
  disk.durable.set(...license.record);
  const agent = new AgentHost({
    world,
    network,
    host,
    disk,
    random: random.fork(),
    watch: { booted: () => {}, stepped: () => {} },
    address: `10.3.0.${i}`,
    idleSessionsMax: 1000,
    site: true,
  });
  agent.rulesFile = { text: ground.rules, rules: undefined };
  agent.onAskRegister = (ask, onAnswer) =>
    register.ask(host.name, ask, (answer) => host.receiveLate(() => onAnswer(answer)));
  return agent;
};

/** The guest of this number, who has not come yet. */
export const meetGuest = (
  { world, random, network, drift }: SiteGround,
  number: number,
  guest: Pick<SiteGuestParts, 'weight' | 'isPatient' | 'onBelief'> &
    Partial<Pick<SiteGuestParts, 'name' | 'user' | 'desk' | 'endpoint' | 'product' | 'resource'>>,
): SiteGuest => {
  const { name = `guest-${number}` } = guest;
  return new SiteGuest({
    user: name,
    desk: name,
    product: PRODUCT,
    resource: null,
    endpoint: { address: `10.4.0.${number}`, port: 20_000 },
    ...guest,
    world,
    network,
    random: random.fork(),
    host: new Host(name, 'clients', world, random.fork(), drift),
    vendorKey: VENDOR.publicKey,
    name,
  });
};
