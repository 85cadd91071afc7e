/** What the console's server answers: a table of these, so that what is not in it does not exist. */

import type { Role } from './access.ts';
import type { Exchange } from './exchange.ts';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** The whole path; nothing is looked up by it. */
  readonly path: string;
  /**
   * The least role that it asks for; others need not have signed in, wherever they are or only here.
   * `a signed document`: what comes and goes is signed, whoever carries it, and by whatever name this
   * computer is called.
   */
  readonly needs: Role | 'anyone' | 'this computer' | 'a signed document';
  readonly answer: (exchange: Exchange) => Promise<void> | void;
}
