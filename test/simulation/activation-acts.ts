/** Everything that people do to activations, and what happens to their computers, drawn at random. */

import type { CoreOperation } from '../../agent/core/operations.ts';
import type { MasterOperation } from '../../agent/vendor/master/master-operations.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { type ActivationHost, copyFolder, type Folder } from './activation-host.ts';
import { plot } from './activation-plots.ts';
import { type ActivationVendor, CALENDAR_ERROR } from './activation-vendor.ts';
import type { ActivationWatch } from './activation-watch.ts';
import { WALL_START } from './clocks.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;
const HOSTS_MAX = 5;
/** Licenses that take each other's place. */
const LINE_MAX = 3;

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

/** Does one thing. */
export const meddle = (life: ActivatedWorld): void => {
  const { random } = life;
  const host = random.pick(life.hosts);
  if (host === undefined) return;
  const act = random.unit();
  if (act < 0.08) plot(life, host);
  else if (act < 0.55) administer(life, host);
  else if (act < 0.8) befall(life, host);
  else sell(life);
  if (random.chance(0.2)) life.world.in(random.skewed(0, 3000), () => cutPower(life, host));
};

const cutPower = ({ random, vendor }: ActivatedWorld, host: ActivationHost): void => {
  const down = random.skewed(10, 600_000);
  if (random.chance(0.5)) host.crash(down);
  else vendor.crash(down);
};

/** What the administrator of a computer asks. */
const administer = (life: ActivatedWorld, host: ActivationHost): void => {
  const { random, watch, line, text } = life;
  const id = random.pick(line);
  if (id === undefined) return;
  const online = random.chance(0.6);
  const operation = random.pick<CoreOperation>([
    { kind: 'license-activate', ids: [], credentials: null },
    { kind: 'license-activate', ids: [], credentials: null },
    { kind: 'license-request', ids: [] },
    { kind: 'license-emergency', id },
    { kind: 'license-refresh', ids: [] },
    { kind: 'license-deactivate', id, online, credentials: null },
    { kind: 'license-deactivate', id, online, credentials: null },
    { kind: 'license-restore', id },
    { kind: 'license-add', text },
    { kind: 'clock-reset' },
  ]);
  host.operate(operation, (outcome) => {
    if (outcome.kind === 'license-request') {
      for (const request of outcome.requests) carry(life, host, request.text);
    }
    if (outcome.kind !== 'license-deactivate' || outcome.receipt === null) return;
    watch.receiptsIn(host, outcome.receipt);
    if (!online) carry(life, host, outcome.receipt);
  });
  // Whatever is on its way to the disk now is lost.
  if (operation.kind === 'license-deactivate' && random.chance(0.4)) {
    life.world.in(random.between(0, 20), () => host.crash(random.skewed(10, 60_000)));
  }
};

/** Somebody carries a file to the vendor and its answer back, late, twice, or to another computer. */
const carry = (life: ActivatedWorld, host: ActivationHost, text: string): void => {
  const { world, random, vendor } = life;
  const trip = (): number => random.skewed(1000, 20 * DAY_MS);
  for (let i = random.pick([0, 1, 1, 2] as const); i > 0; i--) {
    world.in(trip(), () =>
      vendor.operate({ kind: 'upload', text, approves: false }, (outcome) => {
        if (outcome.kind !== 'uploaded') return;
        for (const { response } of outcome.results) {
          if (response !== null) world.in(trip(), () => load(life, host, response));
        }
      }),
    );
  }
};

const load = ({ random, hosts }: ActivatedWorld, host: ActivationHost, text: string): void => {
  const where = random.chance(0.85) ? host : random.pick(hosts);
  const times = random.pick([1, 1, 2] as const);
  for (let i = 0; i < times; i++) where?.operate({ kind: 'license-response', text }, () => {});
};

/** What happens to a computer. */
const befall = (life: ActivatedWorld, host: ActivationHost): void => {
  const { world, random, watch, backups, hosts } = life;
  switch (random.whole(0, 6)) {
    case 0: {
      watch.replaced(host);
      host.isCopy = false;
      host.replace();
      return host.operate({ kind: 'license-add', text: life.text }, () => {});
    }
    case 1: {
      const folder = random.pick(backups.get(host) ?? []);
      if (folder === undefined) return;
      watch.replaced(host);
      return host.replace(copyFolder(folder));
    }
    case 2: {
      // Before an agent has looked at its computer it is bound to none.
      if (hosts.length >= HOSTS_MAX || typeof host.folder.identity === 'string') return;
      const copy = life.addHost(copyFolder(host.folder));
      copy.isCopy = true;
      return copy.boot();
    }
    case 3:
      return host.changePart();
    case 4: {
      host.offset = random.whole(-CALENDAR_ERROR, CALENDAR_ERROR);
      return;
    }
    case 5: {
      host.offset = random.whole(CALENDAR_ERROR, 400 * 86_400);
      return world.in(random.skewed(1000, DAY_MS), () => {
        host.offset = 0;
      });
    }
    default: {
      // One of the two places goes; the other stays until the next start, which mends the first.
      const [one, other] = host.marks;
      if (one.length === 0 || other.length === 0) return;
      host.marks = random.chance(0.5) ? [one, []] : [[], other];
    }
  }
};

/** What the vendor does, and what happens to its master. */
const sell = (life: ActivatedWorld): void => {
  const { random, vendor, line, world } = life;
  const license = line.at(-1);
  if (license === undefined) return;
  const stand = (state: 'active' | 'suspended' | 'revoked'): void =>
    vendor.operate({ kind: 'license-standing', license, state, reason: '' }, () => {});
  switch (random.whole(0, 7)) {
    case 0:
      return stand('suspended');
    case 1:
      return stand('active');
    case 2:
      return random.chance(0.1) ? stand('revoked') : stand('active');
    case 3:
      return extend(life, license);
    case 4: {
      if (random.chance(0.7)) vendor.offset = random.whole(-CALENDAR_ERROR, CALENDAR_ERROR);
      else vendor.offset = random.pick([-400, 400] as const) * 86_400;
      return world.in(random.skewed(1000, 3 * DAY_MS), () => {
        vendor.offset = random.whole(-CALENDAR_ERROR, CALENDAR_ERROR);
      });
    }
    case 5:
      return random.chance(0.3) ? vendor.restore() : vendor.backUp();
    default:
      return free(life);
  }
};

/** The license gets another end: a newer one takes its place. */
const extend = ({ line, world, vendor, take }: ActivatedWorld, license: LicenseId): void => {
  if (line.length >= LINE_MAX) return;
  const expires = epochSeconds(WALL_START + Math.floor(world.now / 1000) + 400 * 86_400);
  vendor.operate({ kind: 'license-extend', license, expires }, (outcome) => {
    if (outcome.kind === 'license') take(outcome.license.id, outcome.text);
  });
};

/** A computer is said to be gone for good. */
const free = ({ random, vendor }: ActivatedWorld): void => {
  vendor.operate({ kind: 'activation-list', license: null }, (outcome) => {
    if (outcome.kind !== 'activations') return;
    const found = random.pick(outcome.activations.filter(({ state }) => state === 'active'));
    if (found === undefined) return;
    const { license, agent } = found;
    const asked: MasterOperation = { kind: 'activation-free', license, agent, reason: '' };
    vendor.operate(asked, () => {});
  });
};
