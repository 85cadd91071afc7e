import { armor } from '../../../protocol/armor.ts';
import { openCertificate, signCertificate } from '../../../protocol/certificate.ts';
import { createSystemClock } from '../../../protocol/node/clock.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { portablePrimitives } from '../../../protocol/portable-primitives.ts';
import { assert } from '../../../protocol/result.ts';
import { writeNewFile } from '../../edges/files.ts';
import { certificateFromOrder } from '../../vendor/certificate-order.ts';
import { renderDay } from '../columns.ts';
import { type Command, OUT_FLAG, textFlag } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { ORDER_FLAGS } from '../order-flags.ts';
import { readSigningKey } from '../signing-key.ts';

export const vendorCertify: Command = {
  name: 'vendor certify',
  summary: 'Let another key sign, so that the root key can stay offline',
  positionals: [],
  flags: {
    key: textFlag('FILE', 'the root key [default: vendor.key]'),
    issuer: textFlag('KEY', 'the public key that is to sign'),
    uses: textFlag(
      'WHAT',
      'what it may sign: licenses, activations, standings, with commas between',
    ),
    starts: ORDER_FLAGS.starts,
    until: textFlag('DAY', 'last day'),
    number: textFlag('N', 'tells certificates of one key apart [default: the time in seconds]'),
    ...OUT_FLAG,
  },
  settings: [],
  run: async ({ args, terminal }) => {
    const root = await readSigningKey(args.text('key') ?? 'vendor.key');
    const order = {
      issuer: args.text('issuer'),
      uses: args.text('uses'),
      starts: args.text('starts'),
      until: args.text('until'),
      number: args.text('number'),
    };
    const { wall } = createSystemClock().now();
    const certificate = certificateFromOrder(order, root.publicKey, wall);
    const document = signCertificate(certificate, root, nativePrimitives);
    assert(
      openCertificate(document, portablePrimitives).ok,
      'a certificate that nobody would read',
    );
    const text = armor('certificate', document, nativePrimitives);
    const out = args.text('out');
    if (out === undefined) terminal.out(text);
    else {
      await writeNewFile(out, text, 0o644);
      const last = renderDay(certificate.ends - 1);
      const what = certificate.uses.join(', ');
      terminal.err(`Certificate for ${what}, until the end of ${last}, written to ${out}.\n`);
    }
    return EXIT.done;
  },
};
