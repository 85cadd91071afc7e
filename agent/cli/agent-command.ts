/** What commands that speak to the running agent have in common. */

import { askAgent } from '../admin/control-client.ts';
import type { Operation, Outcome } from '../core/operations.ts';
import { isChange } from '../core/reading-operations.ts';
import { DataFolder } from '../edges/data-folder.ts';
import { dataFolder } from '../settings.ts';
import { UsherError } from '../usher-error.ts';
import type { Invocation, Terminal } from './command.ts';
import { withRemedy } from './next-step.ts';

/**
 * Asks the agent of the data folder; a refusal becomes an error with its sentence. No other setting is
 * read: a fault in one keeps nobody from the agent.
 */
export const askRunningAgent = async <K extends Operation['kind']>(
  { sources, terminal }: Invocation,
  operation: Extract<Operation, { kind: K }>,
): Promise<Extract<Outcome, { kind: K }>> => {
  const path = new DataFolder(dataFolder(sources)).controlPath;
  if (!isChange(operation)) await tellLapsed(path, terminal);
  const outcome = await askAgent(path, operation);
  if (outcome.kind === 'refused') {
    throw new UsherError('REFUSED', withRemedy(outcome.detail, outcome.code));
  }
  return outcome as Extract<Outcome, { kind: K }>;
};

/** Who was told: once is enough for a command that asks several times. */
const told = new WeakSet<Terminal>();

/** Who only looks is told first of what has lapsed: it may be why he looks. */
const tellLapsed = async (path: string, terminal: Terminal): Promise<void> => {
  if (told.has(terminal)) return;
  told.add(terminal);
  const outcome = await askAgent(path, { kind: 'status' });
  if (outcome.kind !== 'status') return;
  for (const { license, product, what, days } of outcome.status.endings) {
    if (days > 0) continue;
    const which = what === 'license' ? 'License' : `The ${what} of license`;
    terminal.err(`${which} ${license} for ${product} has ended: see \`usher license list\`.\n`);
  }
};

/** Prints a value as JSON when asked to, else what `render` makes of it. */
export const print = <T>(
  { args, terminal }: Invocation,
  value: T,
  render: (value: T) => string,
): void => terminal.out(args.has('json') ? `${JSON.stringify(value, null, 2)}\n` : render(value));
