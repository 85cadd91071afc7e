/** Kept inputs break no promise, and the fuzzer finds what it should. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCorpus } from './corpus.ts';
import { type Found, Fuzzer } from './fuzzer.ts';
import { COUNTERS_NAME, instrument } from './instrument.ts';
import { promise, type Target, toBytes, toText } from './target.ts';
import { TARGETS } from './targets/targets.ts';

for (const { name, seeds, run } of TARGETS) {
  test(`${name}: the kept inputs break no promise`, () => {
    const kept = readCorpus(name);
    assert.ok(kept.length > 0, 'a corpus is kept');
    for (const input of [...seeds(), ...kept]) run(input);
  });
}

/** Steps behind each other that nobody finds by chance alone: each is one more place in the code. */
const PLANTED = `
export const walk = (text) => {
  let depth = 0;
  if (text[0] === 'u') { depth = 1;
    if (text[1] === 's') { depth = 2;
      if (text[2] === 'h') depth = text[3] === 'e' && text[4] === 'r' ? 5 : 3; } }
  const label = (() => depth > 4 || false)() ? 'deep' : 'plain';
  switch (label) { case 'deep': return 9; default: return depth; }
};`;

/** Compiles the planted module with counters, or without. */
const plant = async (counters: boolean): Promise<(text: string) => number> => {
  const { source } = instrument(PLANTED, 0);
  const url = `data:text/javascript,${encodeURIComponent(counters ? source : PLANTED)}`;
  return ((await import(url)) as { walk: (text: string) => number }).walk;
};

const hunt = async (isLed: boolean): Promise<Found | undefined> => {
  const walk = await plant(isLed);
  const places = isLed ? (Reflect.get(globalThis, COUNTERS_NAME) as Uint8Array) : undefined;
  const target: Target = {
    name: 'planted',
    shape: 'bytes',
    most: 16,
    seeds: () => [new Uint8Array(8)],
    run: (bytes) => promise(walk(toText(bytes)) < 9, 'never that deep'),
  };
  // Inputs are counted, not seconds: the same are tried on every machine.
  let runs = 0;
  const before = (): void => {
    runs++;
  };
  const now = (): number => runs;
  return new Fuzzer({ target, seed: 1, corpus: [], places, now, before }).run(200_000);
};

test('an instrumented module does what it did before', async () => {
  const [counted, plain] = [await plant(true), await plant(false)];
  for (const text of ['', 'u', 'us', 'ush', 'ushe', 'usher', 'x']) {
    assert.is(counted(text), plain(text), text);
  }
});

test('coverage leads the fuzzer to a broken promise that chance does not find', async () => {
  const found = await hunt(true);
  assert.ok(found);
  assert.match(toText(found?.input ?? new Uint8Array()), /^usher/);
  assert.is(await hunt(false), undefined);
});

test('what another fuzzer found is kept where it goes a new way', async () => {
  const walk = await plant(true);
  const target: Target = {
    name: 'planted',
    shape: 'bytes',
    most: 16,
    seeds: () => [toBytes('x')],
    run: (bytes) => void walk(toText(bytes)),
  };
  const places = Reflect.get(globalThis, COUNTERS_NAME) as Uint8Array;
  const offered = ['y', 'us', 'usher', 'us'].map(toBytes);
  const fuzzer = new Fuzzer({ target, seed: 1, corpus: [], offered, places, now: () => 1 });
  assert.is(fuzzer.run(0), undefined);
  assert.equal(fuzzer.gained.map(toText), ['us', 'usher']);
});

test('npm run fuzz counts its targets, and names them to who asks for another', () => {
  const script = join('build', 'out', 'js', 'scripts', 'fuzz.js');
  const fuzz = (...args: readonly string[]) =>
    spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  const done = fuzz('--target', 'packet', '--seconds', '1');
  assert.is(done.status, 0, done.stderr);
  assert.match(done.stdout, /packet: [1-9]\d* inputs .* [1-9]\d* places.*\n1 passed, 0 failed\n$/s);
  const other = fuzz('--target', 'nothing');
  assert.is(other.status, 2);
  assert.match(other.stderr, /^Targets: packet, /);
});

test.run();
