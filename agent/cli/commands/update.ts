import { existsSync, readFileSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { isSea } from 'node:sea';
import { demandFile, type SwappedService, swapBinary } from '../../edges/binary-swap.ts';
import { readFileBytes } from '../../edges/files.ts';
import { openServiceManager } from '../../service/open-service-manager.ts';
import {
  type MinisignKey,
  parseMinisignKey,
  SIGNATURE_FAULTS,
  verifyMinisign,
} from '../../update/minisign.ts';
import {
  compareReleases,
  newestFor,
  parseSums,
  type ReleaseBinary,
} from '../../update/release-sums.ts';
import { UsherError } from '../../usher-error.ts';
import { updateKey, version } from '../../version.ts';
import type { Arguments, Command, Invocation, Terminal } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { shellWord } from '../shell-word.ts';
import { wrongProgram } from '../wrong-program.ts';

/** Environment variables: the key that is trusted, and the sums that --check reads. */
const KEY_VARIABLE = 'USHER_UPDATE_KEY';
const SUMS_VARIABLE = 'USHER_UPDATE_SUMS';
const PATIENCE_MS = 60_000;

export const update: Command = {
  name: 'update',
  summary: 'Replace this program by a newer one that is signed, or look whether there is one',
  positionals: [],
  flags: {
    check: { kind: 'switch', summary: 'only say whether the release of --sums is newer' },
    from: { kind: 'text', value: 'FILE', summary: 'the new program' },
    sums: {
      kind: 'text',
      value: 'FILE',
      summary: `SHA256SUMS of its release, with its .minisig beside it [${SUMS_VARIABLE}; default: beside the new program]`,
    },
    key: {
      kind: 'text',
      value: 'KEY',
      summary: `the public key of minisign that is trusted [${KEY_VARIABLE}; default: the one built in]`,
    },
    'allow-downgrade': { kind: 'switch', summary: 'take an older version, too' },
    'no-restart': { kind: 'switch', summary: 'leave a service that runs on the old program' },
    json: { kind: 'switch', summary: 'with --check: print JSON for programs' },
  },
  settings: [],
  run: async (invocation) => {
    const { args } = invocation;
    const from = args.text('from');
    if (args.has('check') === (from !== undefined))
      throw new UsherError('WRONG_USAGE', 'It takes either --check or --from FILE.');
    return from === undefined ? check(invocation) : replaceBy(from, invocation);
  },
};

const check = async ({ args, terminal }: Invocation): Promise<ExitCode> => {
  const sums = args.text('sums') ?? terminal.environment[SUMS_VARIABLE];
  if (!sums) {
    const sentence = `No update source is configured, and Usher asks nobody by itself: name the SHA256SUMS of a release with --sums or ${SUMS_VARIABLE}.`;
    throw new UsherError('REFUSED', sentence);
  }
  const release = await readRelease(sums, readKey(args, terminal));
  const newest = newestFor(release.binaries, TARGET);
  const isNewer = newest !== undefined && compareReleases(newest.version, version) > 0;
  if (args.has('json')) {
    const answer = {
      version,
      newest: newest?.version ?? null,
      isNewer,
      file: newest?.name ?? null,
    };
    terminal.out(`${JSON.stringify(answer, null, 2)}\n`);
  } else if (newest === undefined) {
    terminal.out(`There is nothing for ${TARGET} in this release.\n`);
  } else {
    const next = `There is ${newest.version}: \`usher update --from ${shellWord(join(dirname(sums), newest.name))}\``;
    terminal.out(`This is ${version}. ${isNewer ? next : `The release is ${newest.version}.`}\n`);
  }
  return EXIT.done;
};

const replaceBy = async (from: string, { args, terminal }: Invocation): Promise<ExitCode> => {
  const target = ownProgram();
  if (from === '') throw new UsherError('WRONG_USAGE', '--from is the file of the new program.');
  const wrong = wrongProgram(from, TARGET);
  if (wrong !== undefined) throw new UsherError('REFUSED', wrong);
  if (!existsSync(from)) throw new UsherError('REFUSED', `There is no file ${from}.`);
  await demandFile(from);
  const sums =
    args.text('sums') ?? terminal.environment[SUMS_VARIABLE] ?? join(dirname(from), 'SHA256SUMS');
  const release = await readRelease(sums, readKey(args, terminal));
  const binary = chosen(from, release.binaries);
  const difference = compareReleases(binary.version, version);
  if (difference < 0 && !args.has('allow-downgrade')) {
    const sentence = `${binary.version} is older than this ${version}, and may not read what this one has stored: say --allow-downgrade if you mean it.`;
    throw new UsherError('REFUSED', sentence);
  }
  const { sha256 } = binary;
  await swapBinary({
    target,
    from,
    sha256,
    version: binary.version,
    service: args.has('no-restart') ? undefined : await serviceOf(target),
    patienceMs: PATIENCE_MS,
  });
  terminal.out(`${target} is ${binary.version} now, signed as "${release.comment}".\n`);
  return EXIT.done;
};

/** The service that runs this program, when one does. */
const serviceOf = async (target: string): Promise<SwappedService | undefined> => {
  try {
    const manager = openServiceManager();
    const { state, pid } = await manager.status();
    if (state !== 'running' || pid === null) return undefined;
    // Somebody may update a copy of his own beside the one that serves.
    const isThis = process.platform !== 'linux' || (await readlink(`/proc/${pid}/exe`)) === target;
    return isThis ? manager : undefined;
  } catch {
    // No service manager, or none that this user may ask.
    return undefined;
  }
};

/** Which release this computer can run. */
const TARGET = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** The program that runs. Code: REFUSED where it is not its own to replace. */
const ownProgram = (): string => {
  if (!isSea()) {
    const sentence = 'This is Usher from its source: only the single binary replaces itself.';
    throw new UsherError('REFUSED', sentence);
  }
  const target = process.execPath;
  if (!isAbsolute(target) || !existsSync(target))
    throw new UsherError('REFUSED', 'Usher cannot tell here where its own program is.');
  const mark = join(dirname(target), '..', 'lib', 'usher', 'installed-by');
  if (!existsSync(mark)) return target;
  const manager = readFileSync(mark, 'utf8').trim();
  const sentence = `A package has installed ${target}: install the newer package with ${manager === 'rpm' ? 'dnf or rpm' : 'apt or dpkg'}.`;
  throw new UsherError('REFUSED', sentence);
};

const readKey = (args: Arguments, { environment }: Terminal): MinisignKey => {
  const text = args.text('key') ?? (environment[KEY_VARIABLE] || updateKey);
  if (text === '') {
    const sentence = `No key is built in that updates could be signed with: name the one that you trust with --key or ${KEY_VARIABLE}.`;
    throw new UsherError('REFUSED', sentence);
  }
  const key = parseMinisignKey(text);
  if (key !== undefined) return key;
  throw new UsherError('WRONG_USAGE', '--key is a public key of minisign: 56 characters, RW….');
};

interface Release {
  readonly binaries: readonly ReleaseBinary[];
  /** What its maker says of it, signed. */
  readonly comment: string;
}

const readRelease = async (sums: string, key: MinisignKey): Promise<Release> => {
  const content = await readFileBytes(sums);
  const signature = new TextDecoder().decode(await readFileBytes(`${sums}.minisig`));
  const comment = verifyMinisign(key, content, signature);
  if (!comment.ok) {
    throw new UsherError('REFUSED', `${sums}: ${SIGNATURE_FAULTS[comment.error]}`);
  }
  const binaries = parseSums(new TextDecoder().decode(content));
  if (binaries !== undefined) return { binaries, comment: comment.value };
  throw new UsherError('BROKEN_DATA', `${sums} is no list of SHA-256 sums.`);
};

/** By its name where that is known, else the only one for this computer. */
const chosen = (from: string, binaries: readonly ReleaseBinary[]): ReleaseBinary => {
  const named = binaries.find(({ name }) => from.endsWith(name));
  if (named !== undefined && named.target !== TARGET) {
    throw new UsherError('REFUSED', `${from} is for ${named.target}; this is ${TARGET}.`);
  }
  const binary = named ?? newestFor(binaries, TARGET);
  if (binary !== undefined) return binary;
  throw new UsherError('REFUSED', `The release has nothing for ${TARGET}.`);
};
