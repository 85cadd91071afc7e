/**
 * `npm start`: the main job on this computer alone. A vendor signs, an agent serves, clients without
 * configuration find it by broadcast on the loopback network. Goes on serving until Ctrl-C.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect, type Seat, SeatError } from '../protocol/client/client.ts';
import { DEFAULT_PORT } from '../protocol/limits.ts';
import { paint, sayDetail, sayFailure, sayStep } from './demo-voice.ts';

const PRODUCT = 'demo-cad';
const SEATS = 3;
/** Seconds: short, so that a renewal can be watched. */
const TERM = 10;

const FOLDER = '.demo';
const KEY_FILE = join(FOLDER, 'vendor.key');
const LICENSE_FILE = join(FOLDER, 'license.txt');
const DATA = join(FOLDER, 'agent');
const PROGRAM = join('build', 'out', 'js', 'agent', 'main.js');

/** Runs a command of the program and returns what it printed; throws with what it complained of. */
const usher = async (...words: readonly string[]): Promise<string> => {
  const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(
      Buffer.concat([...err, ...out])
        .toString('utf8')
        .trim(),
    );
  return Buffer.concat(out).toString('utf8');
};

const loopbackName = (): string => {
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (addresses?.some(({ address }) => address === '127.0.0.1')) return name;
  }
  throw new Error('This computer has no loopback interface with the address 127.0.0.1.');
};

/** A key and a license of our own, signed here and now; those of the last run are used again. */
const makeLicense = async (): Promise<string> => {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  if (!existsSync(KEY_FILE)) await usher('vendor', 'keygen', '--out', KEY_FILE);
  if (!existsSync(LICENSE_FILE)) {
    const terms = ['--seats', String(SEATS), '--term', String(TERM), '--no-activation'];
    const hosts = ['--allow-virtual', '--allow-container', '--allow-unknown'];
    await usher(
      'vendor',
      'issue',
      '--key',
      KEY_FILE,
      '--product',
      PRODUCT,
      '--customer',
      'Demo',
      ...terms,
      ...hosts,
      '--out',
      LICENSE_FILE,
    );
    sayStep(`A vendor signs a license: ${SEATS} seats of ${PRODUCT}, a lease lasts ${TERM} s.`);
  } else sayStep(`The license of the last run is used again: ${SEATS} seats of ${PRODUCT}.`);
  const [license] = JSON.parse(await usher('vendor', 'inspect', '--json', LICENSE_FILE)) as [
    { signer: { publicKey: string } },
  ];
  return license.signer.publicKey;
};

/** Starts the agent and waits until it serves. */
const serve = async (loopback: string): Promise<ChildProcess> => {
  const args = [PROGRAM, 'serve', '--data', DATA, '--interfaces', loopback, '--name', 'demo-agent'];
  // A group of its own: Ctrl-C reaches us first, and we end in order.
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('utf8');
  });
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.startsWith('Serving')) resolve();
      sayDetail(`agent: ${line.replace(/^\S+Z /, '')}`);
    });
    child.once('exit', () => reject(new Error(complaint.trim())));
  });
  return child;
};

const addLicense = async (): Promise<void> => {
  const listed = JSON.parse(await usher('license', 'list', '--data', DATA, '--json')) as unknown[];
  if (listed.length === 0) await usher('license', 'add', LICENSE_FILE, '--data', DATA);
};

/** Resolves when the seat has been renewed once. */
const renewed = async (seat: Seat): Promise<void> => {
  const first = seat.until.getTime();
  while (seat.until.getTime() < first + 1000) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const clock = (date: Date): string => date.toTimeString().slice(0, 8);

/** Three clients, a fourth that is refused, a seat that is taken again. */
const showClients = async (vendorKey: string, loopback: string): Promise<void> => {
  const join = (application: string): Promise<Seat> =>
    connect({ vendorKey, interfaces: [loopback], application }).acquire({ product: PRODUCT });

  sayStep('A client that knows only the vendor’s public key asks the network for a seat.');
  const startedAt = performance.now();
  const first = await join('client 1');
  const took = (performance.now() - startedAt).toFixed(0);
  sayDetail(
    `client 1: found ${first.agent?.name} by broadcast, checked its license, holds ${first.id} (${took} ms)`,
  );

  sayStep('It renews its lease in the background.');
  sayDetail(`client 1: held until ${clock(first.until)}`);
  await renewed(first);
  sayDetail(`client 1: renewed, held until ${clock(first.until)}`);

  sayStep('Two more come.');
  const second = await join('client 2');
  const third = await join('client 3');
  sayDetail(`client 2: holds ${second.id}`);
  sayDetail(`client 3: holds ${third.id}`);

  sayStep('A fourth is one too many.');
  const refusal = await join('client 4').catch((error: unknown) => error);
  if (!(refusal instanceof SeatError)) throw new Error('the fourth client was not refused');
  sayDetail(`client 4: ${refusal.message}`);

  sayStep('Client 1 gives its seat back, and client 4 takes it.');
  await first.release();
  const fourth = await join('client 4');
  sayDetail(`client 4: holds ${fourth.id}`);
  await Promise.all([second, third, fourth].map((seat) => seat.release()));
};

const invite = (loopback: string): void => {
  const run = 'npm run -s usher --';
  sayStep('The agent goes on serving until Ctrl-C. Try from a second terminal:');
  for (const command of [
    `${run} discover --interfaces ${loopback}`,
    `${run} run --product ${PRODUCT} --interfaces ${loopback} -- node -e "setTimeout(() => {}, 30000)"`,
    `${run} seat list --data ${DATA}`,
    `${run} console open --data ${DATA}`,
  ]) {
    console.log(`      ${paint('bold', command)}`);
  }
  console.log('');
};

const main = async (): Promise<void> => {
  const loopback = loopbackName();
  const vendorKey = await makeLicense();
  sayStep(`An agent starts on UDP port ${DEFAULT_PORT}, on this computer only (${loopback}).`);
  const agent = await serve(loopback);
  const ended = once(agent, 'exit');
  const stop = (): void => {
    agent.kill('SIGTERM');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('exit', stop);
  try {
    await addLicense();
    await showClients(vendorKey, loopback);
    invite(loopback);
    await ended;
  } finally {
    stop();
  }
};

void main().catch((error: unknown) => {
  sayFailure(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
