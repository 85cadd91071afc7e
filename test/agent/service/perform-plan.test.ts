import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { performPlan } from '../../../agent/service/perform-plan.ts';
import {
  command,
  commandIfAny,
  commandOnChange,
  commandTold,
  type Step,
  wordsToText,
} from '../../../agent/service/plan.ts';

const performing = suite<{ base: string; ran: string[] }>('performing a plan');

performing.before.each(async (context) => {
  context.base = await mkdtemp(join(tmpdir(), 'usher-plan-'));
  context.ran = [];
});
performing.after.each(({ base }) => rm(base, { recursive: true }));

/** Commands that are only noted; one whose first word is `fail` fails. */
const perform = (steps: readonly Step[], ran: string[]): Promise<readonly string[]> =>
  performPlan(steps, async (words) => {
    ran.push(wordsToText(words));
    return {
      status: words[0] === 'fail' ? 1 : 0,
      out: `${words[0]} is done\n`,
      err: 'it is broken',
    };
  });

const file = (path: string, content: string, isKept = false): Step => ({
  kind: 'file',
  path,
  mode: 0o640,
  content,
  isKept,
});

performing('done twice it changes nothing the second time', async ({ base, ran }) => {
  const at = (name: string): string => join(base, name);
  await writeFile(at('new'), 'program');
  const steps: readonly Step[] = [
    { kind: 'program', from: at('new'), to: at('usher') },
    { kind: 'folder', path: at('etc'), mode: 0o750 },
    file(at('etc/unit'), 'unit'),
    commandOnChange('restart'),
    command('start'),
  ];
  assert.equal(await perform(steps, ran), [
    `Installed ${at('usher')}`,
    `Made ${at('etc')}`,
    `Wrote ${at('etc/unit')}`,
  ]);
  assert.equal(ran.splice(0), ['restart', 'start']);
  assert.is((await stat(at('usher'))).mode & 0o777, 0o755);
  assert.is((await stat(at('etc'))).mode & 0o777, 0o750);
  assert.is((await stat(at('etc/unit'))).mode & 0o777, 0o640);
  assert.equal(await perform(steps, ran), []);
  assert.equal(ran.splice(0), ['start']);
  await writeFile(at('new'), 'newer program');
  assert.equal(await perform(steps, ran), [`Replaced ${at('usher')}`]);
  assert.equal(ran, ['restart', 'start']);
});

performing('a file that is the administrator’s stays', async ({ base, ran }) => {
  const path = join(base, 'usher.conf');
  await writeFile(path, 'name = mine\n');
  assert.equal(await perform([file(path, 'template', true)], ran), []);
  assert.is(await readFile(path, 'utf8'), 'name = mine\n');
  assert.equal(await perform([file(path, 'unit')], ran), [`Replaced ${path}`]);
});

performing('a program that runs is replaced', async ({ base, ran }) => {
  const [older, newer] = [join(base, 'usher'), join(base, 'newer')];
  await copyFile('/bin/sleep', older);
  await chmod(older, 0o755);
  await writeFile(newer, 'newer');
  const running = spawn(older, ['1000']);
  try {
    await new Promise((resolve) => running.once('spawn', resolve));
    await perform([{ kind: 'program', from: newer, to: older }], ran);
    assert.is(await readFile(older, 'utf8'), 'newer');
  } finally {
    running.kill();
  }
});

performing('removes what is there, a folder only when told or empty', async ({ base, ran }) => {
  const full = join(base, 'full');
  await mkdir(full);
  await writeFile(join(full, 'x'), '');
  assert.equal(await perform([{ kind: 'remove-empty', path: full }], ran), []);
  const remove: Step = { kind: 'remove', path: full };
  assert.equal(await perform([remove, remove], ran), [`Removed ${full}`]);
  assert.equal(await perform([{ kind: 'remove-empty', path: full }], ran), []);
});

performing(
  'a failure ends it and is said, unless there was nothing to do',
  async ({ base, ran }) => {
    const rest = join(base, 'rest');
    assert.equal(await perform([commandIfAny('fail')], ran), []);
    const refusal = await perform([command('fail', 'now'), file(rest, '')], ran).catch(
      (error) => error,
    );
    assert.is(refusal.code, 'REFUSED');
    assert.is(refusal.message, 'fail now failed: it is broken.');
    const inTheWay = file(join(base, 'none', 'x'), '');
    const lost = await perform([inTheWay], ran).catch((error) => error);
    assert.match(lost.message, /x: there is no such file or folder\. Nothing after it was done\.$/);
  },
);

performing(
  'what a command says is told where that is wanted, and its failure, too',
  async ({ ran }) => {
    const told = await perform(
      [commandTold('Not open', 'open'), commandTold('Not open', 'fail')],
      ran,
    );
    assert.equal(told, ['open is done', 'Not open: it is broken']);
  },
);

if (process.platform !== 'win32') performing.run();
