/** The agent's composition root: makes its edges, joins them to the core, takes them apart again. */

import { assert } from '../protocol/result.ts';
import { type HostParts, openGround, storeIsAsked } from './agent-ground.ts';
import type { VoiceParts } from './agent-voice.ts';
import type { AssembledAgent } from './assemble-agent.ts';
import type { StatusView } from './core/operations.ts';
import type { Undo } from './open-doors.ts';
import type { Settings } from './settings.ts';
import type { SettingsView } from './settings-table.ts';

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

/** Loads most of the agent while the disk opens the store: nothing of it is needed before. */
const assemble = async (around: AgentSurroundings, undo: Undo): Promise<AssembledAgent> => {
  const opening = openGround(around, around.settings.data, undo);
  opening.catch(() => {});
  await storeIsAsked();
  const { assembleAgent } = await import('./assemble-agent.ts');
  return assembleAgent(around, opening, undo);
};
