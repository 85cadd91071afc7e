/** What a member makes of records that a later version has written: the rule is in site-format.ts. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCharter, writesOf } from '../../../../agent/core/charter/charter-record.ts';
import {
  decodeCard,
  encodeCard,
  markCard,
  markOn,
} from '../../../../agent/core/site/member-card.ts';
import { decodeMoved, encodeMoved } from '../../../../agent/core/site/moved-record.ts';
import { decodeSeated, encodeSeated } from '../../../../agent/core/site/seated-record.ts';
import { decodeShares, encodeShares } from '../../../../agent/core/site/share-record.ts';
import { FORMAT_VALUE, formatIn } from '../../../../agent/core/site/site-format.ts';
import { FORMAT_KEY, POOL_PREFIX } from '../../../../agent/core/site/site-keys.ts';
import { decodeTold, encodeTold, markEnd } from '../../../../agent/core/site/told-record.ts';
import { pack, unpack } from '../../../../protocol/msgpack.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { RigClient } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { SiteRig } from './site-rig.ts';

const versions = suite('records of a later version');

const MEMBER = 'a'.repeat(16);

interface Kind {
  readonly name: string;
  readonly value: Uint8Array;
  readonly reads: (value: Uint8Array) => boolean;
}

const CARD = { name: 'one', version: '1', port: 1, addresses: [], longest: seconds(60) };
const MOVE = {
  adopter: MEMBER,
  poolKey: 'pool/a/b',
  seats: 1,
  requestId: 2,
  longest: seconds(60),
  limits: [],
};
const TEXT = writesOf('rules', new Uint8Array(3), { member: MEMBER, name: 'one', who: 'ann' });
const textWith = (head: Uint8Array) =>
  TEXT.flatMap(({ value }, i) => {
    const key = TEXT[i]?.key ?? '';
    if (value === null) return [];
    return [{ key, revision: 5, value: i === 0 ? head : value }];
  });

/** Written by their authors alone. */
const OWN: readonly Kind[] = [
  { name: 'card', value: encodeCard(CARD), reads: (one) => decodeCard(one) !== undefined },
  { name: 'move', value: encodeMoved(MOVE), reads: (one) => decodeMoved(one) !== undefined },
];

/** Written anew by whoever changes them. */
const COMMON: readonly Kind[] = [
  {
    name: 'shares',
    value: encodeShares([{ member: MEMBER, seats: 1, wanted: 0, since: 0 }]),
    reads: (one) => decodeShares(one) !== undefined,
  },
  {
    name: 'users by name',
    value: encodeSeated([{ user: 'ann', seats: 1, members: [MEMBER] }]),
    reads: (one) => decodeSeated(one) !== undefined,
  },
];

const fieldsOf = (value: Uint8Array): readonly number[] => unpack(value) as readonly number[];
const longer = (value: Uint8Array): Uint8Array => pack([...fieldsOf(value), 'more']);
const later = (value: Uint8Array): Uint8Array => pack([2, ...fieldsOf(value).slice(1)]);

for (const { name, value, reads } of OWN) {
  versions(`a ${name} may say more: it is read as far as it is known`, () => {
    assert.equal([value, longer(value), later(value)].map(reads), [true, true, true]);
  });
}

for (const { name, value, reads } of COMMON) {
  versions(
    `${name}: who cannot read all of it would write less of it back, and reads nothing`,
    () => {
      assert.equal([value, longer(value), later(value)].map(reads), [true, false, false]);
    },
  );
}

/** As a version before wrote it, which left others no place. */
const BRIEF = pack([1, 'one', '1', 1, [], 60]);

versions('others write on a dead card without touching what its member says, now or later', () => {
  const mark = { since: 2 ** 40, told: MEMBER, isForgotten: true };
  const unmarked = { since: 5, told: null, isForgotten: false };
  const full = longer(encodeCard(CARD));
  for (const card of [BRIEF, encodeCard(CARD), full]) {
    assert.equal(markOn(card, 5), unmarked);
    const marked = markCard(card, mark);
    assert.equal(markOn(marked, 5), mark);
    assert.equal(decodeCard(marked), CARD);
    const later = { ...mark, told: null, isForgotten: false };
    assert.equal(markOn(markCard(marked, later), 5), later);
  }
  assert.is(fieldsOf(markCard(full, mark)).at(-1), 'more');
});

versions('who tells the end of a death writes it beside what the record says more', () => {
  const told = { since: 2 ** 40, name: 'one', teller: MEMBER, ender: null };
  for (const record of [encodeTold(told), longer(encodeTold(told)), later(encodeTold(told))]) {
    assert.equal(decodeTold(record), told);
    assert.equal(decodeTold(markEnd(record, 'b'.repeat(16))), { ...told, ender: 'b'.repeat(16) });
  }
  assert.is(fieldsOf(markEnd(longer(encodeTold(told)), MEMBER)).at(-1), 'more');
  for (const odd of [pack([]), pack([1, 'x', 'one', MEMBER, null]), pack('told')]) {
    assert.is(decodeTold(odd), undefined);
  }
});

versions('a mark that cannot be read is none, and the card is read all the same', () => {
  for (const odd of [[], [1], ['', null, true], ['x', null, true], 'mark']) {
    const card = pack([...fieldsOf(BRIEF), odd]);
    assert.equal(markOn(card, 5), { since: 5, told: null, isForgotten: false });
    assert.equal(decodeCard(card), CARD);
  }
});

versions(
  'a text of the site may say more of its author; another version of it is not taken',
  () => {
    const head = TEXT[0]?.value ?? new Uint8Array(0);
    const texts = [head, longer(head), later(head)].map((one) =>
      readCharter('rules', textWith(one)),
    );
    assert.equal(
      texts.map((text) => text !== undefined && text !== null),
      [true, true, false],
    );
  },
);

versions('the format may say more, and no other is joined', () => {
  const read = (value: Uint8Array) => formatIn([{ key: FORMAT_KEY, revision: 7, value }]);
  assert.equal([FORMAT_VALUE, longer(FORMAT_VALUE), later(FORMAT_VALUE)].map(read), [
    7,
    7,
    undefined,
  ]);
});

versions(
  'of a pool whose shares cannot be read nothing is lent, and nothing is written over them',
  () => {
    const rig = new SiteRig(2, { term: seconds(60), pools: [plainPool(2)] });
    rig.pass(2000);
    const [pool] = [...rig.register.kept].filter(([key]) => key.startsWith(POOL_PREFIX));
    assert.ok(pool);
    const [key, { value }] = pool;
    rig.register.write(key, later(value));
    rig.pass(1000);
    for (const member of rig.members) {
      assert.is.not(wordOf(take(member, new RigClient(member, 1), 1)), 'granted');
    }
    rig.pass(30_000);
    assert.equal(rig.register.kept.get(key)?.value, later(value));
  },
);

versions.run();
