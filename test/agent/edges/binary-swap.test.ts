import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Swap, swapBinary } from '../../../agent/edges/binary-swap.ts';
import { UsherError } from '../../../agent/usher-error.ts';

const swap = suite<{ folder: string }>('swapping the program');
const check = platform() === 'win32' ? swap.skip : swap;

const scriptOf = (version: string): string => `#!/bin/sh\necho "usher ${version} (test), Node 1"\n`;
const OLD = scriptOf('0.1.0');
const NEW = scriptOf('0.2.0');

swap.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'usher-swap-'));
  await mkdir(join(context.folder, 'bin'));
  await writeFile(join(context.folder, 'bin', 'usher'), OLD, { mode: 0o755 });
  await writeFile(join(context.folder, 'fresh'), NEW);
});
swap.after.each(({ folder }) => rm(folder, { recursive: true }));

const orderIn = (folder: string, more: Partial<Swap> = {}): Swap => ({
  target: join(folder, 'bin', 'usher'),
  from: join(folder, 'fresh'),
  sha256: createHash('sha256').update(NEW).digest('hex'),
  version: '0.2.0',
  service: undefined,
  patienceMs: 30_000,
  ...more,
});

/** What is refused with, after which the old program alone is there. */
const refusal = async (folder: string, order: Swap): Promise<UsherError> => {
  const error = await swapBinary(order).then(
    () => assert.unreachable('it was swapped'),
    (refused: unknown) => refused,
  );
  assert.instance(error, UsherError);
  assert.is(await readFile(join(folder, 'bin', 'usher'), 'utf8'), OLD);
  assert.equal(await readdir(join(folder, 'bin')), ['usher']);
  return error as UsherError;
};

check('the new program is in place, alone and executable', async ({ folder }) => {
  await swapBinary(orderIn(folder));
  assert.is(await readFile(join(folder, 'bin', 'usher'), 'utf8'), NEW);
  assert.is((await stat(join(folder, 'bin', 'usher'))).mode & 0o777, 0o755);
  assert.equal(await readdir(join(folder, 'bin')), ['usher']);
});

check('one that was cut short is refused', async ({ folder }) => {
  await writeFile(join(folder, 'fresh'), NEW.slice(0, -1));
  const { code, message } = await refusal(folder, orderIn(folder));
  assert.is(code, 'REFUSED');
  assert.match(message, /was changed or is not whole/);
});

check('one that does not start is refused with its own words', async ({ folder }) => {
  const broken = '#!/bin/sh\necho "version GLIBC_9.9 not found" >&2\nexit 127\n';
  await writeFile(join(folder, 'fresh'), broken);
  const sha256 = createHash('sha256').update(broken).digest('hex');
  const { message } = await refusal(folder, orderIn(folder, { sha256 }));
  assert.match(message, /does not start here \(version GLIBC_9\.9 not found\)/);
});

check('one that never ends is stopped', async ({ folder }) => {
  const hanging = '#!/bin/sh\nexec sleep 1000\n';
  await writeFile(join(folder, 'fresh'), hanging);
  const sha256 = createHash('sha256').update(hanging).digest('hex');
  const { message } = await refusal(folder, orderIn(folder, { sha256, patienceMs: 100 }));
  assert.match(message, /does not come to an end/);
});

check('one of another version than signed is refused', async ({ folder }) => {
  const { message } = await refusal(folder, orderIn(folder, { version: '0.3.0' }));
  assert.match(message, /should be 0\.3\.0 and says it is "usher 0\.2\.0/);
});

check('a missing new program is named', async ({ folder }) => {
  const { code, message } = await refusal(folder, orderIn(folder, { from: join(folder, 'none') }));
  assert.is(code, 'FILE_UNREADABLE');
  assert.match(message, /none: there is no such file/);
});

check('what is no file is not read: a folder, or a device without end', async ({ folder }) => {
  const cases = [
    [folder, /it is a folder/],
    ['/dev/zero', /it is no file/],
  ] as const;
  for (const [from, sentence] of cases) {
    const { code, message } = await refusal(folder, orderIn(folder, { from }));
    assert.is(code, 'FILE_UNREADABLE');
    assert.match(message, sentence);
  }
});

check('a folder that cannot be written to is named', async ({ folder }) => {
  if (process.getuid?.() === 0) {
    // Root may write everywhere: something in the way of the new file stands for that.
    await mkdir(join(folder, 'bin', 'new-usher', 'in-the-way'), { recursive: true });
    const error = await swapBinary(orderIn(folder)).catch((refused: unknown) => refused);
    assert.match((error as UsherError).message, /Cannot replace .*Nothing was changed/);
    assert.is(await readFile(join(folder, 'bin', 'usher'), 'utf8'), OLD);
    return;
  }
  await chmod(join(folder, 'bin'), 0o555);
  const { code } = await refusal(folder, orderIn(folder));
  await chmod(join(folder, 'bin'), 0o755);
  assert.is(code, 'NOT_PERMITTED');
});

check('a service is started anew, once', async ({ folder }) => {
  const seen: string[] = [];
  const service = {
    restart: async () => void seen.push(await readFile(join(folder, 'bin', 'usher'), 'utf8')),
  };
  await swapBinary(orderIn(folder, { service }));
  assert.equal(seen, [NEW]);
});

check('a service that does not come up gets its old program back', async ({ folder }) => {
  const seen: string[] = [];
  const service = {
    restart: async () => {
      seen.push(await readFile(join(folder, 'bin', 'usher'), 'utf8'));
      if (seen.length === 1) throw new Error('It ended with 5.');
    },
  };
  const { message } = await refusal(folder, orderIn(folder, { service }));
  assert.equal(seen, [NEW, OLD]);
  assert.match(message, /did not come up as 0\.2\.0: It ended with 5\. .* is back and runs/);
});

check('a service that is never ready counts as one that did not come up', async ({ folder }) => {
  let asked = 0;
  const service = {
    restart: () => {
      asked += 1;
      return asked === 1 ? new Promise<void>(() => {}) : Promise.resolve();
    },
  };
  const { message } = await refusal(folder, orderIn(folder, { service, patienceMs: 2_000 }));
  assert.match(message, /was not ready within 2 seconds/);
});

swap.run();
