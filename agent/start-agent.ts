/** The agent's composition root: makes its edges, joins them to the core, takes them apart again. */

import { createSystemClock } from '../protocol/node/clock.ts';
import { systemEntropy } from '../protocol/node/entropy.ts';
import { nativePrimitives } from '../protocol/node/native-primitives.ts';
import { assert } from '../protocol/result.ts';
import {
  ControlServer,
  type Operate,
  type OperateFor,
  type StoreViews,
} from './admin/control-server.ts';
import { type MonitoringParts, monitoringRoutes } from './admin/monitoring-routes.ts';
import { WebServer } from './admin/web-server.ts';
import { alarmTellers } from './alarm-settings.ts';
import { Agent } from './core/agent.ts';
import { SEED_SIZE } from './core/agent-parts.ts';
import type { HostVerdict } from './core/host/host-verdict.ts';
import type { StatusView } from './core/operations.ts';
import { AgentDriver } from './edges/agent-driver.ts';
import { AlarmBell } from './edges/alarms/alarm-bell.ts';
import { makeBackup } from './edges/backup.ts';
import { DataFolder, suffixOf } from './edges/data-folder.ts';
import { finishRestore } from './edges/finish-restore.ts';
import { History } from './edges/history/history.ts';
import { readHostSigns as readSystemSigns } from './edges/host-facts/host-signs.ts';
import { HostLook, systemLookClocks } from './edges/host-look.ts';
import { loadAddons } from './edges/load-addons.ts';
import { type LogStyle, LogWriter } from './edges/log-writer.ts';
import { Retrying } from './edges/retrying.ts';
import { RotatingLog } from './edges/rotating-log.ts';
import { RulesFile } from './edges/rules-file.ts';
import { isForRulesFile, RulesKeeper } from './edges/rules-keeper.ts';
import type { StoreKeeper, StoreTrouble } from './edges/store-keeper.ts';
import { UdpGateway } from './edges/udp-gateway.ts';
import type { Settings } from './settings.ts';
import { SettingsKeeper } from './settings-keeper.ts';
import { systemReason } from './system-reason.ts';
import { UsherError } from './usher-error.ts';
import { version } from './version.ts';

export interface AgentSurroundings {
  readonly settings: Settings;
  readonly judgeHost: () => Promise<HostVerdict>;
  /** A text that changes when the host could have become another one. */
  readonly readHostSigns?: () => string;
  /** Takes one log line, without its end. */
  readonly writeLine: (line: string) => void;
  readonly logStyle?: LogStyle;
  /** The agent's own log, where somebody else writes into it, too. */
  readonly log?: RotatingLog;
  /** Reads the settings anew for a reload; without it they stay as they are. */
  readonly readSettings?: () => Settings;
  /** Something has happened that the log tells of. */
  readonly onNews?: () => void;
}

export interface RunningAgent extends AsyncDisposable {
  readonly port: number;
  /** Takes up settings and rules again; the log says what came of it. */
  reload(): Promise<void>;
  status(): Promise<StatusView>;
  /** Stops hearing, writes what was promised, gives the folder free. */
  close(): Promise<void>;
}

/** The agent looks at the uptime this often; being late only makes leases longer, never shorter. */
const UPTIME_EVERY_MS = 1000;

/** Starts an agent. Rejects with an `UsherError` that says what to do, and leaves nothing behind. */
export const startAgent = async (around: AgentSurroundings): Promise<RunningAgent> => {
  /** How to take apart what was made, last first. */
  const undo: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const { port, operate } = await assemble(around, undo);
    const reload = async (): Promise<void> => {
      await operate({ kind: 'config-reload' });
    };
    const status = async (): Promise<StatusView> => {
      const outcome = await operate({ kind: 'status' });
      assert(outcome.kind === 'status', 'agent: a status is never refused');
      return outcome.status;
    };
    return { port, reload, status, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
};

const assemble = async (
  around: AgentSurroundings,
  undo: (() => Promise<void>)[],
): Promise<{ readonly port: number; readonly operate: Operate }> => {
  const { settings, judgeHost, readHostSigns = readSystemSigns } = around;
  const folder = new DataFolder(settings.data);
  await folder.prepare();
  await finishRestore(folder, suffixOf(new Date()));
  const hostLook = new HostLook({
    judge: judgeHost,
    readSigns: readHostSigns,
    ...systemLookClocks,
  });
  // Begun early: the store is opened while the machine is read. Whoever asks next gets this look.
  hostLook.look(() => {}).catch(() => {});
  const store = await openStore(folder);
  undo.push(() => store.close());
  await unlessIn(store.trouble, folder.claim(process.pid));
  undo.push(() => folder.unclaim());

  const file = around.log ?? new RotatingLog(folder.log);
  const { writeLine, logStyle } = around;
  const toFile = (line: string): void => file.write(line);
  const log = new LogWriter(writeLine, () => performance.now(), logStyle, toFile);
  const clock = createSystemClock({ checkEvery: UPTIME_EVERY_MS });
  const secret = await folder.agentSecret(systemEntropy);
  const agent = new Agent({
    name: settings.name,
    version,
    primitives: nativePrimitives,
    secret,
    seed: systemEntropy(SEED_SIZE),
    vendorKeys: settings.vendorKeys,
    refuseHosts: settings.refuseHosts,
  });
  let gateway: UdpGateway | undefined;
  const history: History = new History({
    store: { reader: () => store.opened, write: (writes) => driver.also(writes) },
    now: () => clock.now(),
    primitives: nativePrimitives,
    secret,
    levels: () => agent.pools(),
    seats: async () => {
      const outcome = await driver.operate({ kind: 'seat-list' });
      return outcome.kind === 'seat-list' ? outcome.seats : [];
    },
  });
  const tellers = alarmTellers(settings.alarms, settings.name);
  const bell =
    tellers.length === 0
      ? undefined
      : new AlarmBell({
          rules: settings.alarms,
          now: () => clock.now(),
          tellers,
          write: (writes) => driver.also(writes),
          say: (sentence, isWarning) => log.say(sentence, isWarning),
          view: async () => {
            const outcome = await driver.operate({ kind: 'license-list' });
            const licenses = outcome.kind === 'license-list' ? outcome.licenses : [];
            const current = licenses.filter(({ state }) => state !== 'superseded');
            return { licenses: current, pools: agent.pools() };
          },
        });
  undo.push(async () => bell?.stop());
  const driver: AgentDriver = new AgentDriver(agent, {
    clock,
    store,
    observe: (event, effects, at) => {
      if (history.observe(event, effects, at)) bell?.news();
    },
    witness: history.witness,
    send: (to, bytes) => gateway?.send(to, bytes),
    log: (note) => {
      log.note(note);
      around.onNews?.();
    },
    lookAtHost: (report) => hostLook.look(report),
  });
  undo.push(() => driver.stop());
  undo.push(() => history.stop());

  await driver.lookAtHost();
  for await (const entries of store.read()) {
    history.restored(entries);
    bell?.restored(entries);
    driver.feed({ kind: 'restored', entries });
  }
  history.tell('agent-started', `version ${version}`);
  if (store.trouble !== undefined) {
    const { kind, reason } = store.trouble;
    driver.feed({ kind: 'store-closed', reason, damaged: kind === 'damaged' });
  }

  const rules = new RulesKeeper(new RulesFile(folder.rules), (operation) =>
    driver.operate(operation),
  );
  // Before anybody asks for a seat, and when it is known who holds one.
  await rules.perform({ kind: 'rules-reload' });

  const { port, interfaces } = settings;
  gateway = await UdpGateway.open({
    port,
    interfaces,
    onDatagram: (bytes, from) => driver.feed({ kind: 'datagram', from, bytes }),
  });
  undo.push(() => gateway.close());
  const keeper = new SettingsKeeper({
    started: settings,
    read: around.readSettings ?? (() => settings),
    apply: (preferred) => driver.feed({ kind: 'preferences', preferred }),
    say: (sentence, isWarning) => log.say(sentence, isWarning),
  });
  const perform = withFiles(driver, rules, keeper);
  const operateFor: OperateFor = (operation, who) => history.audited(operation, who, perform);
  const views: StoreViews = {
    backup: () => makeBackup(folder, store.opened, version),
    check: () => store.check(),
    history: history.views,
  };
  const control = await openControl(folder, operateFor, views, store.trouble);
  undo.push(async () => control[Symbol.asyncDispose]());
  const operate: Operate = (operation) => operateFor(operation, 'agent');
  await openWeb(settings.console, { operate, measure: () => history.measure() }, undo, log);
  return { port: gateway.port, operate };
};

/** Metrics and, later, the console; without it the agent goes on. */
const openWeb = async (
  port: Settings['console'],
  parts: MonitoringParts,
  undo: (() => Promise<void>)[],
  log: LogWriter,
): Promise<void> => {
  if (port === 'off') return;
  try {
    const web = await WebServer.open(port, monitoringRoutes(parts));
    undo.push(() => web.close());
    log.say(`Metrics are at http://localhost:${web.port}/metrics.`, false);
  } catch (error) {
    const why = systemReason(error);
    log.say(
      `There are no metrics and no console: TCP port ${port} cannot be used (${why}). Set another one, or off: console = PORT.`,
      true,
    );
  }
};

/** What the core decides on, and what begins with reading a file. */
const withFiles =
  (driver: AgentDriver, rules: RulesKeeper, keeper: SettingsKeeper): Operate =>
  async (operation) => {
    if (isForRulesFile(operation)) return rules.perform(operation);
    if (operation.kind !== 'config-reload') return driver.operate(operation);
    // Each tells of its own faults; those of the one keep nobody from the other.
    const taken = await rules.perform({ kind: 'rules-reload' });
    const reloaded = keeper.reload();
    return reloaded.kind === 'refused' || taken.kind !== 'refused' ? reloaded : taken;
  };

/** What cannot be done because of trouble that is known already does not end the agent. */
const unlessIn = async (trouble: StoreTrouble | undefined, done: Promise<void>): Promise<void> => {
  await done.catch((error: unknown) => {
    if (trouble === undefined) throw error;
  });
};

/** On a disk that takes nothing there is no local endpoint; it is tried for until there is. */
const CONTROL_RETRY_MS = 5000;

const openControl = async (
  folder: DataFolder,
  operate: OperateFor,
  views: StoreViews,
  trouble: StoreTrouble | undefined,
): Promise<AsyncDisposable> => {
  const path = folder.controlPath;
  try {
    return await ControlServer.open(path, operate, views);
  } catch (error) {
    if (trouble === undefined) throw folder.unusable(error);
  }
  return new Retrying(() => ControlServer.open(path, operate, views), CONTROL_RETRY_MS);
};

const openStore = async (folder: DataFolder): Promise<StoreKeeper> => {
  try {
    loadAddons(folder);
    // Only now: inside the single binary the addon must be placed before it is loaded.
    const { StoreKeeper } = await import('./edges/store-keeper.ts');
    return await StoreKeeper.open(folder.store);
  } catch (error) {
    if (!(error instanceof UsherError) || error.code !== 'STORE_LOCKED') throw error;
    const holder = await folder.holder();
    const who = holder === undefined ? 'another process' : `process ${holder}`;
    throw new UsherError(
      'STORE_LOCKED',
      `An agent runs on ${folder.path} already (${who}). Stop it, or choose another folder with --data.`,
      error,
    );
  }
};
