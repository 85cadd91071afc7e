import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LogReader } from '../../../agent/edges/log-reader.ts';
import { RotatingLog } from '../../../agent/edges/rotating-log.ts';

const logs = suite<{ folder: string; path: string }>('reading a log');

logs.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'usher-log-'));
  context.path = join(context.folder, 'usher.log');
});
logs.after.each(({ folder }) => rm(folder, { recursive: true }));

logs(
  'the newest lines, from the file before as well; none where there is no log',
  async ({ path }) => {
    const reader = new LogReader(path);
    assert.equal(await reader.newest(3), []);
    assert.not(await reader.exists());
    await writeFile(`${path}.1`, 'one\ntwo\n');
    await writeFile(path, 'three\nfour\n');
    assert.ok(await reader.exists());
    assert.equal(await reader.newest(3), ['two', 'three', 'four']);
    await writeFile(`${path}.10`, 'eldest\n');
    await writeFile(`${path}.9`, 'elder\n');
    await writeFile(`${path}.gz`, 'no log\n');
    assert.equal(await reader.newest(9), ['eldest', 'elder', 'one', 'two', 'three', 'four']);
  },
);

logs('one that cannot be read gets a sentence', async ({ folder }) => {
  const refused = await new LogReader(folder).newest(1).catch((error) => error);
  assert.is(refused.code, 'FILE_UNREADABLE');
});

logs(
  'lines are followed as they come, whole and in order, while files are put aside',
  async ({ path }) => {
    await writeFile(path, 'before\n');
    const stop = new AbortController();
    const told: string[] = [];
    const expected = [
      'before',
      ...Array.from({ length: 40 }, (_, i) => `line ${i}`),
      'in two halves',
    ];
    const log = new RotatingLog(path, { bytesMax: 100, formerMax: 3 });
    let at = 0;
    const reader = new LogReader(path);
    told.push(...(await reader.newest(10)));
    log.write('line 0');
    at = 1;
    for await (const line of reader.added(stop.signal)) {
      told.push(line);
      if (told.length === expected.length) stop.abort();
      // As many as one look may bring before the next file: the rest waits for it.
      if (told.length === at + 1 && at < 40) {
        for (const end = Math.min(at + 8, 40); at < end; at++) log.write(`line ${at}`);
      }
      if (told.length === 41) {
        void appendFile(path, 'in two ').then(() => setTimeout(() => log.write('halves'), 600));
      }
    }
    assert.equal(told, expected);
  },
);

logs.run();
