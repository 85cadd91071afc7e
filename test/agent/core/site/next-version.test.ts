/** Members of this version beside one of the next, which says more in its records, and in more of them. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RegisterAsk } from '../../../../agent/core/site/register.ts';
import { DEAD_PREFIX, JOINED_PREFIX, MOVED_PREFIX } from '../../../../agent/core/site/site-keys.ts';
import { pack, unpack } from '../../../../protocol/msgpack.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, RigClient } from '../agent-rig.ts';
import { wordOf } from '../seats/seat-rig.ts';
import { RegisterBench } from './register-bench.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const TERMS = { term: seconds(60), pools: [plainPool(1)] };
const DEATH_MS = 3000;

/** Records that may say more in the next version; the shares of a pool may not. */
const GROWING = [JOINED_PREFIX, DEAD_PREFIX, MOVED_PREFIX];

const grown = (value: Uint8Array): Uint8Array => {
  const fields = unpack(value);
  assert.ok(Array.isArray(fields));
  return pack([2, ...(fields as readonly number[]).slice(1), 'of the next version', [1, 2]]);
};

/** What a member of the next version writes. */
class NextVersion extends RegisterBench {
  readonly #register: RegisterBench;

  constructor(register: RegisterBench) {
    super();
    this.#register = register;
  }

  override transact(ask: RegisterAsk) {
    const writes = ask.writes.map((write) => {
      const { key, value } = write;
      const isGrowing = value !== null && GROWING.some((prefix) => key.startsWith(prefix));
      // What this version has written is not its own to say more in.
      const isOwn = isGrowing && this.#register.kept.get(key)?.value !== value;
      return isOwn ? { ...write, value: grown(value) } : write;
    });
    if (writes.length > 0)
      writes.push({ key: 'next/news', value: pack([2, 'of no use to others']) });
    return this.#register.transact({ ...ask, writes });
  }
}

const next = suite('a member of the next version');

/** The first member is of the next version. */
const mixed = (): SiteRig =>
  new SiteRig(2, TERMS, (register, member) =>
    member === 0 ? new NextVersion(register) : register,
  );

/** The only seat is lent by `owner`, who dies; `heir` takes it over; `owner` comes back. */
const goOn = (rig: SiteRig, owner: SiteMember, heir: SiteMember): void => {
  const client = new RigClient(owner, 1);
  // Its seat may be the other's to give: it waits a moment.
  const effects = client.ask(acquire(1));
  const isDecided = effects.some(({ kind }) => kind === 'commit');
  const granted = client.read([...(isDecided ? owner.settle(effects) : []), ...rig.pass(1500)]);
  assert.ok(granted?.kind === 'granted' && granted.takeover, wordOf(granted));
  rig.pass(500);
  const there = new RigClient(heir, 1);
  there.ask({ ...acquire(2), ticket: granted.takeover.ticket } as ReturnType<typeof acquire>);
  assert.is(wordOf(there.read(rig.pass(DEATH_MS, [heir]))), 'granted');
  // It is back, and knows that the seat is there.
  rig.pass(1000);
  const late = new RigClient(owner, 2);
  late.ask(acquire(1));
  assert.is(wordOf(late.read(rig.pass(6000))), 'no-seat');
};

next('its leases go on at one of this version', () => {
  const rig = mixed();
  rig.pass(2000);
  goOn(rig, rig.member(0), rig.member(1));
});

next('it takes over the leases of one of this version', () => {
  const rig = mixed();
  rig.pass(2000);
  goOn(rig, rig.member(1), rig.member(0));
});

next.run();
