import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataFolder } from '../../../agent/edges/data-folder.ts';
import { UsherError } from '../../../agent/usher-error.ts';

const folders = suite<{ base: string }>('data folder');

folders.before.each(async (context) => {
  context.base = await mkdtemp(join(tmpdir(), 'usher-folder-'));
});
folders.after.each(({ base }) => rm(base, { recursive: true }));

const refusal = async (work: Promise<unknown>): Promise<UsherError> => {
  const error = await work.then(
    () => assert.unreachable('it was taken'),
    (one: unknown) => one,
  );
  assert.instance(error, UsherError);
  return error as UsherError;
};
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

folders('is made with all above it, for its owner alone', async ({ base }) => {
  const path = join(base, 'a', 'b', 'c');
  await new DataFolder(path).prepare();
  if (platform() !== 'win32') assert.is(await modeOf(path), 0o700);
  await new DataFolder(path).prepare();
});

folders('that is empty or an agent’s already is closed to others', async ({ base }) => {
  if (platform() === 'win32') return;
  for (const content of [undefined, 'agent.key', 'usher.conf']) {
    const path = join(base, String(content));
    await mkdir(path);
    await chmod(path, 0o755);
    if (content !== undefined) await writeFile(join(path, content), '');
    await new DataFolder(path).prepare();
    assert.is(await modeOf(path), 0o700);
  }
});

folders('that others use is left as it is', async ({ base }) => {
  if (platform() === 'win32') return;
  await chmod(base, 0o755);
  await writeFile(join(base, 'thesis.txt'), '');
  const { code, message } = await refusal(new DataFolder(base).prepare());
  assert.is(code, 'FOLDER_UNUSABLE');
  assert.match(message, 'others can read it and it holds other things');
  assert.is(await modeOf(base), 0o755);
});

folders('in the place of a file, or where none can be made, is refused', async ({ base }) => {
  await writeFile(join(base, 'file'), '');
  const paths = [join(base, 'file'), join(base, 'file', 'below')];
  if (platform() === 'linux') paths.push('/proc/usher', '/proc/usher/below');
  for (const path of paths) {
    assert.is((await refusal(new DataFolder(path).prepare())).code, 'FOLDER_UNUSABLE', path);
  }
});

folders('says who has claimed it', async ({ base }) => {
  const folder = new DataFolder(base);
  assert.is(await folder.holder(), undefined);
  await folder.claim(4711);
  assert.is(await folder.holder(), '4711');
  assert.is(await readFile(join(base, 'agent.pid'), 'utf8'), '4711\n');
  await folder.unclaim();
  assert.is(await folder.holder(), undefined);
  await writeFile(join(base, 'agent.pid'), 'nonsense');
  assert.is(await folder.holder(), undefined);
});

folders('whose path does not fit into a socket’s address is refused', () => {
  if (platform() === 'win32') return;
  assert.is(new DataFolder(`/${'x'.repeat(93)}`).controlPath.length, 107);
  assert.throws(() => new DataFolder(`/${'x'.repeat(94)}`).controlPath, /too long/);
  assert.throws(() => new DataFolder(`/${'ü'.repeat(60)}`).controlPath, /too long/);
});

folders.run();
