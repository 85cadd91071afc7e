/** Somebody who asks the members of a site what there are licenses for. */

import type { ResourceSeats } from '../../protocol/replies.ts';
import type { AgentHost } from './agent-host.ts';
import { Host } from './clocks.ts';
import { type ClientParts, ErrandRun } from './errand-run.ts';
import type { SiteGround } from './site-people.ts';

export class SiteInquirer {
  readonly #product: string;
  readonly #parts: ClientParts;

  constructor({ world, network, drift, random }: SiteGround, product: string) {
    const name = 'inquirer';
    const host = new Host(name, 'clients', world, random.fork(), drift);
    let port = 20_000;
    const nextSocket = () => ({ address: '10.6.0.0', port: ++port });
    const watch = { opened: () => {}, sent: () => {} };
    this.#product = product;
    this.#parts = { name, world, network, host, random: random.fork(), watch, nextSocket };
  }

  /** What a member says there is, where it answers. */
  list({ publicKey: key }: AgentHost, onListed: (there: readonly ResourceSeats[]) => void): void {
    const product = this.#product;
    const agent = { key, endpoint: undefined };
    const secret = this.#parts.random.bytes(32);
    const asked = { product, agent, patience: 5000, secret, sent: 0, lastId: 0 };
    const question = { kind: 'resources', product, offset: 0 } as const;
    new ErrandRun(this.#parts, asked, question, (end) => {
      if (end.kind !== 'answered' || end.reply.kind !== 'resources') return;
      onListed(end.reply.resources);
    });
  }
}
