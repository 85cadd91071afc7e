/** An agent's history, asked of it or, where it does not run, read from its store. */

import { fetchHistory } from '../../admin/control-client.ts';
import { DataFolder } from '../../edges/data-folder.ts';
import type { HistoryViews } from '../../edges/history/history-views.ts';
import { dataFolder } from '../../settings.ts';
import { UsherError } from '../../usher-error.ts';
import type { Invocation } from '../command.ts';

/** What the agent of the data folder answers to `target`, or `atRest` finds in the store. */
export const askHistory = <T>(
  invocation: Invocation,
  target: string,
  atRest: (views: HistoryViews) => Promise<T>,
): Promise<T> => runningOrAtRest(invocation, (path) => fetchHistory<T>(path, target), atRest);

/** Asks the running agent by its local endpoint; where none runs, reads the store. */
export const runningOrAtRest = async <T>(
  { sources }: Invocation,
  ask: (controlPath: string) => Promise<T>,
  atRest: (views: HistoryViews) => Promise<T>,
): Promise<T> => {
  const folder = new DataFolder(dataFolder(sources));
  try {
    return await ask(folder.controlPath);
  } catch (error) {
    if (!(error instanceof UsherError) || error.code !== 'NO_AGENT') throw error;
  }
  try {
    const { withHistoryAtRest } = await import('../../edges/history/history-at-rest.ts');
    return await withHistoryAtRest(folder, atRest);
  } catch (error) {
    throw folder.unusable(error);
  }
};
