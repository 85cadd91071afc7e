/** Whose licenses commands believe, where nobody has built a key into the application. */

import { SeatError } from '../../protocol/client/client.ts';
import { VendorPins } from '../edges/vendor-pins.ts';
import { userStateFolder } from '../settings.ts';
import { systemReason } from '../system-reason.ts';
import type { Arguments, Terminal } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

export const VENDOR_KEY_FLAG = {
  'vendor-key': {
    kind: 'text',
    value: 'KEY',
    summary: "the vendor's public key [default: the one seen first, remembered]",
  },
} as const;

/** What somebody signed, by the public key in base64. */
interface Signed {
  readonly signer: string;
}

/** Whose licenses are believed: the vendor named, else the one remembered, else the first seen. */
export interface Trust {
  readonly key: string | null;
  readonly say: (line: string) => void;
  /** What to do when another vendor's license turns up. */
  readonly advice: string;
  /** Remembers the vendor of the first seat. */
  readonly learn: (seat: Signed) => Promise<void>;
}

export const readTrust = async (
  args: Arguments,
  product: string,
  terminal: Terminal,
): Promise<Trust> => {
  const say = (line: string): void => terminal.err(`${line}\n`);
  const pins = new VendorPins(userStateFolder(terminal.environment));
  const nothing = async (): Promise<void> => {};
  const named = args.text('vendor-key');
  if (named !== undefined) {
    return { key: named, say, advice: 'Check the key given with --vendor-key.', learn: nothing };
  }
  const pinned = await pins.get(product);
  const advice = `The key trusted for ${product} is remembered in ${pins.file}: remove it there only if the vendor has told you of a new one.`;
  if (pinned !== undefined) return { key: pinned, say, advice, learn: nothing };
  const learn = async ({ signer }: Signed): Promise<void> => {
    const remembered = await pins.pin(product, signer).catch((error: unknown) => error);
    say(
      remembered === undefined
        ? `Trusting the vendor key ${signer} for ${product} from now on (${pins.file}).`
        : `Trusting the vendor key ${signer} for ${product} this time: ${pins.file} cannot be written, ${systemReason(remembered)}.`,
    );
  };
  return { key: null, say, advice, learn };
};

/** Says why a seat was not had, and returns the exit code; any other error is thrown on. */
export const explainToUser = (
  error: unknown,
  { say, advice }: Pick<Trust, 'say' | 'advice'>,
): ExitCode => {
  if (!(error instanceof SeatError)) throw error;
  say(error.message);
  say(error.code === 'untrusted-other-vendor' ? advice : error.administrator);
  return error.code === 'no-agent' ? EXIT['no agent'] : EXIT.refused;
};
