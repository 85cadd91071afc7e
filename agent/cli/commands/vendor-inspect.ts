import { dearmor } from '../../../protocol/armor.ts';
import { base64ToBytes, equalBytes } from '../../../protocol/bytes.ts';
import type { Certificate } from '../../../protocol/certificate.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { err, type Result } from '../../../protocol/result.ts';
import { openLicense, type SignedLicense } from '../../../protocol/signed-license.ts';
import { LICENSE_FAULTS, type LicenseFault } from '../../core/operations.ts';
import { UsherError } from '../../usher-error.ts';
import { describePublicKey } from '../../vendor/vendor-key.ts';
import { renderColumns, renderDay } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readLicenseText } from '../license-file.ts';
import { licenseRows, toReadable } from '../license-rows.ts';

export const vendorInspect: Command = {
  name: 'vendor inspect',
  summary: 'Show what a license says and whether its signature holds',
  positionals: [{ name: 'FILE', summary: 'text or binary; - for standard input' }],
  flags: {
    ...JSON_FLAG,
    'vendor-key': { kind: 'text', value: 'KEY', summary: 'the public key it must be signed with' },
  },
  settings: [],
  run: async ({ args, terminal }) => {
    const text = await readLicenseText(args.positionals[0] ?? '-', terminal);
    const wanted = readWantedKey(args.text('vendor-key'));
    const blocks = dearmor('license', text, nativePrimitives);
    const opened =
      blocks.length === 0
        ? [err('no-block' as const)]
        : blocks.map((block) => (block.ok ? open(block.value, wanted) : block));
    if (args.has('json')) terminal.out(`${JSON.stringify(opened.map(toJson), null, 2)}\n`);
    else {
      for (const [i, one] of opened.entries()) {
        const which = opened.length === 1 ? '' : `Block ${i + 1}: `;
        if (one.ok) terminal.out(`${i === 0 ? '' : '\n'}${render(one.value)}`);
        else terminal.err(`${which}${LICENSE_FAULTS[one.error]}\n`);
      }
    }
    return opened.every((one) => one.ok) ? EXIT.done : EXIT.refused;
  },
};

const readWantedKey = (text: string | undefined): Uint8Array | undefined => {
  if (text === undefined) return undefined;
  const key = base64ToBytes(text.replace(/=+$/, ''));
  if (key?.length === 32) return key;
  throw new UsherError('WRONG_USAGE', '--vendor-key is a public key in base64.');
};

const open = (
  bytes: Uint8Array,
  wanted: Uint8Array | undefined,
): Result<SignedLicense, LicenseFault> => {
  const opened = openLicense(bytes, nativePrimitives);
  if (!opened.ok || wanted === undefined || equalBytes(opened.value.vendor, wanted)) return opened;
  return err('wrong-key');
};

const toJson = (opened: Result<SignedLicense, LicenseFault>): unknown =>
  opened.ok
    ? {
        ...toReadable(opened.value.license),
        signer: describePublicKey(opened.value.vendor, nativePrimitives),
        certificate: certificateToJson(opened.value.certificate),
      }
    : { fault: opened.error, sentence: LICENSE_FAULTS[opened.error] };

/** `null` for a license that the root key itself has signed. */
const certificateToJson = (certificate: Certificate | null): unknown => {
  if (certificate === null) return null;
  const { key, ...terms } = certificate;
  return { ...describePublicKey(key, nativePrimitives), ...terms };
};

const certificateRows = (certificate: Certificate | null): readonly (readonly string[])[] => {
  if (certificate === null) return [];
  const { publicKey, keyId } = describePublicKey(certificate.key, nativePrimitives);
  const { starts, ends, uses, number } = certificate;
  const days = `${renderDay(starts)} to ${renderDay(ends - 1)}`;
  return [
    ['Issued with', `${publicKey} (key id ${keyId})`],
    ['Certificate', `number ${number}, ${days}, for ${uses.join(', ')}`],
  ];
};

const render = ({ license, vendor, certificate }: SignedLicense): string => {
  const { publicKey, keyId } = describePublicKey(vendor, nativePrimitives);
  const rows = [
    ...licenseRows(toReadable(license)),
    ['Signature', 'good'],
    ['Signed with', `${publicKey} (key id ${keyId})`],
    ...certificateRows(certificate),
  ];
  return `${renderColumns(rows)}\n`;
};
