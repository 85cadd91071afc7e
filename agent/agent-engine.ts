/** The core of a running agent, joined to its ground: what drives it, writes its history, rings its bell. */

import { KEY_SIZE } from '../protocol/limits.ts';
import { createSystemClock } from '../protocol/node/clock.ts';
import { systemEntropy } from '../protocol/node/entropy.ts';
import { nativePrimitives } from '../protocol/node/native-primitives.ts';
import type { AgentGround } from './agent-ground.ts';
import { AgentNetwork } from './agent-network.ts';
import type { AgentVoice } from './agent-voice.ts';
import { Agent } from './core/agent.ts';
import { SEED_SIZE } from './core/agent-parts.ts';
import { noteToSentence } from './core/notes.ts';
import { AgentDriver } from './edges/agent-driver.ts';
import type { AlarmBell } from './edges/alarms/alarm-bell.ts';
import { CallLog } from './edges/call-log.ts';
import type { History } from './edges/history/history.ts';
import type { ShownHistory } from './edges/history/history-views.ts';
import { askMaster, CALL_TIMEOUT_MS } from './edges/master-client.ts';
import type { SharedTexts } from './edges/site/shared-texts.ts';
import { openBell } from './open-bell.ts';
import { openHistory } from './open-history.ts';
import type { Settings } from './settings.ts';
import type { SiteDesk } from './site-desk.ts';
import { version } from './version.ts';

export interface EngineParts {
  readonly settings: Settings;
  readonly ground: AgentGround;
  readonly voice: AgentVoice;
  /** The agent is about to do something, of whatever kind. */
  readonly onStep?: () => void;
}

export interface AgentEngine {
  readonly driver: AgentDriver;
  /** The agent hears: what waited to be written is. */
  readonly begin: () => void;
  readonly history: History;
  readonly network: AgentNetwork;
  /** Where this agent is a member of a site. */
  readonly site: Pick<SiteDesk, 'look' | 'voters'> | undefined;
  /** What is shown of the history: in a site of all members. */
  readonly views: ShownHistory;
  readonly calls: CallLog;
  /** Of a member of a site: who keeps what all of them have in common says so here. */
  readonly shared: SharedTexts | undefined;
}

const masterClient = { version, environment: process.env, timeoutMs: CALL_TIMEOUT_MS };

const UNMARKED =
  'What was said of licenses could be kept nowhere outside the data folder: keep that folder safe.';

/** The agent looks at the uptime this often; being late only makes leases longer, never shorter. */
const UPTIME_EVERY_MS = 1000;

/** Makes an engine that has read its store; it hears nobody yet. */
export const startEngine = async (
  parts: EngineParts,
  undo: (() => Promise<void>)[],
): Promise<AgentEngine> => {
  const { settings, voice, ground } = parts;
  const { store, key } = ground;
  const clock = createSystemClock({ checkEvery: UPTIME_EVERY_MS });
  const { publicKey } = nativePrimitives.agreementKeys(key.secret);
  const register = await openSite(settings, publicKey, undo);
  const agent = await makeAgent(parts, register);
  const network = new AgentNetwork({ clock, agentKey: publicKey });
  const history = openHistory({
    store,
    clock,
    key,
    agent,
    isOfSite: settings.site.endpoints.length > 0,
    driver: (): AgentDriver => driver,
  });
  const calls = new CallLog(ground.folder.callLog);
  let bell: AlarmBell | undefined;
  const driver: AgentDriver = new AgentDriver(agent, {
    clock,
    store,
    observe: (event, effects, at) => {
      if (history.observe(event, effects, at)) bell?.news();
    },
    witness: history.witness,
    send: (to, bytes) => network.send(to, bytes),
    log: (note) => {
      if (note.kind === 'shared-taken') history.tell(note.kind, noteToSentence(note), 'site');
      voice.note(note);
    },
    lookAtHost: async (report) => {
      await ground.hostLook.look(report);
      network.notice();
    },
    keepHost: (identity) => key.keep(identity),
    askMaster: (question, stop) =>
      calls.watch(question, process.env, () => askMaster(question, masterClient, stop)),
    ...(register && {
      askRegister: register.ask,
      takeShared: (asked, done) => register.texts.take(asked, done),
      onSiteChanged: voice.changed,
    }),
    keepMarks: async (marks) => {
      if (!(await ground.places.keep(marks))) voice.say(UNMARKED, true);
    },
    drawSecret: () => systemEntropy(KEY_SIZE),
    isHeld: true,
    askAround: (bytes) => network.askAround(bytes),
    ...(parts.onStep === undefined ? {} : { onStep: parts.onStep }),
  });
  bell = openBell({ settings, agent, driver, now: clock.now, say: voice.say });
  undo.push(async () => bell?.stop());
  undo.push(() => driver.stop());
  undo.push(() => history.stop());
  await driver.lookAtHost();
  await restore(store, history, bell, driver);
  const views =
    register === undefined ? history.views : await showSite(register, parts, history, undo);
  const begin = (): void => {
    history.tell('agent-started', `version ${version}`);
    driver.begin();
  };
  const shared = register?.texts;
  return { driver, begin, history, views, network, calls, shared, site: register };
};

/** The history of all members; nobody waits for it at the start. */
const showSite = async (
  register: SiteDesk,
  { settings }: EngineParts,
  { views }: History,
  undo: (() => Promise<void>)[],
): Promise<ShownHistory> => {
  const { SiteHistory } = await import('./edges/site/site-history.ts');
  const stop = new AbortController();
  const told = new SiteHistory({
    me: register.me,
    name: () => settings.name,
    ask: (ask) => register.ask(ask, stop.signal),
    views,
    wall: () => Math.floor(Date.now() / 1000),
  });
  told.start();
  undo.push(async () => {
    await told.stop();
    stop.abort();
  });
  return {
    usage: (range) => told.usage(range),
    audit: (since) => told.audit(since),
    checkAudit: (noted) => views.checkAudit(noted),
    auditHead: () => views.auditHead(),
  };
};

/** What speaks to a register is loaded by members of a site alone. */
const openSite = async (
  { site }: Settings,
  agentKey: Uint8Array,
  undo: (() => Promise<void>)[],
): Promise<SiteDesk | undefined> => {
  if (site.endpoints.length === 0) return undefined;
  const { openSiteDesk } = await import('./site-desk.ts');
  const desk = openSiteDesk(site, agentKey);
  undo.push(async () => desk.close());
  return desk;
};

const makeAgent = async (
  { settings, ground }: EngineParts,
  register: SiteDesk | undefined,
): Promise<Agent> =>
  new Agent({
    name: settings.name,
    version,
    primitives: nativePrimitives,
    secret: ground.key.secret,
    keptHost: ground.key.kept,
    seed: systemEntropy(SEED_SIZE),
    vendorKeys: settings.vendorKeys,
    refuseHosts: settings.refuseHosts,
    ...(register && { site: register.making }),
    marks: await ground.places.read(),
  });

/** Tells everybody what the store holds, and whether it can be written. */
const restore = async (
  store: AgentGround['store'],
  history: History,
  bell: AlarmBell | undefined,
  driver: AgentDriver,
): Promise<void> => {
  for await (const entries of store.read()) {
    history.restored(entries);
    bell?.restored(entries);
    driver.feed({ kind: 'restored', entries });
  }
  if (store.trouble === undefined) return;
  const { kind, reason } = store.trouble;
  driver.feed({ kind: 'store-closed', reason, damaged: kind === 'damaged' });
};
