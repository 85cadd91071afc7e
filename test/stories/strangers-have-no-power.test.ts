import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import * as assert from 'uvu/assert';
import { DISCOVER_SIZE } from '../../protocol/limits.ts';
import { seconds } from '../../protocol/units.ts';
import { ROUNDS } from './rounds.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { Stranger } from './stranger.ts';

const DATAGRAMS = ROUNDS * 10_000;
/** What the agent may keep of strangers at most: its tables are bounded. */
const GROWTH_MAX = 64 * 1024 * 1024;

/** Bytes of memory that a process has, where the system tells. */
const memoryOf = async (pid: number): Promise<number> => {
  if (platform() !== 'linux') return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
};

story(`${DATAGRAMS} malformed and random datagrams change nothing for honest people`, async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense({ term: seconds(10) });
  const worker = await site.work();
  const [seat] = await site.seats();
  await using stranger = await Stranger.open(site.port);
  // The agent answers its administrator all the while; so much it can hear meanwhile.
  const pause = () => site.status();
  await stranger.send(2000, pause);
  const before = await memoryOf(agent.pid);
  await stranger.send(DATAGRAMS, pause);

  const { counters } = await site.status();
  const heard = Object.entries(counters)
    .filter(([name]) => name.startsWith('dropped ') || name === 'offers')
    .reduce((sum, [, count]) => sum + count, 0);
  assert.ok(heard > DATAGRAMS / 2, `${heard} were heard`);
  const grown = (await memoryOf(agent.pid)) - before;
  assert.ok(grown < GROWTH_MAX, `${grown} bytes more memory`);

  assert.ok(stranger.answers.length > 0, 'some of them were honest questions');
  for (const answer of stranger.answers) {
    assert.is(Buffer.from(answer.subarray(0, 2)).toString(), 'US');
    assert.is(answer[3], 2, 'an offer and nothing else');
    assert.ok(answer.length <= DISCOVER_SIZE, 'never longer than the question');
  }
  assert.is((await site.seats())[0]?.id, seat?.id);
  assert.is((await site.tryToWork()).code, 0, 'a newcomer gets a seat');
  assert.is(await goHome(worker), 0);
  assert.not.match(worker.said, /lost|taken/);
  assert.ok(agent.said.split('\n').length < 100, 'the log is not flooded');
});

tellStories();
