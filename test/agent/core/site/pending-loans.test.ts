/** A seat that is being borrowed, while nobody here knows whether its record is there. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeShares } from '../../../../agent/core/site/share-record.ts';
import { BORROWED_PREFIX, POOL_PREFIX } from '../../../../agent/core/site/site-keys.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { RigClient } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { SiteRig } from './site-rig.ts';

const pending = suite('a seat that is being borrowed');

const SEATS = 6;
const DAY = seconds(86_400);
const TERMS = {
  term: seconds(60),
  pools: [plainPool(SEATS)],
  borrow: { seats: 2, longest: DAY },
};

pending('it counts once, though the shares are known to be others by now', () => {
  const rig = new SiteRig(2, TERMS);
  rig.pass(2000);
  const [member, other] = [rig.member(0), rig.member(1)];
  assert.is(wordOf(take(other, new RigClient(other, 9), 1)), 'granted');
  const client = new RigClient(member, 1);
  assert.is(wordOf(take(member, client, 1)), 'granted');
  rig.register.deafTo = ({ writes }) => writes.some(({ key }) => key.startsWith(BORROWED_PREFIX));
  client.ask({ kind: 'borrow', id: 2, duration: DAY, hostCode: new Uint8Array(8).fill(1) });
  // What it has asked for cannot be done any more, and it hears so by another answer.
  const [pool] = [...rig.register.kept].filter(([key]) => key.startsWith(POOL_PREFIX));
  assert.ok(pool);
  rig.register.write(pool[0], pool[1].value);
  const words = [2, 3, 4, 5, 6].map((number) =>
    wordOf(take(member, new RigClient(member, number), 1)),
  );
  const lent = 1 + words.filter((word) => word === 'granted').length;
  const shares = decodeShares(rig.register.kept.get(pool[0])?.value ?? new Uint8Array(0)) ?? [];
  const most = Math.max(...shares.map(({ seats }) => seats));
  assert.ok(lent <= most, `${lent} of ${most}: ${words.join()} ${JSON.stringify(shares)}`);
});

pending.run();
