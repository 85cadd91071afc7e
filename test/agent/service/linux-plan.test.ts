import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { planInstall, planUninstall } from '../../../agent/service/linux-plan.ts';
import { linuxUnit } from '../../../agent/service/linux-unit.ts';
import { type Step, stepToLines, wordsToText } from '../../../agent/service/plan.ts';
import { parseSettingsText } from '../../../agent/settings-file.ts';
import { FILE_SETTINGS } from '../../../agent/settings-table.ts';

const plans = suite('linux plan');

const lines = (steps: readonly Step[]): readonly string[] =>
  steps.map((step) => stepToLines(step)[0] ?? '');
const program = '/tmp/usher';
const install = { program, isPackaged: false, isLeftStopped: false, openFirewall: false };

plans('a bare binary brings user, program, settings and unit, then it is started', () => {
  assert.equal(lines(planInstall(install)), [
    'Run systemd-sysusers --inline \'u usher - "Usher license agent" /var/lib/usher\'',
    'Copy /tmp/usher to /usr/local/bin/usher (mode 755)',
    'Make the folder /etc/usher (mode 755)',
    'Write /etc/usher/usher.conf (mode 644), unless it is there:',
    'Write /etc/systemd/system/usher.service (mode 644):',
    'Run systemctl daemon-reload',
    'Run systemctl enable --quiet usher.service',
    'Run systemctl restart usher.service, if something has changed',
    'Run systemctl start usher.service',
  ]);
});

plans('what a package has brought is only switched on', () => {
  assert.equal(lines(planInstall({ ...install, isPackaged: true, isLeftStopped: true })), [
    'Run systemctl enable --quiet usher.service',
  ]);
});

plans('the settings file sets nothing and names every setting', () => {
  const file = planInstall(install).find((step) => step.kind === 'file' && step.isKept);
  const content = file?.kind === 'file' ? file.content : '';
  const { given, faults } = parseSettingsText(content);
  assert.equal([...given], []);
  assert.equal(faults, []);
  for (const name of FILE_SETTINGS) assert.match(content, new RegExp(`^#${name} = `, 'm'));
});

plans('uninstalling keeps the data and its owner, purging keeps nothing', () => {
  const kept = lines(planUninstall({ program, purge: false, keepProgram: false }));
  assert.equal(kept, [
    'Run systemctl disable --quiet --now usher.service',
    'Run /tmp/usher firewall close',
    'Remove /etc/systemd/system/usher.service',
    'Run systemctl daemon-reload',
    'Run systemctl reset-failed --quiet usher.service',
    'Remove /usr/local/bin/usher',
  ]);
  assert.equal(
    lines(planUninstall({ program, purge: true, keepProgram: false })).slice(kept.length),
    [
      'Remove /var/lib/usher',
      'Remove /var/lib/usher-marks, if it is empty',
      'Remove /etc/usher/usher.conf',
      'Remove /etc/usher, if it is empty',
      'Run userdel usher',
    ],
  );
  const removal = 'Remove /usr/local/bin/usher';
  assert.not.ok(
    lines(planUninstall({ program, purge: true, keepProgram: true })).includes(removal),
  );
});

plans('everything that is installed is removed by a purge', () => {
  const removed = planUninstall({ program, purge: true, keepProgram: false }).flatMap((step) =>
    'path' in step ? [step.path] : [],
  );
  for (const step of planInstall(install)) {
    const path = 'path' in step ? step.path : step.kind === 'program' ? step.to : undefined;
    if (path !== undefined) assert.ok(removed.includes(path), path);
  }
});

plans('the unit is told when the agent serves, and asks whether it is alive', () => {
  const unit = linuxUnit('/opt/usher');
  for (const line of ['Type=notify', 'NotifyAccess=main', 'User=usher', 'NoNewPrivileges=yes'])
    assert.ok(unit.split('\n').includes(line), line);
  assert.match(unit, /^ExecStart=\/opt\/usher serve$/m);
  assert.match(unit, /^ExecStartPre=-\+\/opt\/usher host prepare$/m, 'as root, and not in vain');
  assert.match(unit, /^ExecReload=\/opt\/usher config reload$/m);
  assert.match(unit, /^WatchdogSec=\d+$/m);
  // V8 writes the code that it runs.
  assert.not.match(unit, 'MemoryDenyWriteExecute');
});

plans('a command is shown as somebody would type it', () => {
  assert.is(wordsToText(['a', "it's", '', 'x=/y']), "a 'it'\\''s' '' x=/y");
});

plans.run();
