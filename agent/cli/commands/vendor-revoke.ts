import { armor, dearmor } from '../../../protocol/armor.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import { createSystemClock } from '../../../protocol/node/clock.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { portablePrimitives } from '../../../protocol/portable-primitives.ts';
import { assert } from '../../../protocol/result.ts';
import {
  openRevocations,
  type Revocations,
  signRevocations,
} from '../../../protocol/revocations.ts';
import { bytesToText, readFileBytes, writeNewFile } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import { revocationsFromOrder } from '../../vendor/revocation-order.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readSigningKey } from '../signing-key.ts';

export const vendorRevoke: Command = {
  name: 'vendor revoke',
  summary: 'Take back what `vendor certify` allowed a key: whatever it signed is worth nothing',
  positionals: [],
  flags: {
    key: { kind: 'text', value: 'FILE', summary: 'the root key [default: vendor.key]' },
    issuer: {
      kind: 'text',
      value: 'KEY',
      summary: 'the public keys that are revoked, with commas between',
    },
    earlier: {
      kind: 'text',
      value: 'FILE',
      summary: 'the revocations made before: the new ones take their place and repeat them',
    },
    out: { kind: 'text', value: 'FILE', summary: 'where they go [default: standard output]' },
  },
  settings: [],
  run: async ({ args, terminal }) => {
    const root = await readSigningKey(args.text('key') ?? 'vendor.key');
    const earlier = await readEarlier(args.text('earlier'), root.publicKey);
    const { wall } = createSystemClock().now();
    const order = revocationsFromOrder(args.text('issuer'), earlier, root.publicKey, wall);
    const document = signRevocations(order, root, nativePrimitives);
    assert(openRevocations(document, portablePrimitives).ok, 'revocations that nobody would read');
    const text = armor('revocations', document, nativePrimitives);
    const out = args.text('out');
    if (out === undefined) terminal.out(text);
    else {
      await writeNewFile(out, text, 0o644);
      const what = order.keys.length === 1 ? 'key' : 'keys';
      terminal.err(
        `Revocations of ${order.keys.length} ${what} written to ${out}. ` +
          'Give them to the master: usher master revocations FILE.\n',
      );
    }
    return EXIT.done;
  },
};

/** Codes: WRONG_USAGE, and those of reading a file. */
const readEarlier = async (
  file: string | undefined,
  root: Uint8Array,
): Promise<Revocations | undefined> => {
  if (file === undefined) return undefined;
  const [block] = dearmor('revocations', bytesToText(await readFileBytes(file)), nativePrimitives);
  const opened = block?.ok ? openRevocations(block.value, nativePrimitives) : undefined;
  if (opened?.ok && equalBytes(opened.value.vendor, root)) return opened.value.revocations;
  throw new UsherError('WRONG_USAGE', `--earlier ${file}: It holds no revocations of this key.`);
};
