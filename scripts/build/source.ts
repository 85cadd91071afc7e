/** What is built: its version, its commit, its date, and the keys that it is signed and updated with. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMinisignKey } from '../../agent/update/minisign.ts';
import { parseSigningKey, publicKeyLine, type SigningKey } from '../packages/signing-key.ts';

export interface Source {
  readonly version: string;
  /** Twelve digits, ending in `+` when files were changed; `unknown` outside of git. */
  readonly commit: string;
  /** Seconds since 1970: `SOURCE_DATE_EPOCH`, else of the commit. */
  readonly time: number;
  /** The one that `usher update` trusts: `USHER_UPDATE_KEY`, else of the signing key; empty for none. */
  readonly updateKey: string;
  /** From the file that `USHER_SIGNING_KEY_FILE` names, or from `USHER_SIGNING_KEY` itself. */
  readonly signingKey: SigningKey | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const readSource = (
  root: string,
  version: string | undefined,
  environment: Environment,
): Source => {
  const signingKey = readSigningKey(environment);
  const updateKey =
    environment['USHER_UPDATE_KEY'] ?? (signingKey === undefined ? '' : publicKeyLine(signingKey));
  if (updateKey !== '' && parseMinisignKey(updateKey) === undefined)
    throw new Error('USHER_UPDATE_KEY is no public key of minisign.');
  return {
    version: version ?? packageVersion(root),
    commit: commitOf(root),
    time: timeOf(root, environment),
    updateKey,
    signingKey,
  };
};

const readSigningKey = (environment: Environment): SigningKey | undefined => {
  const file = environment['USHER_SIGNING_KEY_FILE'];
  const text = file ? readFileSync(file, 'utf8') : environment['USHER_SIGNING_KEY'];
  return text ? parseSigningKey(text) : undefined;
};

const packageVersion = (root: string): string => {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
};

const git = (root: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();

const commitOf = (root: string): string => {
  if (!existsSync(join(root, '.git'))) return 'unknown';
  try {
    const changed = git(root, 'status', '--porcelain', '--untracked-files=no') !== '';
    return `${git(root, 'rev-parse', '--short=12', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
};

const timeOf = (root: string, environment: Environment): number => {
  const given = environment['SOURCE_DATE_EPOCH'];
  if (given !== undefined && /^\d{1,10}$/.test(given)) return Number(given);
  if (commitOf(root) === 'unknown') return 0;
  return Number(git(root, 'log', '-1', '--format=%ct'));
};
