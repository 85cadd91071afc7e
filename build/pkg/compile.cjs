// Runs under the very Node that ships. Usage: compile.cjs STAGE PROTOCOL, with the staged files in the
// first folder and the compiled protocol in the second. Writes beside each part of the program what V8
// has compiled of it once the agent has been started thrice, has made an offer and has been stopped, and
// the list of commands has been printed.
//
// The same program must give the same bytes, on a machine that is overrun, too. So the caller fixes the
// seed of V8's hashes and leaves one thread for files; the program sees nothing of the computer that it
// is built on; nothing is compiled further than once, as V8 notes beside a function which of its compilers
// had got to it by then; and what is waited for is what has to happen, not a time. V8 also numbers functions
// as it comes upon them, and two things that happen at once come in either order: renumber.cjs sees to it.
const dgram = require('node:dgram');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const v8 = require('node:v8');
const { Script } = require('node:vm');

const [stage, protocol] = process.argv.slice(2);
const folder = fs.mkdtempSync(join(stage, 'trial-'));
/** Nothing is under way any more. */
const QUIET_MS = 300;
const LOOK_EVERY_MS = 20;
/** Not yet while the program is tried out; then as they are where it runs, by which V8 tells what it takes. */
const AS_IT_RUNS = ['--flush-bytecode', '--hash-seed=0', '--sparkplug', '--maglev', '--opt'];
const ON_TRIAL = ['--no-flush-bytecode', '--no-sparkplug', '--no-maglev', '--no-opt'];

/** What the program sees of a computer: enough to look at it as it would look at any. */
const MACHINE = {
  'proc/cpuinfo': 'vendor_id\t: GenuineIntel\nmodel name\t: Intel\nflags\t\t: fpu vme de\n',
  'proc/version': 'Linux version 6.1.0 (builder@host) (gcc 12) #1 SMP\n',
  'proc/ioports': '0000-001f : dma1\n',
  'proc/self/mountinfo': '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n',
  'proc/mounts': '/dev/sda1 / ext4 rw 0 0\n',
  'proc/bus/pci/devices': '0000\t80861237\t0\n',
  'proc/sys/kernel/osrelease': '6.1.0\n',
  'sys/bus/pci/devices/0000:00:00.0/uevent':
    'PCI_CLASS=60000\nPCI_ID=8086:1237\nPCI_SUBSYS_ID=1028:0001\n',
  'sys/bus/acpi/devices/PNP0A03:00/hid': 'PNP0A03\n',
  'sys/class/dmi/id/sys_vendor': 'Dell Inc.\n',
  'sys/class/dmi/id/product_name': 'PowerEdge R740\n',
  'sys/class/dmi/id/board_vendor': 'Dell Inc.\n',
  'sys/class/dmi/id/bios_vendor': 'Dell Inc.\n',
  'sys/block/sda/removable': '0\n',
  'sys/block/sda/device/vendor': 'ATA\n',
  'sys/block/sda/device/model': 'Disk\n',
  'sys/block/sda/device/wwid': 'naa.5000\n',
  'sys/class/net/eth0/address': '00:11:22:33:44:55\n',
  'sys/class/net/eth0/addr_assign_type': '0\n',
  'sys/class/net/eth0/device/vendor': '0x8086\n',
  'sys/devices/system/clocksource/clocksource0/current_clocksource': 'tsc\n',
  'sys/devices/system/cpu/vulnerabilities/meltdown': 'Not affected\n',
};
/** What it sees of a virtual one instead. */
const VIRTUAL = {
  'proc/cpuinfo': 'vendor_id\t: GenuineIntel\nmodel name\t: Intel\nflags\t\t: fpu hypervisor\n',
  'sys/class/dmi/id/sys_vendor': 'QEMU\n',
  'sys/class/dmi/id/product_name': 'Standard PC\n',
};
const machine = join(folder, 'machine');

const layOut = (files) => {
  for (const [path, text] of Object.entries(files)) {
    fs.mkdirSync(join(machine, path, '..'), { recursive: true });
    fs.writeFileSync(join(machine, path), text);
  }
};

/** Of everything outside the trial's own folder it sees what the machine above has. */
const apart = (path) =>
  typeof path === 'string' && path.startsWith('/') && !path.startsWith(folder)
    ? join(machine, path)
    : path;

const files = Object.fromEntries(
  Object.entries(fs).map(([name, call]) => [
    name,
    typeof call !== 'function' || /^[A-Z_]/.test(name)
      ? call
      : (path, ...rest) => call(apart(path), ...rest),
  ]),
);

const asset = (name) => new Uint8Array(fs.readFileSync(join(stage, name))).buffer;
const binary = {
  isSea: () => true,
  getRawAsset: asset,
  getAsset: (name) => fs.readFileSync(join(stage, name), 'utf8'),
  getAssetKeys: () => [],
};

const shown = { 'node:fs': files, 'node:sea': binary };
const { getBuiltinModule } = process;
process.getBuiltinModule = (name) => shown[name] ?? getBuiltinModule(name);

/** Name → the script of a part that has been run. */
const scripts = new Map();

const load = (name) => {
  if (!scripts.has(name)) {
    const text = fs.readFileSync(join(stage, `${name}.cjs`), 'latin1');
    scripts.set(name, new Script(text, { filename: `${name}.cjs` }));
  }
  return scripts.get(name).runInThisContext();
};

/** Runs the program with what process.argv says. */
const run = () =>
  load('usher')(
    (name) => shown[name] ?? require(name),
    (part) => load(`usher-${part}`),
    asset,
  );

const until = async (isSo) => {
  while (!isSo()) await sleep(LOOK_EVERY_MS);
};

/** Resolves when the program that was begun has told its exit code: nothing of it is left. */
const ended = async () => {
  await until(() => process.exitCode !== undefined);
  process.exitCode = undefined;
};

/** Runs every module of the other commands. */
const askForHelp = async () => {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  process.argv = [process.execPath, process.execPath, '--help'];
  run();
  await ended();
  process.stdout.write = write;
};

const textOf = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');

/** One start of the agent until it has made an offer, and its end. */
const tryOut = async (discover, data) => {
  const mark = join(data, 'store.mark');
  const before = textOf(mark);
  const { write } = process.stdout;
  let said = '';
  process.stdout.write = (text) => {
    said += text;
    return true;
  };
  run();
  await until(() => / UDP port \d+/.test(said) && said.includes('Console on '));
  const port = Number(/ UDP port (\d+)/.exec(said)[1]);
  // The last thing that a start does is to mark how much it has written.
  await until(() => textOf(mark) !== before);
  await sleep(QUIET_MS);
  const socket = dgram.createSocket('udp4');
  socket.send(discover, port, '127.0.0.1');
  await once(socket, 'message');
  socket.close();
  process.emit('SIGTERM');
  await ended();
  process.stdout.write = write;
};

const main = async () => {
  const { buildDiscover } = await import(join(protocol, 'packet.js'));
  const { SPOKEN } = await import(join(protocol, 'offers.js'));
  const { NONCE_SIZE } = await import(join(protocol, 'limits.js'));
  const nonce = new Uint8Array(NONCE_SIZE);
  const discover = buildDiscover({ nonce, versions: SPOKEN, product: null });
  for (const flag of ON_TRIAL) v8.setFlagsFromString(flag);
  const [loopback] = Object.entries(os.networkInterfaces()).find(([, [one]]) => one.internal);
  // An agent may be running here: ports are the system's choice.
  const serve = ['serve', '--port', '0', '--console', '0', '--interfaces', loopback, '--data'];
  for (const key of Object.keys(process.env)) if (key.startsWith('USHER_')) delete process.env[key];
  // A folder that is new, one that was used before, and both kinds of computers.
  for (const [data, files] of [
    ['real', MACHINE],
    ['real', {}],
    ['virtual', VIRTUAL],
  ]) {
    layOut(files);
    process.argv = [process.execPath, process.execPath, ...serve, join(folder, data)];
    await tryOut(discover, join(folder, data));
  }
  await askForHelp();
  for (const flag of AS_IT_RUNS) v8.setFlagsFromString(flag);
  for (const [name, script] of scripts)
    fs.writeFileSync(join(stage, `${name}.compiled`), script.createCachedData());
  fs.rmSync(folder, { recursive: true });
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
