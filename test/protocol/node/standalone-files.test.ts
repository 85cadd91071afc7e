import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClockMemory, readLicenseFile } from '../../../protocol/node/standalone-files.ts';
import { epochSeconds } from '../../../protocol/units.ts';
import { fakeTree } from '../../agent/edges/host-facts/fake-tree.ts';

const HOUR = 3600;
const NOW = 1_800_000_000;
const at = (offset: number) => epochSeconds(NOW + offset);

const files = suite('standalone files');

files('the latest time is remembered, and never an earlier one', () => {
  using tree = fakeTree({ 'state/': '' });
  const memory = new ClockMemory({ XDG_STATE_HOME: join(tree.root, 'state') });
  assert.equal(memory.read(), { seen: 0, trials: {} });
  memory.note(at(0));
  assert.is(memory.read().seen, NOW);
  memory.note(at(-HOUR * 9));
  assert.is(memory.read().seen, NOW);
  assert.is(statSync(memory.file ?? '').mode & 0o777, 0o600);
});

files('it is written at most once an hour, a trial’s first use at once and once', () => {
  using tree = fakeTree({ 'state/': '' });
  const memory = new ClockMemory({ XDG_STATE_HOME: join(tree.root, 'state') });
  memory.note(at(0));
  memory.note(at(HOUR - 1));
  assert.is(memory.read().seen, NOW);
  memory.note(at(HOUR));
  assert.is(memory.read().seen, NOW + HOUR);
  memory.note(at(HOUR + 1), 'one');
  memory.note(at(HOUR + 2), 'one');
  assert.equal(memory.read(), { seen: NOW + HOUR + 1, trials: { one: NOW + HOUR + 1 } });
});

files('what cannot be read or written is no obstacle', () => {
  using tree = fakeTree({ 'state/usher/standalone.json': '{"seen": "x", "trials": [1, -1, {}]' });
  const memory = new ClockMemory({ XDG_STATE_HOME: join(tree.root, 'state') });
  assert.equal(memory.read(), { seen: 0, trials: {} });
  writeFileSync(memory.file ?? '', '{"seen": -5, "trials": {"a": 1.5, "b": 7}}');
  assert.equal(memory.read(), { seen: 0, trials: { b: 7 } });
  const nowhere = new ClockMemory({
    XDG_STATE_HOME: join(tree.root, 'state/usher/standalone.json'),
  });
  nowhere.note(at(0));
  assert.is(nowhere.read().seen, 0);
  assert.ok(readFileSync(memory.file ?? '', 'utf8').includes('-5'));
});

files('a license file is text or binary, and bounded', () => {
  using tree = fakeTree({
    'big.txt': 'x'.repeat(1_048_577),
    'prose.txt': 'Dear customer',
    'f/': '',
  });
  const read = (name: string) => readLicenseFile(join(tree.root, name));
  writeFileSync(join(tree.root, 'l.bin'), Uint8Array.of(0x95, 1, 2));
  assert.equal(read('l.bin'), {
    ok: true,
    value: [{ ok: true, value: Uint8Array.of(0x95, 1, 2) }],
  });
  assert.equal(read('prose.txt'), { ok: true, value: [] });
  assert.equal(read('big.txt'), { ok: false, error: 'it is too large' });
  assert.equal(read('none.txt'), { ok: false, error: 'there is no such file' });
  assert.not.ok(read('f').ok);
});

files.run();
