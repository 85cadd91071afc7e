/** The flags of commands that look for an agent. */

import { UsherError } from '../usher-error.ts';
import type { Arguments } from './command.ts';

/** Seconds: how long an agent is looked for. */
const DEFAULT_PATIENCE = '3';

/** Whom to ask beside those that are found. */
export const ASK_FLAG = {
  agent: { kind: 'list', value: 'HOST[:PORT]', summary: 'ask this address, too' },
} as const;

export const AGENT_FLAGS = {
  ...ASK_FLAG,
  patience: {
    kind: 'text',
    value: 'SECONDS',
    summary: 'how long to look for an agent [default: 3]',
  },
} as const;

/** Milliseconds. Code: WRONG_USAGE. */
export const readPatience = (args: Arguments): number => {
  const patience = Number(args.text('patience') ?? DEFAULT_PATIENCE) * 1000;
  if (patience > 0 && patience <= 86_400_000) return patience;
  throw new UsherError('WRONG_USAGE', '--patience is a number of seconds, up to a day.');
};
