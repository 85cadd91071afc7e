import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Outcome, refuseOperation } from '../../../agent/core/operations.ts';
import { parseRules } from '../../../agent/core/rules/parse-rules.ts';
import { RulesFile } from '../../../agent/edges/rules-file.ts';
import { RulesKeeper } from '../../../agent/edges/rules-keeper.ts';
import { utf8ToBytes } from '../../../protocol/bytes.ts';

const RULE = 'exclude user mallory from acme-cad\n';
const OTHER = 'exclude user eve from acme-cad\n';
const VIEW = { lines: [], inForce: true, lastGood: false, faults: [], warnings: [] };

interface Rig {
  readonly path: string;
  readonly keeper: RulesKeeper;
  readonly said: string[];
  /** What the site was offered: the text, and that in whose place. */
  readonly offered: string[];
  /** What the site says to it. */
  answer: Outcome;
}

/** A member's keeper of rules, on a folder of its own. */
const withMember = async (tell: (rig: Rig) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-rules-'));
  const path = join(folder, 'rules.conf');
  const rig: Rig = {
    path,
    said: [],
    offered: [],
    answer: { kind: 'shared-offer' },
    keeper: new RulesKeeper({
      file: new RulesFile(path),
      lastGood: new RulesFile(`${path}.last-good`),
      read: parseRules,
      apply: async () => ({ kind: 'rules-apply', rules: VIEW }),
      warn: (sentence) => rig.said.push(sentence),
      started: Promise.resolve(),
      site: {
        share: async (text, was, who) => {
          rig.offered.push(`${who}: ${was}-> ${text}`);
          return rig.answer;
        },
        hash: utf8ToBytes,
        aside: () => new RulesFile(`${path}.before`),
      },
    }),
  };
  try {
    await tell(rig);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Whether the keeper says that it has done so. */
const take = async ({ keeper }: Rig, text: string | null, before: string | null = null) => {
  let isDone = false;
  const bytes = text === null ? null : utf8ToBytes(text);
  const asked = { kind: 'take-shared', what: 'rules', revision: 1 } as const;
  await keeper.takeShared(
    { ...asked, bytes, before: before === null ? null : utf8ToBytes(before) },
    () => {
      isDone = true;
    },
  );
  return isDone;
};

const RELOAD = { kind: 'rules-reload' } as const;
const ADD = { kind: 'rules-edit', change: { kind: 'add', line: OTHER.trim() } } as const;

test('a change that the site refuses is not in the file, and not in force', () =>
  withMember(async (rig) => {
    writeFileSync(rig.path, RULE);
    await rig.keeper.perform(RELOAD);
    assert.equal(rig.offered, [], 'a start offers nothing');
    rig.answer = refuseOperation('site-changed', 'Look again.');
    const refused = await rig.keeper.perform(ADD, 'anna');
    assert.is(refused.kind === 'refused' && refused.code, 'site-changed');
    assert.is(readFileSync(rig.path, 'utf8'), RULE);
    rig.answer = { kind: 'shared-offer' };
    assert.is((await rig.keeper.perform(ADD, 'anna')).kind, 'rules-edit');
    assert.is(readFileSync(rig.path, 'utf8'), RULE + OTHER);
    assert.equal(rig.offered, Array(2).fill(`anna: ${RULE}-> ${RULE}${OTHER}`));
    await rig.keeper.perform(RELOAD, 'anna');
    assert.is(rig.offered.length, 2, 'what is in force is no news');
  }));

test('what stood there by hand is put aside, what the site had before is not', () =>
  withMember(async (rig) => {
    writeFileSync(rig.path, RULE);
    await rig.keeper.perform(RELOAD);
    assert.is(await take(rig, OTHER), true);
    assert.is(readFileSync(rig.path, 'utf8'), OTHER);
    assert.is(readFileSync(`${rig.path}.before`, 'utf8'), RULE);
    assert.match(rig.said.join(), /have taken the place of those in .*kept as .*before/);
    rmSync(`${rig.path}.before`);
    assert.is(await take(rig, RULE, OTHER), true);
    assert.is(await take(rig, RULE, RULE), true, 'it is so already');
    assert.is(readdirSync(join(rig.path, '..')).includes('rules.conf.before'), false);
    assert.is(rig.said.length, 1);
  }));

test('rules that cannot be read, or written, are not taken up; that is said', () =>
  withMember(async (rig) => {
    writeFileSync(rig.path, RULE);
    await rig.keeper.perform(RELOAD);
    assert.is(await take(rig, 'limt 1'), false);
    assert.is(await take(rig, 'limt 1'), false);
    assert.is(rig.said.length, 1, 'once');
    assert.match(rig.said.join(), /cannot be read by this agent.*Line 1/s);
    assert.is(readFileSync(rig.path, 'utf8'), RULE);
    rmSync(join(rig.path, '..'), { recursive: true });
    assert.is(await take(rig, OTHER), false);
    assert.match(rig.said[1] ?? '', /The site's rules cannot be written to/);
    mkdirSync(join(rig.path, '..'));
    assert.is(await take(rig, OTHER), true);
  }));

test('a site without rules is offered those that are here, if there are any', () =>
  withMember(async (rig) => {
    await rig.keeper.perform(RELOAD);
    await take(rig, null);
    assert.equal(rig.offered, []);
    writeFileSync(rig.path, RULE);
    rig.answer = refuseOperation('no-register', 'x');
    await rig.keeper.perform(RELOAD, 'anna');
    assert.equal(rig.offered, [`anna: -> ${RULE}`]);
  }));

test.run();
