/** What stands before the text of each part of the program: how it gets at Node, and at the others. */

import { LATE, type Part } from './parts.ts';

/**
 * Parts of Node that most commands never need, and the start of the agent only late: they are loaded
 * when something of them is first used. Above all `tls` and what loads it: with it Node takes in every
 * authority's certificate, 2 MB for as long as the agent runs.
 */
const LATE_MODULES = [
  ...[
    'child_process',
    'cluster',
    'dgram',
    'dns/promises',
    'fs/promises',
    'http',
    'https',
    'module',
    'net',
  ],
  ...['readline', 'sea', 'stream/promises', 'timers/promises', 'tls', 'util', 'v8', 'vm'],
  'zlib',
];

/**
 * The same, for what a running agent calls all the time: what was used of it is found at once from then
 * on. The store is opened before any of it is needed, and while the disk works it can be loaded.
 */
const LATE_AND_QUICK = ['crypto'];

/**
 * Calls of `fs/promises` that are made of the same calls of `fs`: that part of Node has been loaded by
 * Node itself, and the other, with readline and all, takes four milliseconds of a start.
 */
const PROMISED = [
  ...['access', 'chmod', 'chown', 'copyFile', 'link', 'mkdir', 'readFile', 'readdir', 'readlink'],
  ...['rename', 'rm', 'rmdir', 'stat', 'unlink', 'writeFile'],
];

/** The first part is a function that is given `require`, and what loads the other parts. */
export const startHead = (
  homes: Readonly<Record<string, Part>>,
): string => `(function (nodeRequire, loadPart, assetOf) {
const module = { exports: {} };
const lateModules = ${JSON.stringify(LATE_MODULES)};
const quickModules = ${JSON.stringify(LATE_AND_QUICK)};
// Until the first offer nobody waits for anything else, and handing a call to a thread costs more.
let isStarting = true;
const promised = {};
for (const name of ${JSON.stringify(PROMISED)}) promised[name] = (...args) =>
  isStarting
    // Not sooner than somebody hears of a failure: Node would look for whom it was left to.
    ? Promise.resolve().then(() => nodeRequire('node:fs')[name + 'Sync'](...args))
    : new Promise((resolve, reject) =>
        nodeRequire('node:fs')[name](...args, (error, found) => error ? reject(error) : resolve(found)));
// Read from the file, and not through pages of the binary that stay in memory.
const assets = {
  getRawAsset: assetOf,
  getAsset: (name, encoding) => Buffer.from(assetOf(name)).toString(encoding),
};
const lateModule = (name) => {
  const own = { 'fs/promises': promised, sea: assets }[name] ?? {};
  let found;
  const late = () => found ??= process.getBuiltinModule('node:' + name);
  return new Proxy(own, {
    get: (_, key) => own[key] ?? late()[key],
    // For who takes all of it: import() does.
    ownKeys: () => Reflect.ownKeys(late()),
    getOwnPropertyDescriptor: (_, key) =>
      ({ ...Reflect.getOwnPropertyDescriptor(late(), key), configurable: true }),
  });
};
const quickModule = (name) => Object.create(new Proxy({}, {
  get: (_, key, found) => {
    const value = process.getBuiltinModule('node:' + name)[key];
    Object.defineProperty(found, key, { value });
    return value;
  },
}));
const require = (name) => {
  if (name.startsWith(${JSON.stringify(LATE)})) return usherShare(name.slice(${LATE.length}));
  const plain = name.replace('node:', '');
  if (quickModules.includes(plain)) return quickModule(plain);
  return lateModules.includes(plain) ? lateModule(plain) : nodeRequire(name);
};
const homes = ${JSON.stringify(homes)};
const parts = { get start() { return module.exports; } };
const shares = {};
const usherShare = (file) => {
  const home = homes[file];
  if (home !== 'start') isStarting = false;
  parts[home] ??= loadPart(home)(require, usherPick, usherModule);
  return shares[file] ??= parts[home].share(file);
};
const usherPick = (file, name) => usherShare(file)[name];
const usherModule = {
  get url() { return require('node:url').pathToFileURL(process.execPath).href; },
};`;

/** The others are given it. */
export const PART_HEAD = `(function (require, usherPick, usherModule) {
const module = { exports: {} };`;
