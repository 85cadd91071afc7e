import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LastAgents } from '../../../protocol/node/last-agents.ts';

const inFolder = (run: (agents: LastAgents, file: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-last-'));
  try {
    const environment = { XDG_STATE_HOME: folder, LOCALAPPDATA: folder };
    const own = join(folder, process.platform === 'win32' ? 'Usher' : 'usher');
    mkdirSync(own);
    run(new LastAgents(environment), join(own, 'last-agents'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

test('the latest address comes first, each once, and eight at most', () => {
  inFolder((agents) => {
    assert.equal(agents.read(), []);
    for (let i = 1; i <= 10; i++) agents.note({ address: `10.0.0.${i}`, port: 24711 });
    agents.note({ address: 'fe80::1%eth0', port: 4000 });
    agents.note({ address: '10.0.0.9', port: 24711 });
    const read = agents.read();
    assert.is(read.length, 8);
    assert.equal(read.slice(0, 3), [
      { address: '10.0.0.9', port: 24711 },
      { address: 'fe80::1%eth0', port: 4000 },
      { address: '10.0.0.10', port: 24711 },
    ]);
  });
});

test('an agent of this computer is not remembered', () => {
  inFolder((agents) => {
    agents.note({ address: '127.0.0.1', port: 24711 });
    agents.note({ address: '::1', port: 24711 });
    assert.equal(agents.read(), []);
  });
});

test('lines that mean nothing spoil no others, and too large a file is none', () => {
  inFolder((agents, file) => {
    writeFileSync(file, '10.0.0.1:1\n???\n\n10.0.0.2\nhost:1\n10.0.0.3:70000\n10.0.0.4:4\n');
    assert.equal(
      agents.read().map(({ port }) => port),
      [1, 4],
    );
    writeFileSync(file, '10.0.0.1:1\n'.repeat(1000));
    assert.equal(agents.read(), []);
    agents.note({ address: '10.0.0.5', port: 5 });
    assert.is(readFileSync(file, 'utf8'), '10.0.0.5:5\n');
  });
});

test('who has no home remembers nothing', () => {
  const agents = new LastAgents({ XDG_STATE_HOME: '/dev/null/x', LOCALAPPDATA: '/dev/null/x' });
  agents.note({ address: '10.0.0.5', port: 5 });
  assert.equal(agents.read(), []);
});

test.run();
