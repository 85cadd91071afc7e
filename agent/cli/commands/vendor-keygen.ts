import { KEY_SIZE } from '../../../protocol/limits.ts';
import { systemEntropy } from '../../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { writeNewFile } from '../../edges/files.ts';
import { describePublicKey, encodeVendorKey } from '../../vendor/vendor-key.ts';
import { print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const vendorKeygen: Command = {
  name: 'vendor keygen',
  summary: "Make a vendor's signing key",
  positionals: [],
  flags: {
    ...JSON_FLAG,
    out: {
      kind: 'text',
      value: 'FILE',
      summary: 'where the secret key goes [default: vendor.key]',
    },
  },
  settings: [],
  run: async (invocation) => {
    const file = invocation.args.text('out') ?? 'vendor.key';
    const keys = nativePrimitives.signingKeys(systemEntropy(KEY_SIZE));
    await writeNewFile(file, encodeVendorKey(keys, nativePrimitives), 0o600);
    const view = { file, ...describePublicKey(keys.publicKey, nativePrimitives) };
    print(invocation, view, render);
    return EXIT.done;
  },
};

const render = (view: { file: string; publicKey: string; keyId: string }): string =>
  `Secret key written to ${view.file}: keep it safe and never send it.\n` +
  `Public key ${view.publicKey} (key id ${view.keyId}): build it into your application.\n`;
