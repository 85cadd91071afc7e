/** Real broadcasts between hosts of our own. Run by .ci/run; needs root and network namespaces. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canMakeHosts, Lan } from './hosts.ts';

const program = (): readonly string[] => {
  const binary = process.env['USHER_STORY_PROGRAM'];
  return binary === undefined
    ? [process.execPath, join(process.cwd(), 'build/out/js/agent/main.js')]
    : [binary];
};

if (!canMakeHosts()) {
  console.log('No network namespaces here (they need root): the LAN tests are left out.');
} else {
  test('I13 P10: found by broadcast from another host, with every setting at its default', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'usher-lan-'));
    using lan = new Lan(3);
    try {
      const usher = program();
      const data = join(folder, 'data');
      const license = join(folder, 'license.txt');
      const key = join(folder, 'vendor.key');
      const on = (host: number, ...words: readonly string[]) =>
        lan.run(host, ['env', `XDG_STATE_HOME=${folder}/host${host}`, ...usher, ...words]);
      assert.is(on(1, 'vendor', 'keygen', '--out', key).status, 0);
      const hosts = ['--allow-virtual', '--allow-container', '--allow-unknown'];
      const terms = ['--product', 'acme', '--customer', 'ACME', '--seats', '1', '--no-activation'];
      assert.is(
        on(1, 'vendor', 'issue', '--key', key, ...terms, ...hosts, '--out', license).status,
        0,
      );
      await lan.start(1, [...usher, 'serve', '--data', data], /^Serving/);
      assert.is(on(1, 'license', 'add', license, '--data', data).status, 0);

      const found = JSON.parse(on(2, 'discover', '--json').out) as { address: string }[];
      assert.equal(
        found.map((agent) => agent.address),
        ['10.77.0.1'],
      );

      await lan.start(
        2,
        [
          'env',
          `XDG_STATE_HOME=${folder}/host2`,
          ...usher,
          'run',
          '--product',
          'acme',
          '--',
          'sh',
          '-c',
          'echo holding; exec sleep 60',
        ],
        /^holding/,
      );
      const refused = on(3, 'run', '--product', 'acme', '--', 'true');
      assert.is(refused.status, 1);
      assert.match(refused.err, /All seats are in use/);
      const seats = JSON.parse(on(1, 'seat', 'list', '--data', data, '--json').out) as {
        address: string;
      }[];
      assert.equal(
        seats.map((seat) => seat.address),
        ['10.77.0.2'],
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

test.run();
