import { writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import type { LicenseView } from '../../agent/core/operations.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { PROGRAM, type Running } from './program.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories, untold } from './story.ts';
import { until } from './until.ts';
import { DAY, now } from './vendor.ts';

/** The single binary has no options of Node. */
const isTree = PROGRAM.length === 2;

/** A computer's clock that is set during a story, in days ahead of the true time. */
class WrongClock {
  readonly env: NodeJS.ProcessEnv;
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
    const loaded = new URL('./wrong-clock.js', import.meta.url).href;
    this.env = { NODE_OPTIONS: `--import=${loaded}`, STORY_CLOCK: file };
  }

  static async at(site: Site, name: string, days: number): Promise<WrongClock> {
    const clock = new WrongClock(site.file(name));
    await clock.set(days);
    return clock;
  }

  set(days: number): Promise<void> {
    return writeFile(this.#file, String(days * DAY));
  }
}

/** Starts the agent of a site that has a port already on a computer with such a clock. */
const serveBy = async (site: Site, { env }: WrongClock): Promise<Running> => {
  const agent = site.start(['serve'], { env });
  await agent.saying(/Serving on UDP port/);
  return agent;
};

const stop = async (agent: Running): Promise<void> => {
  agent.kill('SIGTERM');
  await agent.gone;
};

const stateOf = async (site: Site): Promise<LicenseView['state'] | undefined> =>
  (await site.licenses())[0]?.state;

/** Whoever holds seats has been renewed so many times more. */
const renewedMore = async (site: Site, times: number): Promise<void> => {
  const renewals = async () => (await site.status()).counters['renewed'] ?? 0;
  const before = await renewals();
  await until('seats are renewed', async () =>
    (await renewals()) >= before + times ? true : undefined,
  );
};

const tell = isTree ? story : untold;

tell(
  'a clock that is turned back revives no license, until an administrator resets it',
  async () => {
    await using site = await Site.open();
    await stop(await site.serve());
    const clock = await WrongClock.at(site, 'clock', 0);
    const agent = await serveBy(site, clock);
    await site.addLicense({ expires: epochSeconds(now() + 100 * DAY) });
    assert.is((await site.tryToWork()).code, 0);

    await clock.set(101);
    assert.is(await stateOf(site), 'expired');
    await clock.set(0);
    assert.is(await stateOf(site), 'expired');
    await stop(agent);
    await site.serve();
    assert.is(await stateOf(site), 'expired', 'it remembers the time over a restart');
    const refused = await site.tryToWork();
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /The license has expired\./);
    assert.ok((await site.status()).clock.behind > 100 * DAY - 3600);

    // The clock was wrong in the future; it is right now, and somebody who may says so.
    const reset = await site.usher('clock', 'reset');
    assert.is(reset.code, 0, reset.stderr);
    assert.is(await stateOf(site), 'active');
    assert.is((await site.tryToWork()).code, 0);
    const again = await site.ask({ kind: 'clock-reset' }).catch((error: Error) => error.message);
    assert.match(String(again), /there is nothing to reset/);
  },
);

tell('a small correction of the clock is nothing that anybody has to know of', async () => {
  await using site = await Site.open();
  await stop(await site.serve());
  const clock = await WrongClock.at(site, 'clock', 300 / DAY);
  await serveBy(site, clock);
  await site.addLicense({ expires: epochSeconds(now() + 100 * DAY) });
  await clock.set(0);
  assert.is((await site.status()).clock.behind, 0);
  assert.is((await site.tryToWork()).code, 0);
});

tell('a clock that jumps, the agent’s or the client’s, harms nobody who works', async () => {
  await using site = await Site.open();
  await stop(await site.serve());
  const agents = await WrongClock.at(site, 'agents-clock', 0);
  const clients = await WrongClock.at(site, 'clients-clock', 0);
  await serveBy(site, agents);
  await site.addLicense({ pools: [poolOf(1)], term: seconds(10) });
  const worker = site.startWork([], { env: clients.env });
  await worker.saying(/at work/);
  const [before] = await site.seats();
  for (const [agent, client] of [
    [400, 0],
    [0, -400],
    [-3, 3],
  ] as const) {
    await agents.set(agent);
    await clients.set(client);
    await renewedMore(site, 1);
  }
  const [seat, ...others] = await site.seats();
  assert.is(seat?.id, before?.id);
  assert.is(others.length, 0);
  assert.not.match(worker.said, /lost|does not answer|held until/);
  assert.is(await goHome(worker), 0);
});

tellStories();
