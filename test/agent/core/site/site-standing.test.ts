import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isWarning, noteToSentence } from '../../../../agent/core/notes.ts';
import type { StatusView } from '../../../../agent/core/operations.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { only } from '../agent-rig.ts';
import { DeskRig } from '../desk-rig.ts';
import { RegisterBench } from './register-bench.ts';
import { SiteMember, SiteRig } from './site-rig.ts';

const standing = suite('how an agent stands with its site');

const TERMS = { term: seconds(60), pools: [plainPool(4)] };

const warnings = (member: SiteMember, milliseconds: number): readonly string[] =>
  member
    .pass(milliseconds)
    .flatMap((effect) =>
      effect.kind === 'note' && isWarning(effect.note) ? [noteToSentence(effect.note)] : [],
    );

const siteOf = (member: SiteMember): StatusView['site'] => {
  const { outcome } = only(member.operate({ kind: 'status' }), 'answer');
  return outcome.kind === 'status' ? outcome.status.site : null;
};

const UNHEARD =
  "This agent is not heard by its site's register, and lends nothing until it is. No answer.";

standing('who starts beside a silent register says so, once, and why', () => {
  const register = new RegisterBench();
  register.deafTo = () => true;
  const member = new SiteMember(register, 2, TERMS);
  assert.equal(warnings(member, 4000), [], 'it may have been started just now');
  assert.equal(warnings(member, 20_000), [UNHEARD]);
  assert.equal(siteOf(member), { isHeard: false, trouble: 'No answer.' });
  register.deafTo = () => false;
  assert.equal(warnings(member, 2000), []);
  assert.equal(siteOf(member), { isHeard: true, trouble: null });
});

standing('who is cut off says why, and not again until it was heard', () => {
  const rig = new SiteRig(1, TERMS);
  rig.pass(2000);
  const member = rig.member(0);
  for (let i = 0; i < 2; i++) {
    member.isCut = true;
    const told = warnings(member, 20_000);
    assert.is(told.length, 1);
    assert.match(told[0] ?? '', /not heard by its site's register any more: .* No answer\.$/);
    assert.is(siteOf(member)?.isHeard, false);
    member.isCut = false;
    assert.equal(warnings(member, 3000), []);
  }
});

standing('who may not join says what it waits for', () => {
  const desk = new DeskRig();
  desk.license(2, TERMS);
  desk.work({});
  assert.is(desk.done({ kind: 'status' }).status.site, null);
  const member = SiteMember.of(desk, new RegisterBench(), 2);
  member.pass(2000);
  const { isHeard, trouble } = siteOf(member) ?? {};
  assert.is(isHeard, false);
  assert.match(trouble ?? '', /joins its site when the leases have ended/);
});

standing.run();
