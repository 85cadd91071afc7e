/** What commands that speak to the running agent have in common. */

import { askAgent } from '../admin/control-client.ts';
import type { Operation, Outcome } from '../core/operations.ts';
import { DataFolder } from '../edges/data-folder.ts';
import { dataFolder } from '../settings.ts';
import { UsherError } from '../usher-error.ts';
import type { Invocation } from './command.ts';

/**
 * Asks the agent of the data folder; a refusal becomes an error with its sentence. No other setting is
 * read: a fault in one keeps nobody from the agent.
 */
export const askRunningAgent = async <K extends Operation['kind']>(
  { sources }: Invocation,
  operation: Extract<Operation, { kind: K }>,
): Promise<Extract<Outcome, { kind: K }>> => {
  const path = new DataFolder(dataFolder(sources)).controlPath;
  const outcome = await askAgent(path, operation);
  if (outcome.kind === 'refused') throw new UsherError('REFUSED', outcome.detail);
  return outcome as Extract<Outcome, { kind: K }>;
};

/** Prints a value as JSON when asked to, else what `render` makes of it. */
export const print = <T>(
  { args, terminal }: Invocation,
  value: T,
  render: (value: T) => string,
): void => terminal.out(args.has('json') ? `${JSON.stringify(value, null, 2)}\n` : render(value));
