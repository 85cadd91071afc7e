/** Makes what Windows is given beside the bare program: an installer package (MSI) and a zip. */

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { addonFileName } from '../../agent/edges/native-addons.ts';
import { step } from './progress.ts';
import { run } from './run.ts';
import { digestOf } from './tool-cache.ts';

export interface WindowsSetupOptions {
  readonly root: string;
  /** The finished program. */
  readonly program: string;
  /** The addon that it carries for calls to Windows. */
  readonly koffi: string;
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

/** The properties that an elevated installation takes over from who has asked for it. */
const SECURE = `UPDATE Property SET Value = 'WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;OPENFIREWALL' WHERE Property = 'SecureCustomProperties'`;

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
  const addon = addonFileName('koffi.node', await readFile(options.koffi));
  await copyFile(options.koffi, join(stage, addon));
  const name = `usher-${version}-win-x64`;
  const [msi, zip] = [`${name}.msi`, `${name}.zip`];
  await step(`Making ${msi}`, () => makePackage(stage, msi, { version, addon }));
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

const makePackage = async (
  stage: string,
  msi: string,
  { version, addon }: { readonly version: string; readonly addon: string },
): Promise<void> => {
  // wixl finds files by relative paths only.
  const names = [
    `ProductCode=${codeOf(`usher ${version}`)}`,
    `Version=${version}`,
    `Addon=${addon}`,
    `AddonCode=${codeOf(addon)}`,
  ];
  const defines = names.flatMap((one) => ['-D', one]);
  await run('wixl', ['-a', 'x64', ...defines, '-o', msi, 'usher.wxs'], { cwd: stage });
  // wixl has no words for it.
  await run('msibuild', [msi, '-q', SECURE], { cwd: stage });
};

/**
 * The code that Windows Installer knows a thing by: a version is a product, which the upgrade code
 * holds together with the others, and a file of another name is another component.
 */
const codeOf = (thing: string): string => {
  const hex = createHash('sha256').update(`${thing} win-x64`).digest('hex').toUpperCase();
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};
