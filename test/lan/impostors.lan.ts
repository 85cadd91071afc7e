/** Agents that are not what they seem, slow visitors of the console; and clients that want a seat. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canMakeHosts } from './hosts.ts';
import { LanSite } from './site.ts';

const script = (name: string): string => join('build', 'out', 'js', 'test', 'lan', `${name}.js`);

/** Runs an application that believes this vendor alone. */
const run = (site: LanSite, host: number, vendorKey: string) =>
  site.on(host, 'run', '--product', 'acme', '--vendor-key', vendorKey, '--', 'echo', 'working');

/** Opens connections to the console and says a byte a second on each; prints how many were ended. */
const SLOW = `
const { connect } = require('net');
let open = 0, ended = 0;
for (let i = 0; i < 300; i++) {
  const socket = connect(24711, '127.0.0.1', () => open++);
  const words = 'GET / HTTP/1.1\\r\\nhost: localhost:24711\\r\\nx-slow: ' + 'a'.repeat(1000);
  let at = 0;
  const timer = setInterval(() => socket.write(words[at++ % words.length]), 1000);
  socket.on('error', () => {});
  socket.on('close', () => { clearInterval(timer); ended++; if (ended === 300) done(); });
}
setTimeout(() => console.log('slow'), 1500);
const done = () => { console.log('all ended'); process.exit(0); };
setTimeout(() => { console.log('left: ' + (300 - ended)); process.exit(0); }, 60000).unref();
`;

if (!canMakeHosts()) {
  console.log('No network namespaces here (they need root): no impostors.');
} else {
  test('a forger who answers first delays nobody beyond the search, and deceives nobody', async () => {
    using site = new LanSite(3);
    await site.serve(1, 'data');
    site.license(1, 'data', 'acme', 5);
    await site.lan.start(3, [process.execPath, script('forger-process'), '10.77.0.1'], /^forging/);
    const holder = await site.work(2, 'acme');
    assert.is(holder.exitCode, null);
    assert.equal(site.seats(1, 'data'), ['10.77.0.2']);
  });

  test('an agent with a genuine license of another vendor lends nothing to who trusts one', async () => {
    using site = new LanSite(3);
    await site.serve(1, 'data');
    site.license(1, 'data', 'acme');
    const trusted = site.vendorKey('acme');
    await site.serve(3, 'other');
    site.foreignLicense(3, 'other', 'acme', 50);
    for (let i = 0; i < 3; i++) {
      const { status, out, err } = run(site, 2, trusted);
      assert.is(status, 0, err);
      assert.match(out, /working/);
    }
    await site.work(2, 'acme', '--vendor-key', trusted);
    const refused = run(site, 2, trusted);
    assert.is(refused.status, 1, 'the one seat is taken, and the fifty are none');
    assert.not.match(refused.out, /working/);
  });

  test('slow visitors of the console are sent away, and keep out nobody at the command line', async () => {
    using site = new LanSite(2);
    const agent = await site.serve(1, 'data');
    site.license(1, 'data', 'acme', 5);
    const memory = (): number =>
      Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${agent.pid}/status`, 'utf8'))?.[1]);
    const before = memory();
    const ended: string[] = [];
    const slow = await site.lan.start(1, [process.execPath, '-e', SLOW], /^slow/, (line) =>
      ended.push(line),
    );
    assert.is(site.on(1, 'status', '--data', site.data('data')).status, 0);
    assert.is(site.on(2, 'run', '--product', 'acme', '--', 'true').status, 0);
    if (slow.exitCode === null) await new Promise((resolve) => slow.once('close', resolve));
    assert.equal(ended.at(-1), 'all ended');
    assert.ok(memory() - before < 65_536, `${memory() - before} KiB more`);
  });
}

test.run();
