/**
 * Runs the world of one vendor and the computers of a customer: licenses are activated, returned,
 * freed and changed, while power, network, disks and calendars fail, on either side.
 */

import { epochSeconds, seconds } from '../../protocol/units.ts';
import { ACTIVATION_TERMS, plainLicense } from '../plain-license.ts';
import { type ActivatedWorld, meddle } from './activation-acts.ts';
import { ActivationHost, copyFolder, type Folder } from './activation-host.ts';
import { ActivationVendor, CALENDAR_ERROR, NOBODY } from './activation-vendor.ts';
import { ActivationWatch } from './activation-watch.ts';
import { WALL_START } from './clocks.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;
const DAY = 86_400;
/** A call that is not answered by then is given up. */
const PATIENCE_MS = 30_000;
const BACKUP_MS = 10 * DAY_MS;

/** One customer until the quarter is over, or to the first broken promise. */
export const liveActivated = (world: World, random: Random): void => {
  const life = new Life(world, random);
  life.live();
};

class Life implements ActivatedWorld {
  readonly world: World;
  readonly random: Random;
  readonly vendor: ActivationVendor;
  readonly hosts: ActivationHost[] = [];
  readonly line: ActivatedWorld['line'] = [];
  readonly backups = new Map<ActivationHost, Folder[]>();
  readonly watch: ActivationWatch;
  text = '';

  constructor(world: World, random: Random) {
    this.world = world;
    this.random = random;
    this.vendor = new ActivationVendor(world, random.fork());
    const most = random.whole(1, 2);
    const { vendor, hosts, line } = this;
    this.watch = new ActivationWatch({ world, vendor, hosts, line, most });
    this.#issue(most);
    for (let i = random.whole(2, 3); i > 0; i--) this.addHost();
  }

  live(): void {
    const { random, world, hosts } = this;
    const days = random.whole(30, 90);
    for (const host of hosts) host.boot();
    for (let at = BACKUP_MS; at < days * DAY_MS; at += BACKUP_MS) {
      world.at(at + random.between(0, DAY_MS), () => this.#backUp());
    }
    for (let i = random.whole(15, 40); i > 0; i--) {
      world.in(random.between(DAY_MS / 24, days * DAY_MS), () => this.#busyTime());
    }
    // Where nobody does anything, the calendar does.
    for (let at = 0; at < days; at += 0.25) {
      world.at(at * DAY_MS, () => {
        this.vendor.tick();
        this.watch.check();
      });
    }
    world.runUntil(days * DAY_MS);
  }

  /** The vendor issues the first license. */
  #issue(agents: number): void {
    const { random, vendor } = this;
    const issued = epochSeconds(WALL_START - 1000);
    const [every, grace] = random.pick<readonly [number, number]>([
      [3, 1],
      [10, 2],
      [30, 5],
    ]);
    const isEndless = random.chance(0.3);
    const terms = plainLicense({
      issued,
      starts: issued,
      activation: {
        ...ACTIVATION_TERMS,
        agents,
        emergency: { longest: seconds(5 * DAY), window: seconds(90 * DAY) },
        refresh: isEndless ? null : { every: seconds(every * DAY), grace: seconds(grace * DAY) },
        master: 'http://master',
      },
    });
    const take = this.take;
    vendor.operate({ kind: 'customer-add', name: 'Example Ltd', mail: '' }, () => {
      const wish = { customer: 'Example Ltd', policy: 'agents', expands: null, terms } as const;
      vendor.operate({ kind: 'license-issue', ...wish }, (outcome) => {
        if (outcome.kind !== 'license') throw new Error(JSON.stringify(outcome));
        take(outcome.license.id, outcome.text);
      });
    });
  }

  readonly take = (id: (typeof this.line)[number], text: string): void => {
    if (!this.line.includes(id)) this.line.push(id);
    this.text = text;
    for (const host of this.hosts) {
      if (this.line.length === 1) host.operate({ kind: 'license-add', text }, () => {});
    }
  };

  addHost(folder?: Folder): ActivationHost {
    const { world, random } = this;
    const host = new ActivationHost(
      {
        world,
        random: random.fork(),
        name: `host-${this.hosts.length + 1}`,
        onStep: () => this.watch.check(),
        onAsk: (asker, number, body) => this.#carry(asker, number, body),
      },
      folder,
    );
    host.offset = random.whole(-CALENDAR_ERROR, CALENDAR_ERROR);
    this.hosts.push(host);
    return host;
  }

  /** A call travels there and back; either way may be lost, and the question may come twice. */
  #carry(host: ActivationHost, number: number, body: Uint8Array): void {
    const { world, random, watch, vendor } = this;
    watch.called(host, body);
    const hear = host.listener(number);
    const delay = (): number => random.skewed(5, 3000);
    world.in(PATIENCE_MS, () => hear(NOBODY));
    const copies = host.isAway ? 0 : random.pick([0, 1, 1, 1, 1, 2] as const);
    for (let i = copies; i > 0; i--) {
      world.in(delay(), () =>
        vendor.call(body.slice(), (answer, at) => {
          if (random.chance(0.15)) return;
          world.in(delay(), () => {
            if (hear(answer) && answer.ok) watch.answered(host, answer.bytes, at);
          });
        }),
      );
    }
  }

  #backUp(): void {
    const { random, backups, hosts, vendor } = this;
    if (random.chance(0.7)) vendor.backUp();
    for (const host of hosts) {
      if (random.chance(0.3)) continue;
      // The oldest is a month old.
      backups.set(host, [...(backups.get(host) ?? []), copyFolder(host.folder)].slice(-3));
    }
  }

  /** For a while all sorts of things are done, and fail. */
  #busyTime(): void {
    const { random, world } = this;
    const length = random.pick([200, 5000, 3_600_000] as const);
    for (let i = random.whole(2, 6); i > 0; i--) {
      world.in(random.between(0, length), () => {
        meddle(this);
        this.watch.check();
      });
    }
  }
}
