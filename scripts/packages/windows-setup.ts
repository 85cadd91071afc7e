/** Makes what Windows is given beside the bare program: an installer package (MSI) and a zip. */

import { copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addonFileName } from '../../agent/edges/native-addons.ts';
import { run } from '../build/run.ts';
import { digestOf } from '../build/tool-cache.ts';
import { codeOf, settleSummary } from './msi-summary.ts';
import { DOS_EPOCH_S, zipOf } from './zip.ts';

export interface WindowsSetupOrder {
  readonly root: string;
  /** The finished program. */
  readonly program: string;
  /** The addon that it carries for calls to Windows. */
  readonly koffi: string;
  /** At most four numbers; Windows Installer compares the first three. */
  readonly version: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** Where the files go. */
  readonly folder: string;
}

/** The properties that an elevated installation takes over from who has asked for it. */
const SECURE = `UPDATE Property SET Value = 'WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;OPENFIREWALL' WHERE Property = 'SecureCustomProperties'`;

/** Writes `usher-VERSION-win-x64.msi` and `.zip` and returns their names; needs wixl and msibuild. */
export const makeWindowsSetup = async (order: WindowsSetupOrder): Promise<readonly string[]> => {
  const { root, version, time, folder } = order;
  await mkdir(folder, { recursive: true });
  const name = `usher-${version}-win-x64`;
  const [msi, zip] = [`${name}.msi`, `${name}.zip`];
  const readMe = await readFile(join(root, 'build', 'windows', 'README.txt'));
  const files = [
    { name: 'usher.exe', content: await readFile(order.program) },
    { name: 'README.txt', content: readMe },
  ];
  await writeFile(join(folder, zip), await zipOf(files, time));
  const stage = await mkdtemp(join(folder, 'setup-'));
  try {
    await writeFile(join(folder, msi), await makePackage(order, stage));
  } finally {
    await rm(stage, { recursive: true });
  }
  return [msi, zip];
};

const makePackage = async (order: WindowsSetupOrder, stage: string): Promise<Uint8Array> => {
  const { root, version, time } = order;
  const addon = addonFileName('koffi.node', await digestOf(order.koffi, 'sha256', 'hex'));
  const staged = {
    'usher.exe': order.program,
    [addon]: order.koffi,
    'README.txt': join(root, 'build', 'windows', 'README.txt'),
    'usher.wxs': join(root, 'build', 'windows', 'usher.wxs'),
  };
  for (const [name, from] of Object.entries(staged)) {
    await copyFile(from, join(stage, name));
    // Windows does not unpack what is dated before.
    const dated = Math.max(time, DOS_EPOCH_S);
    await utimes(join(stage, name), dated, dated);
  }
  // Whatever is another version is another product, which the upgrade code holds together with the
  // others, and a file of another name is another component.
  const names = [
    `ProductCode=${codeOf(`usher ${version} win-x64`)}`,
    `Version=${version}`,
    `Addon=${addon}`,
    `AddonCode=${codeOf(`${addon} win-x64`)}`,
  ];
  const defines = names.flatMap((one) => ['-D', one]);
  // wixl finds files by relative paths only.
  const inStage = { cwd: stage, env: { TZ: 'UTC' } };
  await run('wixl', ['-a', 'x64', ...defines, '-o', 'usher.msi', 'usher.wxs'], inStage);
  // wixl has no words for it.
  await run('msibuild', ['usher.msi', '-q', SECURE], inStage);
  return settleSummary(await readFile(join(stage, 'usher.msi')), time);
};
