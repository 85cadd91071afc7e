/** What the package for Windows Installer says it does, read back by msitools: entries, codes, upgrades. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeWindowsSetup } from '../../../scripts/packages/windows-setup.ts';

const tables = suite<{ folder: string }>('the tables of the package for Windows');
const hasTools = ['wixl', 'msibuild', 'msiinfo'].every(
  (tool) => spawnSync('which', [tool]).status === 0,
);
const check = hasTools ? tables : tables.skip;

/** The same for every version there will be: by it an installer knows what it takes the place of. */
const UPGRADE_CODE = '{F0B7B1E6-6E0A-4C0D-9B59-0D7B3B1C2A64}';
const VERSIONS = ['1.2.3', '1.2.4'] as const;

tables.before(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'usher-tables-'));
  const { folder } = context;
  const [program, koffi] = [join(folder, 'program'), join(folder, 'addon')];
  for (const file of [program, koffi]) writeFileSync(file, 'content');
  if (!hasTools) return;
  for (const version of VERSIONS)
    await makeWindowsSetup({ root: process.cwd(), program, koffi, version, time: 0, folder });
});
tables.after(({ folder }) => rmSync(folder, { recursive: true }));

const say = (program: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  assert.is(status, 0, stderr);
  return stdout;
};

/** The rows of a table, behind its names, types and keys. */
const rowsOf = (folder: string, version: string, table: string): readonly string[][] => {
  const msi = join(folder, `usher-${version}-win-x64.msi`);
  const lines = say('msiinfo', 'export', msi, table)
    .split('\r\n')
    .filter((line) => line !== '');
  return lines.slice(3).map((line) => line.split('\t'));
};

const propertiesOf = (folder: string, version: string): ReadonlyMap<string, string> =>
  new Map(rowsOf(folder, version, 'Property').map(([name = '', value = '']) => [name, value]));

check('the Start menu has the console, the state of the service and what to read', ({ folder }) => {
  const entries = rowsOf(folder, '1.2.3', 'Shortcut').map(
    ([, place, name, component, target, words]) => ({ place, name, component, target, words }),
  );
  const [place, component, target] = ['MENU', 'Shortcuts', '[SystemFolder]cmd.exe'];
  const command = (words: string): string => `/k ""[INSTALLDIR]usher.exe" ${words}"`;
  assert.equal(entries, [
    { place, name: 'Usher console', component, target, words: command('console open') },
    { place, name: 'Usher service status', component, target, words: command('service status') },
    { place, name: 'Usher read me', component, target: '[INSTALLDIR]README.txt', words: '' },
  ]);
  const folders = rowsOf(folder, '1.2.3', 'Directory');
  assert.ok(folders.some(([id, of]) => id === 'MENU' && of === 'ProgramMenuFolder'));
  const removed = rowsOf(folder, '1.2.3', 'RemoveFile');
  const onRemoval = '2';
  assert.equal(removed, [['MENU', 'Shortcuts', '', 'MENU', onRemoval]], 'and it goes with them');
});

check('what may be removed is named, for all users, and says what stays', ({ folder }) => {
  const properties = propertiesOf(folder, '1.2.3');
  assert.is(properties.get('ProductName'), 'Usher license agent');
  assert.is(properties.get('ProductVersion'), '1.2.3');
  assert.is(properties.get('Manufacturer'), 'Usher');
  assert.is(properties.get('ALLUSERS'), '1', 'for the computer, not for one user');
  assert.match(properties.get('ARPCOMMENTS') ?? '', /ProgramData\\Usher stay/);
  for (const hidden of ['ARPSYSTEMCOMPONENT', 'ARPNOREMOVE'])
    assert.not.ok(properties.has(hidden), hidden);
});

check('every version is another product, and all have one upgrade code', ({ folder }) => {
  const [former, later] = VERSIONS.map((version) => propertiesOf(folder, version));
  assert.is(former?.get('UpgradeCode'), UPGRADE_CODE);
  assert.is(later?.get('UpgradeCode'), UPGRADE_CODE);
  assert.is.not(former?.get('ProductCode'), later?.get('ProductCode'));
});

check('a former version makes room, a later one is not replaced', ({ folder }) => {
  const onlyDetect = '2';
  assert.equal(rowsOf(folder, '1.2.4', 'Upgrade'), [
    [UPGRADE_CODE, '', '1.2.4', '', '1', '', 'WIX_UPGRADE_DETECTED'],
    [UPGRADE_CODE, '1.2.4', '', '', onlyDetect, '', 'WIX_DOWNGRADE_DETECTED'],
  ]);
  const [refusal] = rowsOf(folder, '1.2.4', 'LaunchCondition');
  assert.equal(refusal, [
    'NOT WIX_DOWNGRADE_DETECTED',
    'A newer Usher is installed. Remove it first.',
  ]);
  const steps = rowsOf(folder, '1.2.4', 'InstallExecuteSequence').map(([step]) => step);
  assert.ok(steps.includes('RemoveExistingProducts'));
});

check('the firewall is opened for who asks for it, also where rights are raised', ({ folder }) => {
  const properties = propertiesOf(folder, '1.2.3');
  assert.is(properties.get('OPENFIREWALL'), '0');
  assert.match(properties.get('SecureCustomProperties') ?? '', /(^|;)OPENFIREWALL(;|$)/);
});

tables.run();
