/** The service under systemd. */

import { existsSync } from 'node:fs';
import { isSea } from 'node:sea';
import { followTool, type Tool, toolWithin } from '../edges/system-tool.ts';
import { MACHINE_DATA, MACHINE_SETTINGS } from '../settings-file.ts';
import { UsherError } from '../usher-error.ts';
import { INSTALLED_PROGRAM, planInstall, planUninstall } from './linux-plan.ts';
import { UNIT } from './linux-unit.ts';
import { otherInitAdvice } from './other-init.ts';
import { performPlan } from './perform-plan.ts';
import { stepToLines } from './plan.ts';
import type {
  InstallOptions,
  ServiceManager,
  ServiceStatus,
  UninstallOptions,
} from './service-manager.ts';
import { readUnitStatus, UNIT_PROPERTIES } from './unit-status.ts';

/** What a service of the system needs of the world, so that tests can be another one. */
export interface LinuxSystem {
  readonly isRoot: boolean;
  readonly program: string;
  /** The program is the single binary, which can be installed. */
  readonly isBinary: boolean;
  readonly exists: (path: string) => boolean;
  readonly run: Tool;
  readonly follow: typeof followTool;
}

/** A start takes at most 90 s and a stop 20, by the unit and by systemd. */
const CONTROL_MS = 180_000;

export const linuxSystem = (): LinuxSystem => ({
  isRoot: process.getuid?.() === 0,
  program: process.execPath,
  isBinary: isSea(),
  exists: existsSync,
  run: toolWithin(CONTROL_MS),
  follow: followTool,
});

/** sd_booted(3): systemd is in charge when this folder is there. */
const SYSTEMD_SIGN = '/run/systemd/system';
const PACKAGED_UNITS = [`/usr/lib/systemd/system/${UNIT}`, `/lib/systemd/system/${UNIT}`];

export class LinuxService implements ServiceManager {
  readonly #system: LinuxSystem;

  constructor(system: LinuxSystem) {
    this.#system = system;
  }

  async install({ isDryRun, ...wishes }: InstallOptions): Promise<readonly string[]> {
    const { program, run, isBinary } = this.#system;
    const steps = planInstall({ program, isPackaged: this.#isPackaged, ...wishes });
    const advice = this.#otherInit;
    const but = advice === undefined ? [] : [`None of this is done here: ${advice}`];
    if (isDryRun) return [...steps.flatMap(stepToLines), ...but];
    this.#demandSystemd();
    this.#demandRoot('install');
    if (!isBinary)
      throw new UsherError(
        'REFUSED',
        'This is Usher from its source: `npm run build` makes the program that can be installed.',
      );
    const lines = await performPlan(steps, run);
    const what = lines.length === 0 ? ['Everything was in place already.'] : lines;
    const then = wishes.isLeftStopped
      ? 'Start it with `usher service start`.'
      : `The agent runs, now and after each start of this computer; its settings are in ${MACHINE_SETTINGS}.`;
    return [...what, then];
  }

  async uninstall(options: UninstallOptions): Promise<readonly string[]> {
    const { isDryRun, purge } = options;
    if (this.#isPackaged)
      throw new UsherError(
        'REFUSED',
        'A package has installed Usher here: remove the package `usher` with the tool that installed it.',
      );
    const steps = planUninstall({ ...options, program: this.#system.program });
    if (isDryRun) return steps.flatMap(stepToLines);
    this.#demandSystemd();
    this.#demandRoot('uninstall');
    const lines = await performPlan(steps, this.#system.run);
    const kept = [MACHINE_DATA, MACHINE_SETTINGS].filter((path) => this.#system.exists(path));
    if (purge || kept.length === 0)
      return lines.length === 0 ? ['Nothing was installed here.'] : lines;
    const how = 'remove them with `usher service uninstall --purge`';
    return [...lines, `Kept: ${kept.join(' and ')}; ${how}.`];
  }

  start(): Promise<void> {
    return this.#control('start');
  }

  stop(): Promise<void> {
    return this.#control('stop');
  }

  restart(): Promise<void> {
    return this.#control('restart');
  }

  async status(): Promise<ServiceStatus> {
    const { exists, run, program } = this.#system;
    if (!exists(SYSTEMD_SIGN))
      return { ...NOT_INSTALLED, detail: otherInitAdvice(exists, program) };
    const { out } = await run(['systemctl', 'show', UNIT, `--property=${UNIT_PROPERTIES}`]);
    return readUnitStatus(out);
  }

  async logs(lines: number): Promise<readonly string[]> {
    this.#demandSystemd();
    const { status, out, err } = await this.#system.run(journal(lines));
    if (status !== 0) throw new UsherError('REFUSED', `journalctl failed: ${err.trim()}.`);
    if (out === '' && !this.#system.isRoot)
      throw new UsherError(
        'NOT_PERMITTED',
        'This user may not read the journal: be root, or in the group systemd-journal.',
      );
    return out.split('\n').filter((line) => line !== '');
  }

  async followLogs(lines: number, tell: (line: string) => void, stop: AbortSignal): Promise<void> {
    // Who may not read it is told so.
    await this.logs(1);
    const status = await this.#system.follow([...journal(lines), '--follow'], tell, stop);
    if (!stop.aborted) throw new UsherError('REFUSED', `journalctl ended with ${status}.`);
  }

  async #control(verb: 'start' | 'stop' | 'restart'): Promise<void> {
    this.#demandSystemd();
    this.#demandRoot(verb);
    if ((await this.status()).state === 'not-installed')
      throw new UsherError(
        'REFUSED',
        'The service is not installed: do that with `usher service install`.',
      );
    const { status, err } = await this.#system.run(['systemctl', verb, UNIT]);
    if (status === 0) return;
    const { detail } = await this.status();
    // The lines after the first name commands that ours stand for.
    const why = detail ?? err.trim().split('\n')[0];
    throw new UsherError(
      'REFUSED',
      `The service did not ${verb}: ${why} See \`usher service logs\`.`,
    );
  }

  get #isPackaged(): boolean {
    return PACKAGED_UNITS.some((path) => this.#system.exists(path));
  }

  /** What to do where systemd is not in charge. */
  get #otherInit(): string | undefined {
    const { exists, program, isBinary } = this.#system;
    if (exists(SYSTEMD_SIGN)) return undefined;
    return otherInitAdvice(exists, isBinary ? program : INSTALLED_PROGRAM);
  }

  #demandSystemd(): void {
    const advice = this.#otherInit;
    if (advice !== undefined) throw new UsherError('REFUSED', advice);
  }

  #demandRoot(verb: string): void {
    if (this.#system.isRoot) return;
    const sentence = `Only root can do this: run \`sudo ${this.#system.program} service ${verb}\`.`;
    throw new UsherError('NOT_PERMITTED', sentence);
  }
}

/** The command that prints the service's newest lines. */
const journal = (lines: number): readonly string[] => [
  ...['journalctl', `--unit=${UNIT}`, `--lines=${lines}`, '--no-pager', '--quiet'],
  '--output=short-iso',
];

const NOT_INSTALLED = {
  state: 'not-installed',
  pid: null,
  startsAtBoot: false,
} as const;
