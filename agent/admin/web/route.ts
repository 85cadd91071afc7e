/** What the console's server answers: a table of these, so that what is not in it does not exist. */

import type { Role } from './access.ts';
import type { Exchange } from './exchange.ts';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** The whole path; nothing is looked up by it. */
  readonly path: string;
  /** The least role that it asks for; others need not have signed in, wherever they are or only here. */
  readonly needs: Role | 'anyone' | 'this computer';
  readonly answer: (exchange: Exchange) => Promise<void> | void;
}
