/** Who asks for an operation, and from where: for the log and the audit. */

import type { Operation, Outcome } from '../core/operations.ts';

export interface Actor {
  /** As the operating system or the password says. */
  readonly name: string;
  /** An address of the network, or `this computer`. */
  readonly from: string;
  readonly by: 'console' | 'command line';
}

/** The command line is on this computer alone: there the name says it all. */
export const actorText = ({ name, from, by }: Actor): string =>
  by === 'command line' ? name : `${name} (${by}, ${from})`;

/** Does an operation for somebody, with a record of it where it changes something. */
export type OperateAs = (operation: Operation, actor: Actor) => Promise<Outcome>;
