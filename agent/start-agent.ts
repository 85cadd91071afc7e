/** The agent's composition root: makes its edges, joins them to the core, takes them apart again. */

import { assert } from '../protocol/result.ts';
import type { Operate } from './admin/control-server.ts';
import { type AgentEngine, startEngine } from './agent-engine.ts';
import { type AgentGround, type HostParts, openGround } from './agent-ground.ts';
import { AgentVoice, type VoiceParts } from './agent-voice.ts';
import type { StatusView } from './core/operations.ts';
import { parseRules } from './core/rules/parse-rules.ts';
import { RulesFile } from './edges/rules-file.ts';
import { RulesKeeper } from './edges/rules-keeper.ts';
import type { Undo } from './open-doors.ts';
import { withFiles } from './operating.ts';
import type { Settings } from './settings.ts';
import { SettingsKeeper } from './settings-keeper.ts';
import type { SettingsView } from './settings-table.ts';
import { withSite } from './site-operations.ts';

export interface AgentSurroundings extends HostParts, VoiceParts {
  readonly settings: Settings;
  /** Reads the settings anew for a reload; without it they stay as they are. */
  readonly readSettings?: () => Settings;
  /** The settings with their sources, for the console. */
  readonly viewSettings?: () => SettingsView;
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

/** Starts an agent. Rejects with an `UsherError` that says what to do, and leaves nothing behind. */
export const startAgent = async (around: AgentSurroundings): Promise<RunningAgent> => {
  const undo: Undo = [];
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
  undo: Undo,
): Promise<{ readonly port: number; readonly operate: Operate }> => {
  const { settings } = around;
  const ground = await openGround(around, settings.data, undo);
  const voice = new AgentVoice(around, ground.folder.log);
  const { onStep } = around;
  const engine = await startEngine(
    { settings, ground, voice, ...(onStep === undefined ? {} : { onStep }) },
    undo,
  );
  const { driver, history, network, calls } = engine;
  // Before anybody asks for a seat, and when it is known who holds one.
  let begun = (): void => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const rules = await openRules({ ground, engine, voice, started });
  undo.push(() => {
    begun();
    return rules.settled();
  });
  const gateway = await network.open(settings, (event) => driver.feed(event));
  undo.push(() => network.close());
  const keeper = new SettingsKeeper({
    started: settings,
    read: around.readSettings ?? (() => settings),
    apply: (preferred) => driver.feed({ kind: 'preferences', preferred }),
    say: voice.say,
  });
  const perform = withSite(engine.site, withFiles(driver, rules, keeper, calls));
  // First whoever asks for an offer already: what serves administrators is loaded afterwards.
  await hearing();
  engine.begin();
  const { openDoors } = await import('./open-doors.ts');
  await hearing();
  const { viewSettings } = around;
  const udpPort = gateway.port;
  await openDoors({ settings, viewSettings, ground, voice, engine, perform, udpPort }, undo);
  begun();
  return {
    port: gateway.port,
    operate: (operation) => history.audited(operation, 'agent', perform),
  };
};

/** What is loaded takes longer: who asks meanwhile would wait for all of it. */
const HEARING_MS = 2;

/** Lets in what has come, and whoever asks in the next moment. */
const hearing = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, HEARING_MS));

interface RuleParts {
  readonly ground: AgentGround;
  readonly engine: AgentEngine;
  readonly voice: AgentVoice;
  readonly started: Promise<void>;
}

/** The keeper of the rules, which are in force when it is there. */
const openRules = async ({ ground, engine, voice, started }: RuleParts): Promise<RulesKeeper> => {
  const { folder } = ground;
  const { driver, shared } = engine;
  const site = shared && (await import('./rules-of-site.ts')).rulesOfSite(folder, driver);
  const rules = new RulesKeeper({
    file: new RulesFile(folder.rules),
    lastGood: new RulesFile(folder.lastGoodRules),
    read: site?.read ?? parseRules,
    apply: (operation) => driver.operate(operation),
    warn: (sentence) => voice.say(sentence, true),
    started,
    ...(site && { site }),
  });
  await rules.perform({ kind: 'rules-reload' });
  shared?.keep('rules', (asked, done) => void rules.takeShared(asked, done));
  return rules;
};
