import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataFolder } from '../../../agent/edges/data-folder.ts';
import { findHostSeal, layHostSeal } from '../../../agent/edges/host-seal.ts';
import { endorsementKey, readRootHostValues } from '../../../agent/edges/root-host-values.ts';
import type { Tool } from '../../../agent/edges/system-tool.ts';

interface Place {
  base: string;
  memory: string;
  folder: DataFolder;
}

/** The tool of a computer that is told from others by a number. */
const toolOf =
  (computer: number): Tool =>
  async ([, action, , ...words]) => {
    const [from = '', to = ''] = words.filter((word) => !word.startsWith('--'));
    const bytes = await readFile(from);
    if (action === 'encrypt') await writeFile(to, Buffer.from([computer, ...bytes]));
    else if (bytes[0] !== computer) return { status: 1, out: '', err: 'Bad message' };
    else await writeFile(to, bytes.subarray(1));
    return { status: 0, out: '', err: '' };
  };
const NO_TOOL: Tool = async () => ({ status: null, out: '', err: '' });

const SECRET = new Uint8Array(32).fill(7);

const seals = suite<Place>('host seal');

seals.before.each(async (place) => {
  place.base = await mkdtemp(join(tmpdir(), 'usher-seal-'));
  place.memory = join(place.base, 'run');
  await mkdir(place.memory);
  place.folder = new DataFolder(join(place.base, 'data'));
  await place.folder.prepare();
});
seals.after.each(async ({ base }) => rm(base, { recursive: true, force: true }));

seals(
  'what one start of the computer has sealed the next one opens',
  async ({ folder, memory }) => {
    assert.is(findHostSeal(memory, folder), undefined);
    assert.is(await layHostSeal(folder, memory, toolOf(1)), 'open');
    const sealed = await findHostSeal(memory, folder)?.seal(SECRET);
    assert.ok(sealed);
    const made = await readFile(folder.seal);
    await rm(memory, { recursive: true });
    await mkdir(memory);
    assert.is(await layHostSeal(folder, memory, toolOf(1)), 'open');
    assert.equal(await readFile(folder.seal), made, 'made once');
    assert.equal(await findHostSeal(memory, folder)?.open(sealed ?? SECRET), SECRET);
  },
);

seals('on another computer it stays shut, whatever was open there', async ({ folder, memory }) => {
  await layHostSeal(folder, memory, toolOf(1));
  const sealed = await findHostSeal(memory, folder)?.seal(SECRET);
  assert.is(await layHostSeal(folder, memory, toolOf(2)), 'shut');
  assert.is(findHostSeal(memory, folder), undefined);
  await rm(folder.seal);
  assert.is(await layHostSeal(folder, memory, toolOf(2)), 'open');
  assert.is(await findHostSeal(memory, folder)?.open(sealed ?? SECRET), undefined);
  assert.is(await findHostSeal(memory, folder)?.open(new Uint8Array(3)), undefined);
});

seals('without the tool there is no seal', async ({ folder, memory }) => {
  assert.is(await layHostSeal(folder, memory, NO_TOOL), 'not-offered');
  assert.is(findHostSeal(memory, folder), undefined);
  assert.equal(await readdir(folder.path), []);
});

seals('each data folder has its own, for its owner alone', async ({ base, folder, memory }) => {
  await layHostSeal(folder, memory, toolOf(1));
  const other = new DataFolder(join(base, 'other'));
  assert.is(findHostSeal(memory, other), undefined);
  const names = await readdir(memory);
  assert.is(names.length, 1, 'nothing else is left');
  if (platform() === 'win32') return;
  assert.is((await stat(join(memory, names[0] ?? ''))).mode & 0o777, 0o400);
  assert.is((await stat(folder.seal)).mode & 0o777, 0o600);
});

const values = suite<{ root: string }>('values for root');

values.before.each(async (place) => {
  place.root = await mkdtemp(join(tmpdir(), 'usher-root-'));
});
values.after.each(async ({ root }) => rm(root, { recursive: true, force: true }));

values('numbers of the board are read whoever else may not', async ({ root }) => {
  const folder = join(root, 'sys/class/dmi/id');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'product_uuid'), '4C4C4544-0042\n');
  await chmod(join(folder, 'product_uuid'), 0o400);
  await writeFile(join(folder, 'board_serial'), '/F3JK9/CN1\n');
  const { system, tpm, ...rest } = readRootHostValues(root);
  assert.equal(system, ['4C4C4544-0042']);
  assert.equal(rest['board-serial'], ['/F3JK9/CN1']);
  assert.equal(tpm, [undefined]);
});

values('a security chip is known by the hash of its endorsement key', async ({ root }) => {
  const area = Buffer.from('0001000b000300b20020', 'hex');
  const answer = (code: number, size: number, rest = area): Buffer => {
    const head = Buffer.from('80010000000000000000', 'hex');
    head.writeUInt32BE(code, 6);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(size);
    return Buffer.concat([head, length, rest]);
  };
  const whole = answer(0, area.length, Buffer.concat([area, Buffer.from('0022000b', 'hex')]));
  assert.match(endorsementKey(whole) ?? '', /^[0-9a-f]{64}$/);
  const other = Buffer.concat([area.subarray(1), area.subarray(0, 1)]);
  assert.not.equal(endorsementKey(answer(0, area.length, other)), endorsementKey(whole));
  // TPM_RC_HANDLE: no key at that place.
  assert.is(endorsementKey(answer(0x18b, area.length)), undefined);
  assert.is(endorsementKey(answer(0, 200)), undefined);
  assert.is(endorsementKey(Buffer.alloc(10)), undefined);
  // An earlier chip shows it as a file.
  const folder = join(root, 'sys/class/tpm/tpm0/device');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'pubek'), 'Algorithm: 00 00 00 01\nModulus length: 256\n');
  assert.match(readRootHostValues(root).tpm?.[0] ?? '', /^Algorithm/);
});

seals.run();
values.run();
