import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Outcome, type RulesApply, refuseOperation } from '../../../agent/core/operations.ts';
import { parseRules } from '../../../agent/core/rules/parse-rules.ts';
import { RULES_SIZE_MAX } from '../../../agent/core/rules/rule.ts';
import { RulesFile } from '../../../agent/edges/rules-file.ts';
import { RulesKeeper } from '../../../agent/edges/rules-keeper.ts';

const RULE = 'exclude user mallory from acme-cad';

/** A keeper of a file in a folder of its own, and the texts that were put in force. */
const withKeeper = async (
  tell: (at: {
    readonly path: string;
    readonly keeper: RulesKeeper;
    /** Another keeper, as after a restart. */
    readonly start: () => RulesKeeper;
    readonly applied: RulesApply[];
    readonly said: string[];
  }) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-rules-'));
  const path = join(folder, 'rules.conf');
  const applied: RulesApply[] = [];
  const said: string[] = [];
  const apply = async (operation: RulesApply): Promise<Outcome> => {
    applied.push(operation);
    if (!operation.file.ok || operation.file.value.startsWith('limt'))
      return refuseOperation('faulty-rules', 'x');
    const rules = { lines: [], inForce: true, lastGood: false, faults: [], warnings: [] };
    return { kind: 'rules-apply', rules };
  };
  try {
    const start = (): RulesKeeper =>
      new RulesKeeper({
        file: new RulesFile(path),
        lastGood: new RulesFile(`${path}.last-good`),
        read: parseRules,
        apply,
        warn: (sentence) => said.push(sentence),
        started: Promise.resolve(),
      });
    await tell({ path, keeper: start(), start, applied, said });
  } finally {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  }
};

const texts = (applied: readonly RulesApply[]) =>
  applied.map(({ file }) => (file.ok ? file.value : file.error[0]?.sentence));

const add = (line: string) => ({ kind: 'rules-edit', change: { kind: 'add', line } }) as const;
const RELOAD = { kind: 'rules-reload' } as const;

test('no file is no rules; what a command changes is in the file before it is in force', () =>
  withKeeper(async ({ path, keeper, applied }) => {
    assert.is((await keeper.perform(RELOAD)).kind, 'rules-reload');
    const edited = keeper.perform(add(RULE));
    const more = keeper.perform(add('limit 1 acme-cad for each user'));
    assert.equal([(await edited).kind, (await more).kind], ['rules-edit', 'rules-edit']);
    const text = await readFile(path, 'utf8');
    assert.is(text, `${RULE}\nlimit 1 acme-cad for each user\n`);
    assert.equal(texts(applied), ['', `${RULE}\n`, text]);
  }));

test('a file that somebody has changed meanwhile is not written over', () =>
  withKeeper(async ({ path, keeper }) => {
    await keeper.perform(RELOAD);
    await writeFile(path, '# by hand\n');
    const refused = await keeper.perform(add(RULE));
    assert.is(refused.kind === 'refused' && refused.code, 'rules-changed');
    assert.is(await readFile(path, 'utf8'), '# by hand\n');
    await keeper.perform(RELOAD);
    assert.is((await keeper.perform(add(RULE))).kind, 'rules-edit');
    assert.is(await readFile(path, 'utf8'), `# by hand\n${RULE}\n`);
  }));

test('a rule that cannot be is refused and nothing is written', () =>
  withKeeper(async ({ path, keeper, applied }) => {
    await writeFile(path, `${RULE}\n`);
    await keeper.perform(RELOAD);
    const refused = await keeper.perform(add('exclude mallory from acme-cad'));
    assert.is(refused.kind === 'refused' && refused.code, 'faulty-rules');
    assert.is(await readFile(path, 'utf8'), `${RULE}\n`);
    assert.is(applied.length, 1);
  }));

test('what cannot be read is told to the agent as a fault', () =>
  withKeeper(async ({ path, keeper, applied }) => {
    await writeFile(path, '#'.repeat(2 * RULES_SIZE_MAX + 1));
    assert.is((await keeper.perform(RELOAD)).kind, 'refused');
    assert.match(texts(applied)[0] ?? '', /rules\.conf is longer than 262144 bytes/);
    await rm(path);
    await symlink(path, path);
    await keeper.perform(RELOAD);
    assert.match(texts(applied)[1] ?? '', /rules\.conf cannot be read: /);
    assert.is((await keeper.perform(add(RULE))).kind, 'refused');
  }));

test('a file that cannot be written leaves the rules as they were', () =>
  withKeeper(async ({ path, keeper, applied }) => {
    await keeper.perform(RELOAD);
    // A folder where the fresh file would be: nobody, not even root, writes over it.
    await mkdir(join(`${path}.new`, 'x'), { recursive: true });
    const refused = await keeper.perform(add(RULE));
    assert.is(refused.kind === 'refused' && refused.code, 'rules-unwritten');
    assert.is(applied.length, 1);
  }));

test('a link to the file stays one, and who may read it may still', () =>
  withKeeper(async ({ path, keeper }) => {
    await writeFile(`${path}.real`, '# real\n', { mode: 0o644 });
    await symlink(`${path}.real`, path);
    await keeper.perform(RELOAD);
    await keeper.perform(add(RULE));
    assert.is(await readFile(`${path}.real`, 'utf8'), `# real\n${RULE}\n`);
  }));

const lastGoods = (applied: readonly RulesApply[]) => applied.map(({ lastGood }) => lastGood);

test('what was in force last is kept beside the file, for a start on a faulty one', () =>
  withKeeper(async ({ path, keeper, start, applied }) => {
    await keeper.perform(RELOAD);
    await keeper.perform(add(RULE));
    await writeFile(path, 'limt\n');
    await keeper.perform(RELOAD);
    const kept = await readFile(`${path}.last-good`, 'utf8');
    assert.match(kept, new RegExp(`^${RULE}\n# .*`));
    await start().perform(RELOAD);
    assert.equal(lastGoods(applied), [undefined, undefined, undefined, `${RULE}\n`]);
    await writeFile(path, '');
    const last = start();
    await last.perform(RELOAD);
    await last.settled();
    await writeFile(path, 'limt\n');
    await start().perform(RELOAD);
    assert.is(lastGoods(applied).at(-1), '', 'no rules were in force last');
  }));

test('without a kept one, or with an empty one, there is nothing to fall back on', () =>
  withKeeper(async ({ path, keeper, start, applied }) => {
    await writeFile(path, 'limt\n');
    await keeper.perform(RELOAD);
    await writeFile(`${path}.last-good`, '');
    await start().perform(RELOAD);
    assert.equal(lastGoods(applied), [undefined, undefined]);
  }));

test('where it cannot be kept the rules are in force all the same, and it is said', () =>
  withKeeper(async ({ path, keeper, said }) => {
    await mkdir(join(`${path}.last-good`, 'x'), { recursive: true });
    await writeFile(path, RULE);
    assert.is((await keeper.perform(RELOAD)).kind, 'rules-reload');
    await keeper.settled();
    assert.match(said[0] ?? '', /rules\.conf\.last-good cannot be written/);
    assert.is(said.length, 1);
  }));

test.run();
