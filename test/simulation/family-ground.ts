/** What a family stands on: its network, clocks and disks, and the vendor's license. */

import { recordWrite } from '../../agent/core/activation/activation-record.ts';
import type { ChildChange } from '../../agent/core/children/child-operations.ts';
import { licenseStoreKey } from '../../agent/core/seats/lease-record.ts';
import { openActivation, signActivation } from '../../protocol/activation.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import { openLicense, signLicense } from '../../protocol/signed-license.ts';
import { type EpochSeconds, epochSeconds, seconds } from '../../protocol/units.ts';
import { ACTIVATION_TERMS, plainLicense, plainPool } from '../plain-license.ts';
import type { AgentHost } from './agent-host.ts';
import { WALL_START } from './clocks.ts';
import type { LinkFaults } from './network.ts';
import type { Random } from './random.ts';
import { swiftPrimitives } from './swift-primitives.ts';

const VENDOR = swiftPrimitives.signingKeys(new Uint8Array(32).fill(9));

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;
/** How long a child goes on that reaches nobody. */
export const PATIENCE_DAYS = 16;
/** Seconds by which a calendar is wrong, at most: two differ by less than what the core allows for. */
export const CALENDAR_ERROR = 145;
/** More would only take longer. */
export const BUSY_HOURS_MAX = 14;

export const LINK: LinkFaults = {
  loss: 0.05,
  duplication: 0.05,
  there: { least: 0.1, most: 200 },
  back: { least: 0.1, most: 200 },
  detour: 4000,
  detourChance: 0.02,
  lastWords: 0,
  silence: { least: 0, most: 0 },
};
export const DRIFT = { rate: 1 / 1024, late: 20, veryLate: 500, slow: 'any' } as const;
export const DISK = { sync: 20, slowSync: 400, slowness: 0.05 } as const;

/** The vendor's license on the parent's disk, with its activation. */
export const installLicense = (
  agent: AgentHost,
  random: Random,
  product: string,
  seats: number,
): void => {
  const issued = epochSeconds(WALL_START - 1000);
  const terms = plainLicense({
    product,
    issued,
    starts: issued,
    term: seconds(60),
    pools: [plainPool(seats)],
    activation: ACTIVATION_TERMS,
    children: { most: 20, depth: 2 },
  });
  const bytes = signLicense(terms, random.bytes(16), VENDOR, swiftPrimitives);
  const opened = openLicense(bytes, swiftPrimitives);
  if (!opened.ok) throw new Error(opened.error);
  const { id } = opened.value.license;
  const activation = openActivation(
    signActivation(
      {
        license: id,
        licenseHash: hashDocument(bytes, swiftPrimitives),
        agent: agent.keys,
        host: new Uint8Array(),
        number: 1,
        issued,
        until: null,
        nonce: null,
      },
      VENDOR,
      swiftPrimitives,
    ),
    swiftPrimitives,
  );
  if (!activation.ok) throw new Error(activation.error);
  const kept = { returning: null, receipt: null, told: false, standing: null, emergency: null };
  const record = recordWrite(id, { ...kept, floor: 0, activation: activation.value });
  agent.disk.durable.set(licenseStoreKey(id), bytes);
  if (record.value !== null) agent.disk.durable.set(record.key, record.value);
};

/** One agent of a family. */
export interface Member {
  readonly agent: AgentHost;
  readonly parent: Member | undefined;
  /** What the parent calls it. */
  readonly account: string;
  isStarted: boolean;
  /** From then on no call of its gets through. */
  isCut: boolean;
  /** For a while none does. */
  isAway: boolean;
  /** The power of its parent is cut when it is answered next. */
  isStruck: boolean;
}

/** The pool that a member lends from. */
export const poolOf = ({ agent }: Member) => {
  for (const pool of agent.agent?.pools() ?? []) if (pool.class === 'generic') return pool;
  return undefined;
};

/** The id of the license that a member has. */
export const licenseOf = (member: Member): string | undefined => poolOf(member)?.licenseId;

/** A change of a child's terms, and the dates at which the seats change by it. */
export const someChange = (
  random: Random,
  seatsMost: number,
  now: number,
): { readonly change: ChildChange; readonly dates: readonly EpochSeconds[] } => {
  const from = epochSeconds(WALL_START + Math.floor(now / 1000) + random.whole(60, 200_000));
  const until = epochSeconds(from + random.whole(100, 100_000));
  const isStaged = random.chance(0.3);
  const stages = isStaged ? [{ from, until, seats: random.whole(0, 6) }] : [];
  const seats = random.whole(1, Math.max(1, seatsMost - 1));
  const change = {
    parent: null,
    longest: random.pick([null, 30, 60]),
    children: null,
    pools: [{ class: 'generic', seats, stages }],
    expires: null,
  };
  return { change, dates: isStaged ? [from, until] : [] };
};

/** What a parent's administrator may do to a child. */
export const meddle = (
  member: Member | undefined,
  random: Random,
  change: () => ChildChange,
): void => {
  if (member?.parent === undefined) return;
  const { agent } = member.parent;
  const id = member.account;
  const kind = random.pick(['child-suspend', 'child-resume', 'child-resume', ...UPDATES] as const);
  if (kind === 'child-update') agent.operate({ kind, id, change: change() }, () => {});
  else agent.operate({ kind, id }, () => {});
};

const UPDATES = ['child-update', 'child-update', 'child-update', 'child-update'] as const;
