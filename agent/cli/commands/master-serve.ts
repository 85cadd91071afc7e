import { once } from 'node:events';
import { isIP } from 'node:net';
import { DEFAULT_PORT } from '../../../protocol/limits.ts';
import { createSystemClock } from '../../../protocol/node/clock.ts';
import { readCertificate } from '../../admin/web/certificate.ts';
import { startMaster } from '../../start-master.ts';
import { UsherError } from '../../usher-error.ts';
import type { Arguments, Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { MASTER_DATA_FLAG, masterFolder } from '../master-access.ts';
import { KEY_FLAGS, readSigner } from '../signing-key.ts';

const LOOPBACK = '127.0.0.1';
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const masterServe: Command = {
  name: 'master serve',
  summary: "Run the vendor's master: issue, activate and keep account over HTTP",
  positionals: [],
  flags: {
    ...MASTER_DATA_FLAG,
    ...KEY_FLAGS,
    address: {
      kind: 'text',
      value: 'ADDRESS',
      summary: `where it listens; 0.0.0.0 for everywhere [default: ${LOOPBACK}]`,
    },
    port: { kind: 'text', value: 'PORT', summary: `TCP port [default: ${DEFAULT_PORT}]` },
    tls: {
      kind: 'text',
      value: 'FILE',
      summary: 'certificate and key in PEM: it speaks https then',
    },
    name: {
      kind: 'list',
      value: 'NAME',
      summary: 'a name under which browsers reach it, beside those in the certificate: a proxy’s',
    },
    'require-sign-in': {
      kind: 'switch',
      summary: 'activate only for who names an account, or license number and address of mail',
    },
    restored: {
      kind: 'switch',
      summary:
        'the folder is a backup: for 60 days agents are taken at their word, while there is room',
    },
  },
  settings: [],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const stopped = Promise.race(STOP_SIGNALS.map((signal) => once(process, signal)));
    const signer = await readSigner(args, 'activations', createSystemClock().now().wall);
    const tls = args.text('tls');
    const address = readAddress(args);
    const folder = masterFolder(invocation);
    await using master = await startMaster({
      folder,
      signer,
      address,
      port: readPort(args),
      tls: tls === undefined ? undefined : await readCertificate(tls),
      names: args.list('name'),
      needsSignIn: args.has('require-sign-in'),
      isRestored: args.has('restored'),
      say: (sentence) => terminal.out(`${new Date().toISOString()} ${sentence}\n`),
    });
    const scheme = tls === undefined ? 'http' : 'https';
    const host = address.includes(':') ? `[${address}]` : address;
    terminal.out(`Master on ${scheme}://${host}:${master.port}/, TCP; data in ${folder}.\n`);
    await stopped;
    terminal.out('Stopping; whoever is being answered still is.\n');
    return EXIT.done;
  },
};

const readPort = (args: Arguments): number => {
  const text = args.text('port') ?? String(DEFAULT_PORT);
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsherError('WRONG_USAGE', `--port is a number up to 65535, not "${text}".`);
};

const readAddress = (args: Arguments): string => {
  const text = args.text('address') ?? LOOPBACK;
  if (isIP(text) !== 0) return text;
  throw new UsherError(
    'WRONG_USAGE',
    `--address is an IP address of this computer, not "${text}".`,
  );
};
