/** Where clients reach the agent, as its edge last told. */

export interface ReachView {
  /** UDP, of all addresses; zero before the agent hears anybody. */
  readonly port: number;
  /** Those of other than this computer alone; link-local ones with their zone. */
  readonly addresses: readonly string[];
  /** Interfaces on which it is announced by mDNS. */
  readonly mdns: readonly string[];
}

export class Reach {
  view: ReachView = { port: 0, addresses: [], mdns: [] };
}
