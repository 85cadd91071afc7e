/** The agent's composition root: makes its edges, joins them to the core, takes them apart again. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSystemClock, timerMs } from '../protocol/node/clock.ts';
import { systemEntropy } from '../protocol/node/entropy.ts';
import { nativePrimitives } from '../protocol/node/native-primitives.ts';
import { assert } from '../protocol/result.ts';
import type { Operate, StoreViews } from './admin/control-server.ts';
import { Agent } from './core/agent.ts';
import { SEED_SIZE } from './core/agent-parts.ts';
import type { HostVerdict } from './core/host/host-verdict.ts';
import type { StatusView } from './core/operations.ts';
import { AgentDriver } from './edges/agent-driver.ts';
import type { AlarmBell } from './edges/alarms/alarm-bell.ts';
import { makeBackup } from './edges/backup.ts';
import { DataFolder, suffixOf } from './edges/data-folder.ts';
import { finishRestore } from './edges/finish-restore.ts';
import { readHostSigns as readSystemSigns } from './edges/host-facts/host-signs.ts';
import { HostLook, systemLookClocks } from './edges/host-look.ts';
import { type LogStyle, LogWriter } from './edges/log-writer.ts';
import { MarkPlaces } from './edges/mark-places.ts';
import { askMaster, CALL_TIMEOUT_MS } from './edges/master-client.ts';
import { readOwnHostCode } from './edges/own-host-code.ts';
import { RecentNotes } from './edges/recent-notes.ts';
import { RotatingLog } from './edges/rotating-log.ts';
import { RulesFile } from './edges/rules-file.ts';
import { RulesKeeper } from './edges/rules-keeper.ts';
import { UdpGateway } from './edges/udp-gateway.ts';
import { openBell } from './open-bell.ts';
import { type OpenConsole, openConsole } from './open-console.ts';
import { openControl } from './open-control.ts';
import { openHistory } from './open-history.ts';
import { openKey, openStore, unlessIn } from './open-store.ts';
import { withFiles, withRecord } from './operating.ts';
import type { Settings } from './settings.ts';
import { SettingsKeeper } from './settings-keeper.ts';
import type { SettingsView } from './settings-table.ts';
import { version } from './version.ts';

export interface AgentSurroundings {
  readonly settings: Settings;
  readonly judgeHost: () => Promise<HostVerdict>;
  /** The computer's plain host code. */
  readonly readHostCode?: () => Promise<Uint8Array>;
  /** A text that changes when the host could have become another one. */
  readonly readHostSigns?: () => string;
  /** Takes one log line, without its end. */
  readonly writeLine: (line: string) => void;
  readonly logStyle?: LogStyle;
  /** The agent's own log, where somebody else writes into it, too. */
  readonly log?: RotatingLog;
  /** Reads the settings anew for a reload; without it they stay as they are. */
  readonly readSettings?: () => Settings;
  /** The settings with their sources, for the console. */
  readonly viewSettings?: () => SettingsView;
  /** Something has happened that the log tells of. */
  readonly onNews?: () => void;
  /** The agent is about to do something, of whatever kind. */
  readonly onStep?: () => void;
}

export interface RunningAgent extends AsyncDisposable {
  readonly port: number;
  /** Takes up settings and rules again; the log says what came of it. */
  reload(): Promise<void>;
  status(): Promise<StatusView>;
  /** Stops hearing, writes what was promised, gives the folder free. */
  close(): Promise<void>;
}

const masterClient = { version, environment: process.env, timeoutMs: CALL_TIMEOUT_MS };

const UNMARKED =
  'What was said of licenses could be kept nowhere outside the data folder: keep that folder safe.';

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
  const { settings } = around;
  const folder = new DataFolder(settings.data);
  await folder.prepare();
  await finishRestore(folder, suffixOf(new Date()));
  const hostLook = openLook(around);
  const store = await openStore(folder);
  undo.push(() => store.close());
  await unlessIn(store.trouble, folder.claim(process.pid));
  undo.push(() => folder.unclaim());

  const log = openLog(around, folder);
  const recent = new RecentNotes(Date.now);
  let console: OpenConsole | undefined;
  const say = (sentence: string, isWarning: boolean): void => {
    log.say(sentence, isWarning);
    recent.say(sentence, isWarning);
    console?.news();
  };
  const key = await openKey(folder);
  const places = MarkPlaces.of(folder, process.env);
  const agent = new Agent({
    name: settings.name,
    version,
    primitives: nativePrimitives,
    secret: key.secret,
    keptHost: key.kept,
    seed: systemEntropy(SEED_SIZE),
    vendorKeys: settings.vendorKeys,
    refuseHosts: settings.refuseHosts,
    marks: await places.read(),
  });
  const clock = createSystemClock({ checkEvery: UPTIME_EVERY_MS });
  let gateway: UdpGateway | undefined;
  let network = '';
  // Only while somebody asks for seats: a cable that is plugged in wakes nobody up.
  const noticeNetwork = (): void => {
    if (gateway === undefined) return;
    const { port, addresses } = gateway;
    if (addresses.join() === network) return;
    network = addresses.join();
    driver.feed({ kind: 'network-changed', port, addresses });
  };
  const history = openHistory({
    store,
    clock,
    secret: key.secret,
    agent,
    driver: (): AgentDriver => driver,
  });
  let bell: AlarmBell | undefined;
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
      recent.note(note);
      console?.news();
      around.onNews?.();
    },
    lookAtHost: async (report) => {
      await hostLook.look(report);
      noticeNetwork();
    },
    keepHost: (identity) => key.keep(identity),
    askMaster: (question, stop) => askMaster(question, masterClient, stop),
    keepMarks: async (marks) => {
      if (!(await places.keep(marks))) say(UNMARKED, true);
    },
    askAround: (bytes) => gateway?.askAround(bytes),
    ...(around.onStep === undefined ? {} : { onStep: around.onStep }),
  });
  bell = openBell({ settings, agent, driver, now: clock.now, say });
  undo.push(async () => bell?.stop());
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

  const rules = new RulesKeeper({
    file: new RulesFile(folder.rules),
    lastGood: new RulesFile(folder.lastGoodRules),
    apply: (operation) => driver.operate(operation),
    warn: (sentence) => say(sentence, true),
  });
  // Before anybody asks for a seat, and when it is known who holds one.
  await rules.perform({ kind: 'rules-reload' });

  const { port, interfaces } = settings;
  gateway = await UdpGateway.open({
    port,
    interfaces,
    onDatagram: (bytes, from) => driver.feed({ kind: 'datagram', from, bytes }),
  });
  undo.push(() => gateway.close());
  noticeNetwork();
  const keeper = new SettingsKeeper({
    started: settings,
    read: around.readSettings ?? (() => settings),
    apply: (preferred) => driver.feed({ kind: 'preferences', preferred }),
    say,
  });
  const perform = withFiles(driver, rules, keeper);
  const operate = withRecord(history, perform, say);
  const views: StoreViews = {
    backup: () => makeBackup(folder, store.opened, version),
    check: () => store.check(),
    history: history.views,
  };
  // First whoever asks for an offer already.
  await nextTurn();
  console = await openConsole({
    settings,
    folder,
    operate,
    monitoring: { operate: perform, measure: () => history.measure() },
    tell: (what, detail, who) => history.tell(what, detail, who),
    recent,
    udpPort: gateway.port,
    say,
    viewSettings: around.viewSettings,
  });
  undo.push(async () => console?.[Symbol.asyncDispose]());
  const control = await openControl(
    folder,
    { operate, views, console: console.door },
    store.trouble,
  );
  undo.push(async () => control[Symbol.asyncDispose]());
  const ownOperate: Operate = (operation) => history.audited(operation, 'agent', perform);
  return { port: gateway.port, operate: ownOperate };
};

/** Begun early: the store is opened while the machine is read. Whoever asks next gets this look. */
const openLook = ({
  judgeHost,
  readHostSigns = readSystemSigns,
  readHostCode = readOwnHostCode,
}: AgentSurroundings): HostLook => {
  const look = new HostLook({
    judge: async () => {
      const [verdict, code] = await Promise.all([judgeHost(), readHostCode()]);
      return { verdict, code };
    },
    readSigns: readHostSigns,
    ...systemLookClocks,
  });
  look.look(() => {}).catch(() => {});
  return look;
};

/** Lines for whoever started the agent, and for its own file. */
const openLog = (
  { log, writeLine, logStyle }: AgentSurroundings,
  folder: DataFolder,
): LogWriter => {
  const file = log ?? new RotatingLog(folder.log);
  return new LogWriter(writeLine, timerMs, logStyle, (line) => file.write(line));
};
