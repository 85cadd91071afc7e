/** What is of a site is for its members alone: nobody else waits for it, or keeps it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const modules = suite('modules of a site');

const here = import.meta.dirname;
const PROGRAM = join(here, '../../agent/main.js');
const RECORDER = join(here, 'record-modules.js');

/** The modules that the program has when it serves, from `agent/` on, and those of Node's own. */
const modulesOf = async (...flags: readonly string[]): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-modules-'));
  const record = join(folder, 'modules');
  const words = ['serve', '--data', join(folder, 'data'), '--port', '0', '--console', 'off'];
  const child = spawn(process.execPath, ['--import', RECORDER, PROGRAM, ...words, ...flags], {
    env: { ...process.env, LOADED_MODULES: record },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('Serving')) break;
    }
    return (await readFile(record, 'utf8')).split('\n').map((url) => url.replace(/^.*\/js\//, ''));
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(folder, { recursive: true });
  }
};

const isOfSite = (url: string): boolean =>
  /^agent\/(site-desk|open-register|rules-of-site|edges\/site\/|core\/(site|charter)\/|core\/rules\/site-rules)/.test(
    url,
  );

modules('without the setting nothing is loaded that is of a site', async () => {
  const alone = await modulesOf();
  assert.ok(alone.includes('agent/agent-engine.js'), 'the record is one');
  assert.equal(alone.filter(isOfSite), []);
  const member = await modulesOf('--site', 'http://127.0.0.1:9');
  assert.ok(member.includes('agent/edges/site/etcd-register.js'));
  const more = member.filter((url) => !alone.includes(url) && !isOfSite(url));
  assert.equal(
    more.filter((url) => url.startsWith('agent/')),
    [],
    'all that a member has more is known to this test',
  );
});

modules.run();
