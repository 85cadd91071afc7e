/** A client's connection as commands open it. */

import { type Connection, connect } from '../../protocol/client/client.ts';
import type { ConnectOptions } from '../../protocol/client/connection.ts';
import { missingInterfaces } from '../../protocol/node/interfaces.ts';
import { UsherError } from '../usher-error.ts';
import type { Invocation } from './command.ts';

/** Connects with the settings and the flag `--agent`. Code: WRONG_USAGE. */
export const openConnection = (
  { args, settings }: Invocation,
  options: Omit<ConnectOptions, 'port' | 'interfaces' | 'agents'>,
): Connection => {
  const { port, interfaces } = settings();
  if (port === 0) throw new UsherError('WRONG_USAGE', 'No agent is at port 0: name one.');
  const missing = missingInterfaces(interfaces ?? []);
  if (missing.length > 0) {
    throw new UsherError(
      'ADDRESS_UNUSABLE',
      `This computer has no interface ${missing.join(', ')}.`,
    );
  }
  try {
    return connect({ ...options, port, interfaces, agents: args.list('agent') });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsherError('WRONG_USAGE', `${error.message}.`, error);
  }
};
