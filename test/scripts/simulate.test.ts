import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const script = fileURLToPath(new URL('../../scripts/simulate.js', import.meta.url));

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

const simulate = suite('simulate: command');

simulate('says what it ran and how fast', () => {
  const { status, stdout, stderr } = run('--seeds', '2', '--from', '5', '--repeat', '2');
  assert.is(status, 0);
  assert.match(stdout, /^Seeds 5 to 6: every promise kept, each run once without clock or chance,/);
  assert.match(stdout, /1 of 2 twice with equal digests\./);
  assert.not.match(stderr, /a second/, 'no progress where nobody watches');
});

simulate('says the same to programs in one line of JSON', () => {
  const { status, stdout } = run('--seeds', '1', '--once', '--json');
  assert.is(status, 0);
  const result = JSON.parse(stdout) as { readonly failure: unknown; readonly seeds: number };
  assert.is(result.failure, null);
  assert.is(result.seeds, 1);
});

simulate('a wrong option gets the usage', () => {
  for (const args of [
    ['--seed', '1'],
    ['--seeds', 'many'],
    ['--seeds', '0'],
    ['--from', '-1'],
    ['--repeat', '0'],
  ]) {
    const { status, stderr } = run(...args);
    assert.is(status, 2, args.join(' '));
    assert.match(stderr, /^Usage: npm run simulate/);
  }
});

simulate.run();
