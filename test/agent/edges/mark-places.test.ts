import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type HostMark,
  joinMarks,
  marksToBytes,
  readMarks,
} from '../../../agent/core/host/host-mark.ts';
import { MarkPlaces } from '../../../agent/edges/mark-places.ts';
import { licenseId } from '../../../protocol/ids.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../../protocol/units.ts';

const mark = (i: number, floor: number, emergency: number | null): HostMark => ({
  license: licenseId(new Uint8Array(16).fill(i)),
  floor,
  emergency: emergency === null ? null : epochSeconds(emergency),
});

const anyMark = fc
  .tuple(fc.nat(200), fc.nat(0xffff_ffff), fc.option(fc.integer({ min: 1, max: 0xffff_ffff })))
  .map(([i, floor, emergency]) => mark(i, floor, emergency));

test('marks read back as they were written; what was changed says nothing', () => {
  fc.assert(
    fc.property(fc.array(anyMark, { maxLength: 20 }), fc.nat(), (many, at) => {
      const marks = joinMarks(many);
      const bytes = marksToBytes(marks, nativePrimitives);
      assert.equal(readMarks(bytes, nativePrimitives), marks);
      const changed = bytes.slice();
      const place = at % changed.length;
      changed[place] = (changed[place] ?? 0) ^ 1;
      assert.is(readMarks(changed, nativePrimitives), undefined);
    }),
  );
});

test('of two marks of a license what says most counts', () => {
  const joined = joinMarks([mark(1, 5, null)], [mark(1, 3, 70), mark(2, 0, 9)], [mark(1, 1, 60)]);
  assert.equal(joined, [mark(1, 5, 70), mark(2, 0, 9)]);
});

test('one place that is left is enough, and the next keeping fills the others again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-marks-'));
  try {
    const files = ['one/marks', 'two/marks', 'three'].map((name) => join(folder, name));
    const [first = '', second = '', third = ''] = files;
    assert.is(await new MarkPlaces(files).keep([mark(1, 2, 3)]), true);
    await rm(first);
    await writeFile(second, 'damaged');
    const places = new MarkPlaces(files);
    assert.equal(await places.read(), [mark(1, 2, 3)]);
    await places.keep([mark(2, 1, null)]);
    const all = [mark(1, 2, 3), mark(2, 1, null)];
    for (const file of [first, second, third]) {
      assert.equal(readMarks(new Uint8Array(await readFile(file)), nativePrimitives), all);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('where nothing can be kept, that is said', async () => {
  const places = new MarkPlaces(['/proc/usher-marks/marks']);
  assert.is(await places.keep([mark(1, 2, 3)]), false);
  assert.equal(await places.read(), []);
});

test.run();
