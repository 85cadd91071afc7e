import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RotatingLog } from '../../../agent/edges/rotating-log.ts';

const inFolder = (use: (folder: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-log-'));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

test('files are put aside when full, the oldest goes, and no line is cut', () => {
  inFolder((folder) => {
    const path = join(folder, 'logs', 'usher.log');
    const log = new RotatingLog(path, { bytesMax: 100, formerMax: 2 });
    for (let n = 0; n < 50; n++) log.write(`line ${n} of the log`);
    const names = readdirSync(join(folder, 'logs')).sort();
    assert.equal(names, ['usher.log', 'usher.log.1', 'usher.log.2']);
    const text = ['.2', '.1', ''].map((end) => readFileSync(`${path}${end}`, 'utf8')).join('');
    const lines = text.trimEnd().split('\n');
    assert.is(lines.at(-1), 'line 49 of the log');
    assert.equal(
      lines,
      lines.map((_, i) => `line ${50 - lines.length + i} of the log`),
    );
    for (const name of names) assert.ok(statSync(join(folder, 'logs', name)).size <= 100);
  });
});

test('a log goes on where the last process ended', () => {
  inFolder((folder) => {
    const path = join(folder, 'usher.log');
    writeFileSync(path, `${'x'.repeat(95)}\n`);
    new RotatingLog(path, { bytesMax: 100, formerMax: 1 }).write('the next');
    assert.is(readFileSync(path, 'utf8'), 'the next\n');
    assert.is(statSync(`${path}.1`).size, 96);
  });
});

test('where nothing can be written, nothing breaks, and writing goes on when it can', () => {
  inFolder((folder) => {
    writeFileSync(join(folder, 'logs'), 'in the way');
    const log = new RotatingLog(join(folder, 'logs', 'usher.log'));
    log.write('lost');
    rmSync(join(folder, 'logs'));
    log.write('kept');
    assert.is(readFileSync(join(folder, 'logs', 'usher.log'), 'utf8'), 'kept\n');
  });
});

test('a file that is old is put aside though it is not full, and what is too old goes', () => {
  inFolder((folder) => {
    const path = join(folder, 'usher.log');
    let now = Date.now();
    const bounds = { bytesMax: 1000, formerMax: 3, daysMax: 7, formerDaysMax: 20 };
    const log = new RotatingLog(path, bounds, () => now);
    log.write('first');
    now += 6 * 86_400_000;
    log.write('second');
    assert.equal(readdirSync(folder), ['usher.log']);
    now += 2 * 86_400_000;
    log.write('third');
    assert.is(readFileSync(path, 'utf8'), 'third\n');
    assert.is(readFileSync(`${path}.1`, 'utf8'), 'first\nsecond\n');
    now += 30 * 86_400_000;
    log.write('fourth');
    assert.equal(readdirSync(folder), ['usher.log'], 'both others are older than 20 days');
  });
});

test.run();
