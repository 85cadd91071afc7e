// What the binary runs first: the program, part by part, with the compiled code that the build has put
// beside each. Where there is none, or the engine does not take it, the engine compiles by itself.
const { closeSync, openSync, readSync } = require('node:fs');
const { getAssetKeys, getRawAsset } = require('node:sea');
const { Script } = require('node:vm');

// Where each begins in the file of the binary, and how many bytes it has: the build puts that in
// once it is whole. What is read from the file need not stay in memory, as its pages would that Node
// has mapped.
const PLACES = {
  'usher.cjs': 'usher.cjs@000000000000+000000000000',
  'usher.compiled': 'usher.compiled@000000000000+000000000000',
  'usher-doors.cjs': 'usher-doors.cjs@000000000000+000000000000',
  'usher-doors.compiled': 'usher-doors.compiled@000000000000+000000000000',
  'usher-rest.cjs': 'usher-rest.cjs@000000000000+000000000000',
  'usher-rest.compiled': 'usher-rest.compiled@000000000000+000000000000',
  'classic-level.node': 'classic-level.node@000000000000+000000000000',
  'classic-level.node.sha256': 'classic-level.node.sha256@000000000000+000000000000',
  'koffi.node': 'koffi.node@000000000000+000000000000',
  'koffi.node.sha256': 'koffi.node.sha256@000000000000+000000000000',
  'page.json': 'page.json@000000000000+000000000000',
};
// The very file that runs, though another may have taken its place.
const OWN_FILE = process.platform === 'linux' ? '/proc/self/exe' : process.execPath;

const placeOf = (name) => (PLACES[name] ?? '').split(/[@+]/).slice(1).map(Number);

// What is read for a moment lies in a room that is given back at once: an agent that idles collects no
// garbage, and what is allocated in the usual way and freed teaches the allocator to keep as much.
// Pages of the binary cannot be given back.
const roomFor = (...names) => {
  const maxByteLength = Math.max(...names.map((name) => placeOf(name)[1] || 0));
  return new ArrayBuffer(0, { maxByteLength });
};

const fromFile = (name, room) => {
  const [start, length] = placeOf(name);
  if (!(length > 0)) return undefined;
  try {
    const file = openSync(OWN_FILE);
    room.resize(length);
    const bytes = new Uint8Array(room);
    const read = readSync(file, bytes, 0, length, start);
    closeSync(file);
    return read === length ? bytes : undefined;
  } catch {
    // Where nobody may read it, it can still run.
    return undefined;
  }
};

const bytesOf = (name, room = roomFor(name)) =>
  fromFile(name, room) ?? new Uint8Array(getRawAsset(name));

const load = (name) => {
  const [script, compiled] = [`${name}.cjs`, `${name}.compiled`];
  // The same pages serve for both.
  const room = roomFor(script, compiled);
  const text = Buffer.from(bytesOf(script, room).buffer).latin1Slice();
  const cachedData = getAssetKeys().includes(compiled) ? bytesOf(compiled, room) : undefined;
  const program = new Script(text, { filename: script, cachedData });
  room.resize(0);
  return program.runInThisContext();
};

load('usher')(
  require,
  (part) => load(`usher-${part}`),
  (name) => bytesOf(name).buffer,
);
