/** The agent's composition root: makes its edges, joins them to the core, takes them apart again. */

import { createSystemClock } from '../protocol/node/clock.ts';
import { systemEntropy } from '../protocol/node/entropy.ts';
import { nativePrimitives } from '../protocol/node/native-primitives.ts';
import { assert } from '../protocol/result.ts';
import {
  type ControlParts,
  ControlServer,
  type Operate,
  type StoreViews,
} from './admin/control-server.ts';
import { type Actor, isChange } from './admin/web/access.ts';
import { Agent } from './core/agent.ts';
import { SEED_SIZE } from './core/agent-parts.ts';
import type { HostVerdict } from './core/host/host-verdict.ts';
import type { StatusView } from './core/operations.ts';
import { AgentDriver } from './edges/agent-driver.ts';
import { makeBackup } from './edges/backup.ts';
import { DataFolder, suffixOf } from './edges/data-folder.ts';
import { finishRestore } from './edges/finish-restore.ts';
import { readHostSigns as readSystemSigns } from './edges/host-facts/host-signs.ts';
import { HostLook, systemLookClocks } from './edges/host-look.ts';
import { loadAddons } from './edges/load-addons.ts';
import { type LogStyle, LogWriter } from './edges/log-writer.ts';
import { RecentNotes } from './edges/recent-notes.ts';
import { Retrying } from './edges/retrying.ts';
import { RulesFile } from './edges/rules-file.ts';
import { isForRulesFile, RulesKeeper } from './edges/rules-keeper.ts';
import type { StoreKeeper, StoreTrouble } from './edges/store-keeper.ts';
import { UdpGateway } from './edges/udp-gateway.ts';
import { type OpenConsole, openConsole } from './open-console.ts';
import type { Settings } from './settings.ts';
import { SettingsKeeper } from './settings-keeper.ts';
import type { SettingsView } from './settings-table.ts';
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
  /** Reads the settings anew for a reload; without it they stay as they are. */
  readonly readSettings?: () => Settings;
  /** The settings with their sources, for the console. */
  readonly viewSettings?: () => SettingsView;
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

  const log = new LogWriter(around.writeLine, () => performance.now(), around.logStyle);
  const recent = new RecentNotes(Date.now);
  let console: OpenConsole | undefined;
  const say = (sentence: string, warning: boolean): void => {
    log.say(sentence, warning);
    recent.say(sentence, warning);
    console?.news();
  };
  const agent = new Agent({
    name: settings.name,
    version,
    primitives: nativePrimitives,
    secret: await folder.agentSecret(systemEntropy),
    seed: systemEntropy(SEED_SIZE),
    vendorKeys: settings.vendorKeys,
    refuseHosts: settings.refuseHosts,
  });
  let gateway: UdpGateway | undefined;
  const driver = new AgentDriver(agent, {
    clock: createSystemClock({ checkEvery: UPTIME_EVERY_MS }),
    store,
    send: (to, bytes) => gateway?.send(to, bytes),
    log: (note) => {
      log.note(note);
      recent.note(note);
      console?.news();
      around.onNews?.();
    },
    lookAtHost: (report) => hostLook.look(report),
  });
  undo.push(() => driver.stop());

  await driver.lookAtHost();
  for await (const entries of store.read()) driver.feed({ kind: 'restored', entries });
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
    say,
  });
  const operate = withFiles(driver, rules, keeper);
  console = await openConsole({
    settings,
    folder,
    operate: async (operation) => {
      const outcome = await operate(operation);
      if (isChange(operation)) console?.news();
      return outcome;
    },
    recent,
    udpPort: gateway.port,
    say,
    viewSettings: around.viewSettings,
  });
  const { operateAs, door } = console;
  undo.push(async () => console?.[Symbol.asyncDispose]());
  const views: StoreViews = {
    backup: () => makeBackup(folder, store.opened, version),
    check: () => store.check(),
  };
  const byCommand: Operate = (operation) => operateAs(operation, LOCAL_ADMINISTRATOR);
  const parts: ControlParts = { operate: byCommand, views, console: door };
  const control = await openControl(folder, parts, store.trouble);
  undo.push(async () => control[Symbol.asyncDispose]());
  return { port: gateway.port, operate };
};

/** The system lets only these open the local endpoint. */
const LOCAL_ADMINISTRATOR: Actor = {
  name: 'the administrator',
  from: 'this computer',
  by: 'command line',
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
  parts: ControlParts,
  trouble: StoreTrouble | undefined,
): Promise<AsyncDisposable> => {
  const path = folder.controlPath;
  try {
    return await ControlServer.open(path, parts);
  } catch (error) {
    if (trouble === undefined) throw folder.unusable(error);
  }
  return new Retrying(() => ControlServer.open(path, parts), CONTROL_RETRY_MS);
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
