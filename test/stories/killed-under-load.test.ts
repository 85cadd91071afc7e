import * as assert from 'uvu/assert';
import { type Connection, connect, type Seat } from '../../protocol/client/client.ts';
import { seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { ROUNDS } from './rounds.ts';
import { LOOPBACK, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';

const SEATS = 5;
const CLIENTS = 8;
/** Grants between two kills: enough that some are on their way to the disk, or back from it. */
const GRANTS_A_ROUND = 20;

/** Clients of one office that take seats and give them back as fast as they can. */
class Office {
  grants = 0;
  mostAtOnce = 0;
  #closing = false;
  readonly #held = new Set<Seat>();
  readonly #work: readonly Promise<void>[];

  constructor(site: Site) {
    const options = { vendorKey: site.vendor.key, port: site.port, interfaces: [LOOPBACK] };
    this.#work = Array.from({ length: CLIENTS }, () =>
      this.#workThrough(connect({ ...options, patience: 2000 })),
    );
  }

  async #workThrough(connection: Connection): Promise<void> {
    while (!this.#closing) {
      const seat = await connection.acquire({ product: 'acme-cad' }).catch(() => undefined);
      if (seat === undefined) continue;
      this.#held.add(seat);
      this.grants++;
      const believed = [...this.#held].filter((one) => one.isHeld).length;
      this.mostAtOnce = Math.max(this.mostAtOnce, believed);
      await new Promise((resolve) => setImmediate(resolve));
      this.#held.delete(seat);
      await seat.release();
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#work);
  }
}

story(
  `I12 C7: an agent that is killed under load ${ROUNDS} times lends no seat twice and goes on`,
  async () => {
    await using site = await Site.open();
    let agent = await site.serve();
    const pools = [poolOf(SEATS)];
    await site.addLicense({ pools, term: seconds(10) });
    const keeper = await site.work();
    const [kept] = await site.seats();
    const office = new Office(site);
    for (let round = 0; round < ROUNDS; round++) {
      const enough = office.grants + GRANTS_A_ROUND;
      await until(`round ${round} lends seats`, () => office.grants >= enough || undefined, 60_000);
      await agent.destroy();
      agent = await site.serve();
    }
    const enough = office.grants + GRANTS_A_ROUND;
    await until('seats are lent after the last kill', () => office.grants >= enough || undefined);
    await office.close();
    assert.ok(office.mostAtOnce <= SEATS - 1, `${office.mostAtOnce} at once beside the one kept`);
    // A grant whose client was never told of it lapses with its term.
    const left = await site.seatsBecome(1);
    assert.is(left[0]?.id, kept?.id, 'who held a seat all the time has it still');
    keeper.write('');
    assert.is((await keeper.ending()).code, 0);
  },
);

tellStories();
