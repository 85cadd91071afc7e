import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Outcome, type RulesApply, refuseOperation } from '../../../agent/core/operations.ts';
import { RULES_SIZE_MAX } from '../../../agent/core/rules/rule.ts';
import { RulesFile } from '../../../agent/edges/rules-file.ts';
import { RulesKeeper } from '../../../agent/edges/rules-keeper.ts';

const RULE = 'exclude user mallory from acme-cad';

/** A keeper of a file in a folder of its own, and the texts that were put in force. */
const withKeeper = async (
  tell: (at: {
    readonly path: string;
    readonly keeper: RulesKeeper;
    readonly applied: RulesApply[];
  }) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-rules-'));
  const path = join(folder, 'rules.conf');
  const applied: RulesApply[] = [];
  const apply = async (operation: RulesApply): Promise<Outcome> => {
    applied.push(operation);
    if (!operation.file.ok) return refuseOperation('faulty-rules', 'x');
    const rules = { lines: [], inForce: true, faults: [], warnings: [] };
    return { kind: 'rules-apply', rules };
  };
  try {
    await tell({ path, keeper: new RulesKeeper(new RulesFile(path), apply), applied });
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

test.run();
