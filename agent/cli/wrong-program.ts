/** What people take for the new program, and what they would better do with it. */

import { isAbsolute } from 'node:path';
import { shellWord } from './shell-word.ts';

/** Why a file of this name cannot be the program for `target`, in a sentence; `undefined` where it may be. */
export const wrongProgram = (from: string, target: string): string | undefined => {
  if (/^[a-z]{2,}:\/\//i.test(from))
    return `Usher fetches nothing by itself: download ${from}, with SHA256SUMS and SHA256SUMS.minisig beside it, and name the file.`;
  const [, form] = /\.(deb|rpm|msi|tar\.\w+|tgz|zip)$/i.exec(from) ?? [];
  const bare = `name the bare program of the release, usher-VERSION-${target}`;
  switch (form?.toLowerCase()) {
    case undefined:
      return undefined;
    case 'deb':
      return packageTo(from, `apt install ${pathWord(from)}`, bare);
    case 'rpm':
      return packageTo(from, `dnf install ${pathWord(from)}`, bare);
    case 'msi':
      return packageTo(from, `msiexec /i ${shellWord(from)}`, bare);
    default:
      return `${from} is an archive: ${bare}.`;
  }
};

const packageTo = (from: string, command: string, bare: string): string =>
  `${from} is a package: install it with \`${command}\`, or ${bare}.`;

/** Package managers take a name without a slash for that of a package which they know. */
const pathWord = (from: string): string =>
  shellWord(isAbsolute(from) || from.includes('/') ? from : `./${from}`);
