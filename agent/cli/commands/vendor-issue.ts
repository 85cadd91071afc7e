import { armor } from '../../../protocol/armor.ts';
import type { ContainerRule } from '../../../protocol/license.ts';
import { LICENSE_ID_SIZE } from '../../../protocol/limits.ts';
import { createSystemClock } from '../../../protocol/node/clock.ts';
import { systemEntropy } from '../../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import type { KeyPair } from '../../../protocol/primitives.ts';
import { signLicense } from '../../../protocol/signed-license.ts';
import { bytesToText, readFileBytes, writeNewFile } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import { licenseFromOrder } from '../../vendor/license-order.ts';
import { decodeVendorKey } from '../../vendor/vendor-key.ts';
import type { Arguments, Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const vendorIssue: Command = {
  name: 'vendor issue',
  summary: 'Sign a license',
  positionals: [],
  flags: {
    key: { kind: 'text', value: 'FILE', summary: "the vendor's secret key [default: vendor.key]" },
    product: { kind: 'text', value: 'NAME', summary: 'what the license is for' },
    customer: { kind: 'text', value: 'NAME', summary: 'whom it is for' },
    seats: { kind: 'text', value: 'N', summary: 'seats that serve any class' },
    class: { kind: 'list', value: 'NAME=N', summary: 'seats of one class' },
    feature: { kind: 'list', value: 'NAME', summary: 'a feature that its seats cover' },
    starts: { kind: 'text', value: 'DAY', summary: 'first day, e.g. 2027-01-01 [default: now]' },
    expires: { kind: 'text', value: 'DAY', summary: 'last day [default: never]' },
    term: { kind: 'text', value: 'SECONDS', summary: 'how long a lease lasts [default: 600]' },
    'allow-virtual': { kind: 'switch', summary: 'the agent may run on a virtual machine' },
    'allow-container': { kind: 'switch', summary: 'the same as --container host' },
    container: {
      kind: 'text',
      value: 'RULE',
      summary:
        'may the agent run in a container: refuse, host (if the machine beneath may be used), allow [default: refuse]',
    },
    'allow-unknown': { kind: 'switch', summary: 'the agent may run where hardware cannot be seen' },
    'no-activation': { kind: 'switch', summary: 'lends without having been activated' },
    binary: { kind: 'switch', summary: 'write the binary form instead of text' },
    out: {
      kind: 'text',
      value: 'FILE',
      summary: 'where it goes [default: standard output, as text]',
    },
  },
  settings: [],
  run: async ({ args, terminal }) => {
    const keys = await readKey(args.text('key') ?? 'vendor.key');
    const now = createSystemClock().now().wall;
    const license = licenseFromOrder(readOrder(args), now);
    const id = systemEntropy(LICENSE_ID_SIZE);
    const document = signLicense(license, id, keys, nativePrimitives);
    const out = args.text('out');
    if (out === undefined && args.has('binary')) {
      throw new UsherError('WRONG_USAGE', '--binary needs --out FILE.');
    }
    const text = armor('license', document, nativePrimitives);
    if (out === undefined) terminal.out(text);
    else {
      await writeNewFile(out, args.has('binary') ? document : text, 0o644);
      terminal.err(`License for ${license.product} written to ${out}.\n`);
    }
    return EXIT.done;
  },
};

const readOrder = (args: Arguments) => ({
  product: args.text('product'),
  customer: args.text('customer'),
  seats: args.text('seats'),
  classes: args.list('class'),
  features: args.list('feature'),
  starts: args.text('starts'),
  expires: args.text('expires'),
  term: args.text('term'),
  needsActivation: !args.has('no-activation'),
  hosts: {
    virtual: args.has('allow-virtual') ? 'allow' : 'refuse',
    container: readContainerRule(args),
    unknown: args.has('allow-unknown') ? 'allow' : 'refuse',
  } as const,
});

const CONTAINER_RULES: readonly ContainerRule[] = ['refuse', 'host', 'allow'];

const readContainerRule = (args: Arguments): ContainerRule => {
  const word = args.text('container') ?? (args.has('allow-container') ? 'host' : 'refuse');
  const rule = CONTAINER_RULES.find((one) => one === word);
  if (rule === undefined) {
    const rules = CONTAINER_RULES.join(', ');
    throw new UsherError('WRONG_USAGE', `--container is one of ${rules}, not "${word}".`);
  }
  if (args.has('allow-container') && rule !== 'host') {
    throw new UsherError(
      'WRONG_USAGE',
      `--allow-container and --container ${rule} disagree: name one.`,
    );
  }
  return rule;
};

const readKey = async (file: string): Promise<KeyPair> => {
  const keys = decodeVendorKey(bytesToText(await readKeyFile(file)), nativePrimitives);
  if (keys !== undefined) return keys;
  throw new UsherError(
    'KEY_UNUSABLE',
    `${file} holds no signing key: make one with \`usher vendor keygen\`.`,
  );
};

const readKeyFile = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFileBytes(file);
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    const sentence = `${error.message} Name the vendor's secret key with --key, or make one with \`usher vendor keygen\`.`;
    throw new UsherError(error.code, sentence, error);
  }
};
