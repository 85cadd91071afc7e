import { armor } from '../../../protocol/armor.ts';
import { LICENSE_ID_SIZE } from '../../../protocol/limits.ts';
import { createSystemClock } from '../../../protocol/node/clock.ts';
import { systemEntropy } from '../../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { portablePrimitives } from '../../../protocol/portable-primitives.ts';
import { assert } from '../../../protocol/result.ts';
import { openLicense, signLicense } from '../../../protocol/signed-license.ts';
import { writeNewFile } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import { licenseFromOrder } from '../../vendor/license-order.ts';
import { type Command, OUT_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { ORDER_FLAGS, readOrder } from '../order-flags.ts';
import { KEY_FLAGS, readSigner } from '../signing-key.ts';
import { readSuperseded } from '../superseded.ts';

const FLAGS = {
  ...KEY_FLAGS,
  ...ORDER_FLAGS,
  binary: { kind: 'switch', summary: 'write the binary form instead of text' },
  ...OUT_FLAG,
} as const satisfies Command['flags'];

export const vendorIssue: Command = {
  name: 'vendor issue',
  summary: 'Sign a license',
  positionals: [],
  flags: FLAGS,
  settings: [],
  run: async ({ args, terminal }) => {
    const now = createSystemClock().now().wall;
    const { keys, root } = await readSigner(args, 'licenses', now);
    const supersedes = await readSuperseded(args.list('supersedes'), args.text('product'), root);
    const license = licenseFromOrder({ ...readOrder(args), supersedes }, now, root);
    const id = systemEntropy(LICENSE_ID_SIZE);
    const document = signLicense(license, id, keys, nativePrimitives);
    // By another implementation than signed it: what one of them gets wrong does not go out.
    const opened = openLicense(document, portablePrimitives);
    if (!opened.ok) {
      assert(opened.error !== 'bad-signature', 'a signature on which two implementations disagree');
      throw new UsherError('WRONG_USAGE', 'That is more than one license can say: issue several.');
    }
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
