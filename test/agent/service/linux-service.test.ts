import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ToolAnswer } from '../../../agent/edges/system-tool.ts';
import { LinuxService, type LinuxSystem } from '../../../agent/service/linux-service.ts';
import { wordsToText } from '../../../agent/service/plan.ts';
import { readUnitStatus } from '../../../agent/service/unit-status.ts';
import type { UsherError } from '../../../agent/usher-error.ts';

const services = suite('linux service');

const SYSTEMD = '/run/systemd/system';
const LOADED = 'LoadState=loaded\nActiveState=active\nMainPID=7\nUnitFileState=enabled\n';
const OPTIONS = { isDryRun: false, openFirewall: false, isLeftStopped: false };
const REMOVAL = { isDryRun: false, purge: false, keepProgram: false };

interface Fake extends Partial<LinuxSystem> {
  readonly there?: readonly string[];
  readonly answers?: Readonly<Record<string, Partial<ToolAnswer>>>;
}

const serviceOn = ({ there = [SYSTEMD], answers = {}, ...system }: Fake) => {
  const ran: string[] = [];
  const service = new LinuxService({
    isRoot: true,
    isBinary: true,
    program: '/tmp/usher',
    exists: (path) => there.includes(path),
    run: async (words) => {
      ran.push(wordsToText(words));
      const verb = words.slice(0, 2).join(' ');
      return { status: 0, out: '', err: '', ...answers[verb] };
    },
    follow: async () => null,
    ...system,
  });
  return { service, ran };
};

const refusal = (work: Promise<unknown>): Promise<UsherError> =>
  work.then(
    () => assert.unreachable('it was done') as never,
    (error: UsherError) => error,
  );

services('a dry run prints the whole plan and does nothing, for anybody anywhere', async () => {
  const { service, ran } = serviceOn({ there: [], isRoot: false, isBinary: false });
  const install = await service.install({ ...OPTIONS, isDryRun: true });
  assert.ok(install.includes('Write /etc/systemd/system/usher.service (mode 644):'));
  assert.ok(install.includes('    Type=notify'));
  assert.match(install.at(-1) ?? '', /^None of this is done here: systemd does not run this /);
  const booted = await serviceOn({}).service.install({ ...OPTIONS, isDryRun: true });
  assert.is(booted.at(-1), 'Run systemctl start usher.service');
  const removal = await service.uninstall({ ...REMOVAL, isDryRun: true, purge: true });
  assert.ok(removal.includes('Remove /var/lib/usher'));
  assert.equal(ran, []);
});

services('the line for another init system bears a program in a folder with blanks', async () => {
  const adviceFor = async (program: string): Promise<string> =>
    (await refusal(serviceOn({ there: [], program }).service.install(OPTIONS))).message;
  assert.match(await adviceFor('/opt/usher'), /'exec \/opt\/usher serve --data /);
  assert.match(await adviceFor('/opt/my tools/usher'), /'exec "\/opt\/my tools\/usher" serve /);
  assert.match(await adviceFor("/opt/it's/usher"), /'exec "\/opt\/it'\\''s\/usher" serve /);
});

services('who is not root is told so before anything is done', async () => {
  const { service, ran } = serviceOn({ isRoot: false });
  for (const work of [service.install(OPTIONS), service.uninstall(REMOVAL), service.stop()]) {
    const { code, message } = await refusal(work);
    assert.is(code, 'NOT_PERMITTED');
    assert.match(message, /^Only root can do this: run `sudo \/tmp\/usher service \w+`\.$/);
  }
  assert.equal(ran, []);
});

services('another init system gets the line and where to put it', async () => {
  const on = async (sign: string): Promise<string> => {
    const { message } = await refusal(serviceOn({ there: [sign] }).service.install(OPTIONS));
    assert.match(message, "su -s /bin/sh usher -c 'exec /tmp/usher serve --data /var/lib/usher'");
    return message;
  };
  assert.match(await on('/run/runit'), /^runit runs this computer.* into \/etc\/sv\/usher\/run/);
  assert.match(await on('/etc/inittab'), /`us:2345:respawn:su .* into \/etc\/inittab/);
  assert.match(await on('/nothing'), /^systemd does not run this computer: /);
  const { detail } = await serviceOn({ there: [] }).service.status();
  assert.match(detail ?? '', /^systemd does not run this computer: /);
});

services('what a package has installed is its to remove', async () => {
  const there = [SYSTEMD, '/usr/lib/systemd/system/usher.service'];
  const { service, ran } = serviceOn({ there });
  assert.match((await refusal(service.uninstall(REMOVAL))).message, 'remove the package');
  await service.install(OPTIONS);
  assert.equal(ran, ['systemctl enable --quiet usher.service', 'systemctl start usher.service']);
});

services('from its source nothing can be installed', async () => {
  const { service } = serviceOn({ isBinary: false });
  assert.match((await refusal(service.install(OPTIONS))).message, 'npm run build');
});

services('is started and stopped when it is there, and says why not', async () => {
  const { service, ran } = serviceOn({ answers: { 'systemctl show': { out: LOADED } } });
  await service.restart();
  assert.is(ran.at(-1), 'systemctl restart usher.service');
  const none = serviceOn({ answers: { 'systemctl show': { out: 'LoadState=not-found' } } });
  assert.match((await refusal(none.service.start())).message, 'usher service install');
  const failed = `${LOADED.replace('=active', '=failed')}Result=exit-code\nExecMainStatus=2\n`;
  const broken = serviceOn({
    answers: { 'systemctl show': { out: failed }, 'systemctl start': { status: 1 } },
  });
  assert.is(
    (await refusal(broken.service.start())).message,
    'The service did not start: It ended with exit-code (exit code 2). See `usher service logs`.',
  );
});

services('what systemctl says of a failure is told by its first line', async () => {
  const err = 'Job for usher.service failed.\nSee "systemctl status usher.service".\n';
  const answers = { 'systemctl show': { out: LOADED }, 'systemctl restart': { status: 1, err } };
  assert.is(
    (await refusal(serviceOn({ answers }).service.restart())).message,
    'The service did not restart: Job for usher.service failed. See `usher service logs`.',
  );
});

services('the log is the journal’s, for those who may read it', async () => {
  const answers = { 'journalctl --unit=usher.service': { out: 'one\ntwo\n' } };
  assert.equal(await serviceOn({ answers }).service.logs(2), ['one', 'two']);
  assert.equal(await serviceOn({}).service.logs(2), []);
  const stranger = serviceOn({ isRoot: false }).service;
  assert.is((await refusal(stranger.logs(2))).code, 'NOT_PERMITTED');
});

services('the log is followed until it is enough, and a journal that ends is no log', async () => {
  const answers = { 'journalctl --unit=usher.service': { out: 'one\n' } };
  const stop = new AbortController();
  const told: string[] = [];
  const follow: LinuxSystem['follow'] = async (words, tell) => {
    assert.is(words.at(-1), '--follow');
    assert.ok(words.includes('--lines=2'));
    tell('two');
    stop.abort();
    return null;
  };
  const tell = (line: string): void => void told.push(line);
  await serviceOn({ answers, follow }).service.followLogs(2, tell, stop.signal);
  assert.equal(told, ['two']);
  const on = new AbortController().signal;
  const ends = serviceOn({ answers, follow: async () => 1 }).service.followLogs(2, tell, on);
  assert.is((await refusal(ends)).message, 'journalctl ended with 1.');
  const stranger = serviceOn({ isRoot: false, follow }).service.followLogs(2, tell, on);
  assert.is((await refusal(stranger)).code, 'NOT_PERMITTED');
});

services('the firewall is opened when that is asked for, and never else', async () => {
  const open = `firewall open --data /var/lib/usher`;
  const opening = { ...OPTIONS, openFirewall: true };
  const there = [SYSTEMD, '/usr/lib/systemd/system/usher.service'];
  const answers = { '/tmp/usher firewall': { out: 'Opened: UDP 24711.\n' } };
  const { service, ran } = serviceOn({ there, answers });
  await service.install(OPTIONS);
  assert.not.ok(ran.some((one) => one.includes('firewall')));
  assert.ok((await service.install(opening)).includes('Opened: UDP 24711.'));
  assert.is(ran.at(-1), `/tmp/usher ${open}`);
  const plan = await serviceOn({}).service.install({ ...opening, isDryRun: true });
  assert.is(plan.at(-1), `Run /usr/local/bin/usher ${open}`);
  const failing = { '/tmp/usher firewall': { status: 1, err: 'no network.' } };
  const lines = await serviceOn({ there, answers: failing }).service.install(opening);
  assert.ok(lines.includes('The firewall is not open: no network.'));
});

services('systemd’s words become a status', () => {
  const running = readUnitStatus(`${LOADED}StatusText=Serving a=b.\n`);
  assert.equal(running, { state: 'running', pid: 7, startsAtBoot: true, detail: 'Serving a=b.' });
  const stopped = readUnitStatus('LoadState=loaded\nActiveState=inactive\nMainPID=0\n');
  assert.equal(stopped, { state: 'stopped', pid: null, startsAtBoot: false, detail: null });
  assert.is(readUnitStatus('LoadState=not-found\nActiveState=inactive').state, 'not-installed');
  assert.is(readUnitStatus('').state, 'not-installed');
});

services.run();
