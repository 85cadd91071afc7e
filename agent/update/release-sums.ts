/** What the sums of a release say of the binaries in it. */

import { compareVersions, parseVersion } from '../../protocol/app-version.ts';

/** A binary of a release: `usher-0.2.0-linux-x64`, `usher-0.2.0-win-x64.exe`. */
export interface ReleaseBinary {
  readonly name: string;
  readonly version: string;
  /** Platform and architecture: `linux-x64`. */
  readonly target: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

const LINES_MAX = 1000;
const LINE = /^([0-9a-f]{64}) [ *](\S{1,200})$/;
const BINARY = /^usher-(\d[\d.]{0,40})-((?:linux|win)-[a-z0-9]{1,10})(?:\.exe)?$/;

/** The binaries among the files; `undefined` when it is no list of sums. Packages are passed over. */
export const parseSums = (text: string): readonly ReleaseBinary[] | undefined => {
  const lines = text.trimEnd().split(/\r?\n/);
  if (lines.length > LINES_MAX) return undefined;
  const binaries: ReleaseBinary[] = [];
  for (const line of lines) {
    const [, sha256, name] = LINE.exec(line) ?? [];
    if (sha256 === undefined || name === undefined) return undefined;
    const [, version, target] = BINARY.exec(name) ?? [];
    if (version === undefined || target === undefined) continue;
    if (parseVersion(version) !== undefined) binaries.push({ name, version, target, sha256 });
  }
  return binaries;
};

/** Negative, zero or positive as `a` is older than, as old as, or newer than `b`. */
export const compareReleases = (a: string, b: string): number =>
  compareVersions(parseVersion(a) ?? [], parseVersion(b) ?? []);

/** The newest for a target. */
export const newestFor = (
  binaries: readonly ReleaseBinary[],
  target: string,
): ReleaseBinary | undefined =>
  binaries
    .filter((one) => one.target === target)
    .sort((a, b) => compareReleases(a.version, b.version))
    .at(-1);
