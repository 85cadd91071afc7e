/**
 * The image for sites that insist, built as its file says but on a Debian made here, and an agent in
 * it: it serves, and a license that refuses containers lends nothing. Run by .ci/run.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bareDebian } from '../../scripts/build/bare-debian.ts';
import { host } from './debian-root.ts';

const BUILT = join(process.cwd(), 'build', 'out');
const BINARY = join(BUILT, 'usher-linux-x64');
const IMAGE = join(process.cwd(), 'build', 'container', 'Containerfile');

/** Serves while it is looked at. Needs no more of the host than the image's own building. */
const TRIAL = `FROM localhost/usher
RUN usher serve --data /var/lib/usher --interfaces lo --port 0 >/tmp/said 2>&1 & \\
 for i in $(seq 100); do grep -q ^Serving /tmp/said && break; sleep 0.1; done; cat /tmp/said; \\
 echo "user $(id -un)"; \\
 for name in refusing allowing; do usher license add --data /var/lib/usher /work/$name.txt; done; \\
 usher license list --data /var/lib/usher; kill $!; wait $!; echo "ended $?"
`;

/** An image store of its own. */
class Store implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'usher-container-'));

  podman(...words: readonly string[]): string {
    const own = ['--root', 'images', '--runroot', 'run'].map((word) =>
      word.startsWith('--') ? word : join(this.folder, word),
    );
    return host('podman', ...own, '--storage-driver', 'vfs', ...words);
  }

  build(file: string, context: string, ...words: readonly string[]): string {
    // One layer: the plain store copies everything for each.
    const how = ['--isolation', 'chroot', '--layers=false', ...words];
    return this.podman('build', ...how, '-f', file, context);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const images = suite('the container image');

images('is built and serves; a license that refuses containers lends nothing', () => {
  using store = new Store();
  const base = join(store.folder, 'base.tar');
  host('tar', '-C', bareDebian(), '-cf', base, '.');
  store.podman('import', base, 'localhost/debian');
  rmSync(base);
  store.build(IMAGE, BUILT, '--build-arg', 'BASE=localhost/debian', '-t', 'usher');

  const work = join(store.folder, 'work');
  mkdirSync(work);
  const key = join(work, 'vendor.key');
  host(BINARY, 'vendor', 'keygen', '--out', key);
  const terms = ['--product', 'acme', '--customer', 'ACME', '--seats', '1', '--no-activation'];
  const hosts = ['--allow-virtual', '--allow-unknown'];
  for (const [name, more] of [
    ['refusing', []],
    ['allowing', ['--allow-container']],
  ] as const) {
    const out = ['--out', join(work, `${name}.txt`)];
    host(BINARY, 'vendor', 'issue', '--key', key, ...terms, ...hosts, ...more, ...out);
  }
  const trial = join(store.folder, 'Containerfile');
  writeFileSync(trial, TRIAL);
  const said = store.build(trial, work, '--network', 'host', '-v', `${work}:/work:ro`);
  assert.match(said, /^user usher$/m);
  assert.match(said, /^License \S+ lends nothing: this host is judged container\./m);
  assert.match(said, /^\S+ +acme +ACME +active /m);
  assert.match(said, /^ended 0$/m);
});

const has = spawnSync('which', ['podman']).status === 0;
if (process.getuid?.() === 0 && has && existsSync(BINARY)) images.run();
else console.log('No container image was built: it takes root, podman and the binary.');
