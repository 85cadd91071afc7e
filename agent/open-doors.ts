/** Opens the doors by which administrators come in: the console, and the local endpoint. */

import type { Operate } from './admin/control-server.ts';
import type { AgentEngine } from './agent-engine.ts';
import type { AgentGround } from './agent-ground.ts';
import type { AgentVoice } from './agent-voice.ts';
import { makeBackup } from './edges/backup.ts';
import { openConsole } from './open-console.ts';
import { openControl } from './open-control.ts';
import { withRecord } from './operating.ts';
import type { Settings } from './settings.ts';
import type { SettingsView } from './settings-table.ts';
import { signInOfSite } from './site-sign-in.ts';
import { version } from './version.ts';

/** How to take apart what was made, last first. */
export type Undo = (() => Promise<void>)[];

export interface DoorParts {
  readonly settings: Settings;
  readonly viewSettings: (() => SettingsView) | undefined;
  readonly ground: AgentGround;
  readonly voice: AgentVoice;
  readonly engine: AgentEngine;
  readonly perform: Operate;
  readonly udpPort: number;
}

/** Puts into `undo` how they are closed. */
export const openDoors = async (parts: DoorParts, undo: Undo): Promise<void> => {
  const { ground, voice, engine, perform, udpPort } = parts;
  const { folder, store } = ground;
  const { history } = engine;
  const operate = withRecord(history, perform, voice.say);
  const console = await openConsole({
    settings: parts.settings,
    folder,
    operate,
    callParent: (body) => engine.driver.callParent(body),
    monitoring: { operate: perform, measure: () => history.measure() },
    tell: (what, detail, who) => history.tell(what, detail, who),
    recent: voice.recent,
    usage: (range) => engine.views.usage(range),
    udpPort,
    say: voice.say,
    viewSettings: parts.viewSettings,
    calls: engine.calls,
    site: engine.shared && signInOfSite(engine.driver, engine.shared, voice.say),
  });
  voice.onChange = () => console.news();
  undo.push(async () => console[Symbol.asyncDispose]());
  const views = {
    backup: () => makeBackup(folder, store.opened, version),
    check: () => store.check(),
    history: engine.views,
  };
  const control = await openControl(
    folder,
    { operate, views, console: console.door },
    store.trouble,
  );
  undo.push(async () => control[Symbol.asyncDispose]());
};
