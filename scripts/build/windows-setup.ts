/** Makes what Windows is given beside the bare program: an installer package (MSI) and a zip. */

import { createHash } from 'node:crypto';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { step } from './progress.ts';
import { run } from './run.ts';
import { digestOf } from './tool-cache.ts';

export interface WindowsSetupOptions {
  readonly root: string;
  /** The finished program. */
  readonly program: string;
  /** At most four numbers; Windows Installer compares the first three. */
  readonly version: string;
  /** Where the files go. */
  readonly folder: string;
}

export interface WindowsSetup {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What `npm run build` is asked for to make it. */
export const WINDOWS_SETUP = 'windows-setup';

/** What wixl has no words for. */
const QUERIES = [
  // The properties that an elevated installation takes over from who has asked for it.
  `UPDATE Property SET Value = 'WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;OPENFIREWALL' WHERE Property = 'SecureCustomProperties'`,
  // All files of the addons' folder go with the program.
  `INSERT INTO RemoveFile (FileKey, Component_, FileName, DirProperty, InstallMode) VALUES ('AddonFiles', 'Addons', '*', 'ADDONS', 2)`,
];

/** Makes `usher-VERSION-win-x64.msi` and `.zip`; needs wixl, msibuild and zip. */
export const makeWindowsSetup = async (
  options: WindowsSetupOptions,
): Promise<readonly WindowsSetup[]> => {
  const { root, program, version, folder } = options;
  const stage = join(root, 'build', 'out', 'stage', 'windows-setup');
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  await copyFile(program, join(stage, 'usher.exe'));
  for (const name of ['README.txt', 'usher.wxs'])
    await copyFile(join(root, 'build', 'windows', name), join(stage, name));
  const name = `usher-${version}-win-x64`;
  const [msi, zip] = [`${name}.msi`, `${name}.zip`];
  await step(`Making ${msi}`, () => makePackage(stage, msi, version));
  await step(`Making ${zip}`, () =>
    run('zip', ['-q', '-X', zip, 'usher.exe', 'README.txt'], { cwd: stage }),
  );
  await mkdir(folder, { recursive: true });
  const made: WindowsSetup[] = [];
  for (const file of [msi, zip]) {
    const final = join(folder, file);
    await rename(join(stage, file), final);
    const { size } = await stat(final);
    made.push({ file: final, bytes: size, sha256: await digestOf(final, 'sha256', 'hex') });
  }
  await rm(stage, { recursive: true });
  return made;
};

const makePackage = async (stage: string, msi: string, version: string): Promise<void> => {
  const product = productCode(version);
  // wixl finds files by relative paths only.
  const names = [`ProductCode=${product}`, `Version=${version}`];
  const defines = names.flatMap((one) => ['-D', one]);
  await run('wixl', ['-a', 'x64', ...defines, '-o', msi, 'usher.wxs'], { cwd: stage });
  for (const query of QUERIES) await run('msibuild', [msi, '-q', query], { cwd: stage });
};

/** Each version is another product to Windows Installer, which the upgrade code holds together. */
export const productCode = (version: string): string => {
  const hex = createHash('sha256').update(`usher ${version} win-x64`).digest('hex').toUpperCase();
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};
