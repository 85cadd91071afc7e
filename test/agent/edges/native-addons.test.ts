import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type CarriedAddon,
  loadNativeAddon,
  NativeAddonError,
  type NativeAddonFault,
  openAddon,
  placeAddon,
  placeNativeAddons,
  prepareFolder,
} from '../../../agent/edges/native-addons.ts';

const bytes = new Uint8Array([0x7f, 1, 2, 3]);

const addonOf = (content: Uint8Array<ArrayBuffer>): CarriedAddon => ({
  name: 'x.node',
  digest: createHash('sha256').update(content).digest('hex'),
  read: () => content,
});
const addon = addonOf(bytes);

const onPosix = process.platform !== 'win32';
const modeOf = (path: string): number => statSync(path).mode & 0o777;

const failsWith = (code: NativeAddonFault, part: string, work: () => unknown): void => {
  try {
    work();
  } catch (error) {
    assert.instance(error, NativeAddonError);
    if (error instanceof NativeAddonError) {
      assert.is(error.code, code);
      assert.match(error.message, part);
    }
    return;
  }
  assert.unreachable(`${code} was expected`);
};

const addons = suite<{ home: string }>('native addons');

addons.before.each((context) => {
  context.home = mkdtempSync(join(tmpdir(), 'usher-addons-test-'));
});
addons.after.each(({ home }) => rmSync(home, { recursive: true }));

addons('outside the binary placing does nothing', ({ home }) => {
  placeNativeAddons(join(home, 'addons'));
  assert.not(existsSync(join(home, 'addons')));
});

addons('asking before placing is a bug that says so', () => {
  failsWith('ADDONS_NOT_PLACED', 'x.node', () => loadNativeAddon('x.node'));
});

addons('the folder is made with its parents, private to the user', ({ home }) => {
  const folder = join(home, 'a', 'addons');
  prepareFolder(folder);
  if (onPosix) assert.is(modeOf(folder), 0o700);
});

addons('a folder of ours that is open to others is closed', ({ home }) => {
  if (!onPosix) return;
  chmodSync(home, 0o777);
  prepareFolder(home);
  assert.is(modeOf(home), 0o700);
});

addons('a folder of somebody else is refused', ({ home }) => {
  // Only root can give a folder away.
  if (process.geteuid?.() !== 0) return;
  const folder = join(home, 'addons');
  mkdirSync(folder);
  chownSync(folder, 4242, 4242);
  failsWith('ADDON_FOLDER_UNUSABLE', 'belongs to another user', () => prepareFolder(folder));
});

addons('a folder that cannot be made is refused with the reason', ({ home }) => {
  writeFileSync(join(home, 'file'), '');
  const folder = join(home, 'file', 'addons');
  failsWith('ADDON_FOLDER_UNUSABLE', 'a file is in its way', () => prepareFolder(folder));
});

addons('a file is placed once, readable by the user alone', ({ home }) => {
  const file = placeAddon(home, addon);
  assert.equal(new Uint8Array(readFileSync(file)), bytes);
  assert.ok(basename(file).endsWith('-x.node'));
  if (onPosix) assert.is(modeOf(file), 0o600);
  const { ino } = statSync(file);
  assert.is(placeAddon(home, addon), file);
  assert.is(statSync(file).ino, ino);
  assert.equal(readdirSync(home), [basename(file)]);
});

addons('bytes that were read for it are given back', ({ home }) => {
  const passing = (): CarriedAddon => {
    const room = new Uint8Array(new ArrayBuffer(bytes.length, { maxByteLength: bytes.length }));
    room.set(bytes);
    return { ...addon, read: () => room };
  };
  const [first, again] = [passing(), passing()];
  const file = placeAddon(home, first);
  assert.equal(new Uint8Array(readFileSync(file)), bytes);
  const { ino } = statSync(file);
  placeAddon(home, again);
  assert.is(statSync(file).ino, ino);
  for (const { read } of [first, again]) assert.is(read().length, 0);
});

addons('a file of the same length with other bytes is written anew', ({ home }) => {
  const long = new Uint8Array(200_000).fill(7);
  const file = placeAddon(home, addonOf(long));
  const changed = long.slice();
  changed[199_999] = 8;
  writeFileSync(file, changed);
  placeAddon(home, addonOf(long));
  assert.equal(new Uint8Array(readFileSync(file)), long);
});

addons('another build of it gets another file', ({ home }) => {
  const first = placeAddon(home, addon);
  assert.is.not(placeAddon(home, addonOf(new Uint8Array([4]))), first);
});

addons('a changed file is written anew', ({ home }) => {
  const file = placeAddon(home, addon);
  writeFileSync(file, 'planted');
  placeAddon(home, addon);
  assert.equal(new Uint8Array(readFileSync(file)), bytes);
});

addons('a right file that others could still change is written anew', ({ home }) => {
  if (!onPosix) return;
  const file = placeAddon(home, addon);
  chmodSync(file, 0o666);
  placeAddon(home, addon);
  assert.is(modeOf(file), 0o600);
});

addons('a link to a right file elsewhere is replaced by a file', ({ home }) => {
  if (!onPosix) return;
  const file = placeAddon(home, addon);
  rmSync(file);
  writeFileSync(join(home, 'elsewhere'), bytes, { mode: 0o600 });
  symlinkSync(join(home, 'elsewhere'), file);
  placeAddon(home, addon);
  rmSync(join(home, 'elsewhere'));
  assert.equal(new Uint8Array(readFileSync(file)), bytes);
});

addons('a folder that is gone is told in one sentence', ({ home }) => {
  const gone = join(home, 'gone');
  failsWith('ADDON_NOT_WRITTEN', 'x.node cannot be written', () => placeAddon(gone, addon));
});

addons('what is no library is told in one sentence', ({ home }) => {
  const file = placeAddon(home, addon);
  failsWith('ADDON_NOT_LOADED', 'cannot be loaded from', () => openAddon(file));
});

addons.run();
