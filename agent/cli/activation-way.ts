/** How somebody wants a license to be activated, as the command line says it. Code: WRONG_USAGE. */

import type { Credentials } from '../core/operations.ts';
import { bytesToText, readFileBytes } from '../edges/files.ts';
import { UsherError } from '../usher-error.ts';
import type { Arguments, Command, Terminal } from './command.ts';

export type ActivationWay =
  | { readonly kind: 'online' }
  /** `file`: `null` for the terminal; `qr`: as a picture for a camera, too. */
  | { readonly kind: 'request'; readonly file: string | null; readonly qr: boolean }
  | { readonly kind: 'response'; readonly file: string }
  | { readonly kind: 'emergency' };

/** By what a master knows the customer. */
export const CREDENTIAL_FLAGS = {
  number: { kind: 'text', value: 'N', summary: 'the license number that the vendor has told you' },
  email: { kind: 'text', value: 'E', summary: 'and the e-mail address that goes with it' },
  user: { kind: 'text', value: 'NAME', summary: 'or your account at the vendor' },
  'password-file': {
    kind: 'text',
    value: 'FILE',
    summary: 'and the file with its password; - for standard input',
  },
} as const satisfies Command['flags'];

export const readActivationWay = (args: Arguments): ActivationWay => {
  const ways = [
    ...(args.has('online') ? [{ kind: 'online' } as const] : []),
    ...requestWay(args),
    ...responseWay(args.text('response')),
    ...(args.has('emergency') ? [{ kind: 'emergency' } as const] : []),
  ];
  const [way, other] = ways;
  if (way !== undefined && other === undefined) return way;
  throw new UsherError(
    'WRONG_USAGE',
    `Say ${way === undefined ? 'how' : 'one way only'}: --online by a call to the vendor's master; --request FILE for a file to carry to the vendor and --response FILE for what comes back; --emergency for a few days with nobody's help.`,
  );
};

const requestWay = (args: Arguments): readonly ActivationWay[] => {
  const file = args.text('request') ?? null;
  const qr = args.has('qr');
  return file === null && !qr ? [] : [{ kind: 'request', file, qr }];
};

const responseWay = (file: string | undefined): readonly ActivationWay[] =>
  file === undefined ? [] : [{ kind: 'response', file }];

/** `null` where none are given. Codes: WRONG_USAGE, FILE_UNREADABLE. */
export const readCredentials = async (
  args: Arguments,
  terminal: Terminal,
): Promise<Credentials | null> => {
  const [number, email] = [args.text('number'), args.text('email')];
  const [user, file] = [args.text('user'), args.text('password-file')];
  const isNumbered = number !== undefined && email !== undefined;
  const isAccount = user !== undefined && file !== undefined;
  const given = [number, email, user, file].filter((one) => one !== undefined).length;
  if (given === 0) return null;
  if (given !== 2 || (!isNumbered && !isAccount)) {
    throw new UsherError(
      'WRONG_USAGE',
      'Give --number with --email, or --user with --password-file.',
    );
  }
  if (isNumbered) return { name: number, secret: email };
  const bytes = file === '-' ? await terminal.readInput() : await readFileBytes(file ?? '-');
  return { name: user ?? '', secret: bytesToText(bytes).split(/\r?\n/)[0] ?? '' };
};
