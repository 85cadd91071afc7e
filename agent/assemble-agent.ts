/** Joins an agent's edges to its core, and has it hear. The store is being opened while this is loaded. */

import type { Operate } from './admin/control-server.ts';
import { type AgentEngine, startEngine } from './agent-engine.ts';
import type { AgentGround } from './agent-ground.ts';
import { AgentVoice } from './agent-voice.ts';
import { parseRules } from './core/rules/parse-rules.ts';
import { RulesFile } from './edges/rules-file.ts';
import { RulesKeeper } from './edges/rules-keeper.ts';
import type { Undo } from './open-doors.ts';
import { withFiles } from './operating.ts';
import { SettingsKeeper } from './settings-keeper.ts';
import { withSite } from './site-operations.ts';
import type { AgentSurroundings } from './start-agent.ts';

export interface AssembledAgent {
  readonly port: number;
  readonly operate: Operate;
}

/** `opening`: what the agent stands on. How to take apart what was made is put into `undo`. */
export const assembleAgent = async (
  around: AgentSurroundings,
  opening: Promise<AgentGround>,
  undo: Undo,
): Promise<AssembledAgent> => {
  const { settings } = around;
  const ground = await opening;
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
  const perform = withSite(engine.lookAtSite, withFiles(driver, rules, keeper, calls));
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
