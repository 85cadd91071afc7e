import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import { bytesToUtf8, utf8ToBytes } from '../../../../protocol/bytes.ts';
import { only } from '../agent-rig.ts';
import { SiteMember, SiteRig } from '../site/site-rig.ts';

const later = suite('texts of a later version');

const rulesIn = (effects: readonly Effect[]): readonly (string | undefined)[] =>
  effects.flatMap((effect) =>
    effect.kind === 'take-shared' && effect.what === 'rules' && effect.bytes !== null
      ? [bytesToUtf8(effect.bytes)]
      : [],
  );

later('texts of kinds that a later version has are nothing to a member: it goes on', () => {
  const rig = new SiteRig(2, {});
  rig.pass(1000);
  for (const key of ['shared/later', 'shared/later/0', 'shared/rules-of-later']) {
    rig.register.write(key, utf8ToBytes('what this version cannot read'));
  }
  const [bytes, was] = [utf8ToBytes('one'), new Uint8Array()];
  const offer = { kind: 'shared-offer', what: 'rules', bytes, was, who: '' } as const;
  assert.is(only(rig.member(0).operate(offer), 'answer').outcome.kind, 'shared-offer');
  assert.equal(rulesIn(rig.pass(1000, [rig.member(1)])), ['one']);
  const late = new SiteMember(rig.register, 9, {});
  late.now = rig.member(0).now;
  assert.equal(rulesIn(late.pass(1000)), ['one']);
});

later.run();
