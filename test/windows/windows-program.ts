/** What the tests under Wine have in common: the packaged program, a Wine, and a client outside. */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { PROGRAM, Running } from '../stories/program.ts';
import { LOOPBACK } from '../stories/site.ts';
import type { Vendor } from '../stories/vendor.ts';
import { openWineRoot, Wine, type WineRun } from './wine.ts';

export const WINDOWS_PROGRAM = join(process.cwd(), 'build', 'out', 'usher-win-x64.exe');

/** The root with Wine in it, when there are both that and `file`; else says why not. */
export const openWineFor = (file = WINDOWS_PROGRAM): string | undefined => {
  if (!existsSync(file)) return void console.log(`Not run under Wine: there is no ${file}.`);
  try {
    return openWineRoot();
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    return void console.log(`Not run under Wine: ${why}.`);
  }
};

/** A Windows with the packaged program in its folder, as somebody has downloaded it. */
export const openWine = (root: string, file = WINDOWS_PROGRAM, name = 'usher.exe'): Wine => {
  const wine = new Wine(root);
  copyFileSync(file, join(wine.folder, name));
  return wine;
};

/** A run that must succeed; returns what it printed. */
export const succeed = ({ status, out, err }: WineRun): string => {
  assert.is(status, 0, `${out}${err}`);
  return out;
};

export const SETTINGS = 'ProgramData/Usher/usher.conf';

/** Sets the agent, installed or to be, to loopback and a port that the system has free; returns the port. */
export const settle = async (wine: Wine): Promise<number> => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  mkdirSync(dirname(wine.onDriveC(SETTINGS)), { recursive: true });
  writeFileSync(wine.onDriveC(SETTINGS), `port = ${port}\ninterfaces = ${LOOPBACK}\n`);
  return port;
};

export const addLicense = (wine: Wine, vendor: Vendor): void => {
  writeFileSync(join(wine.folder, 'acme.license'), vendor.issue());
  succeed(wine.run('usher.exe', 'license', 'add', 'acme.license'));
};

/** Somebody on Linux works with the product until the command's input ends. */
export const workOutside = async (wine: Wine, port: number): Promise<Running> => {
  const [program, ...words] = PROGRAM;
  const command = ['run', '--product', 'acme-cad', '--', 'sh', '-c', 'echo at work; cat'];
  const worker = new Running([program, ...words, ...command], {
    cwd: wine.folder,
    env: {
      PATH: process.env['PATH'],
      HOME: wine.folder,
      USHER_INTERFACES: LOOPBACK,
      USHER_PORT: String(port),
    },
  });
  await worker.saying(/at work/);
  return worker;
};

export const seatIds = (wine: Wine): readonly string[] => {
  const seats = JSON.parse(succeed(wine.run('usher.exe', 'seat', 'list', '--json'))) as readonly {
    readonly id: string;
  }[];
  return seats.map(({ id }) => id);
};

/** What the service has logged, to be shown when a test fails. */
const logOf = (wine: Wine): string => {
  const file = wine.onDriveC('ProgramData/Usher/logs/usher.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : 'There is no log of the service.';
};

/** Does `act`; when that fails, the service's log says why. */
export const withLog = async (wine: Wine, act: () => Promise<void>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    console.log(logOf(wine));
    throw error;
  }
};
