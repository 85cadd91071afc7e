// Makes a fresh clone ready: installs what package-lock.json names, then compiles. Plain JavaScript,
// because nothing else can run before it. Does nothing slow when nothing has changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = join(root, 'node_modules', '.usher-installed');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`Usher needs Node 20.12 or newer; this is ${process.version}.`);
  process.exit(1);
}

const run = (what, command, args) => {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (done.status === 0) return;
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
  console.error(`${what} failed: ${command} ${args.join(' ')}`);
  process.exit(done.status ?? 1);
};

const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
if (installed !== wanted) {
  console.error('Installing the packages named in package-lock.json …');
  // Not `npm ci`: it refuses a lock file whose optional packages for other systems a registry lacks.
  run('Installing', 'npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']);
  writeFileSync(stampFile, wanted);
}
run('Compiling', process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')]);

// The compiler leaves the output of files that are gone: a removed test would go on running.
const output = join(root, 'build', 'out', 'js');
const types = join(root, 'build', 'out', 'types');
for (const [folder, end] of [
  [output, '.js'],
  [types, '.d.ts'],
]) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || !file.endsWith(end)) continue;
    const source = `${join(root, file.slice(folder.length, -end.length))}.ts`;
    if (!existsSync(source)) rmSync(file);
  }
}

run('Making the console', process.execPath, [join(output, 'scripts', 'page.js')]);
