import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { WallGuard } from '../../agent/core/wall-guard.ts';
import { LevelStore } from '../../agent/edges/level-store.ts';
import { epochSeconds, instant } from '../../protocol/units.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { DAY, now } from './vendor.ts';

/** The store remembers a time that this computer's clock once showed. */
const remember = async (site: Site, wall: number): Promise<void> => {
  const guard = new WallGuard();
  guard.guard({ mono: instant(0), wall: epochSeconds(wall) });
  await using store = await LevelStore.open(join(site.data, 'store'));
  await store.write([guard.write()]);
};

story(
  'a clock that was wrong in the future: the status says so, and there is a way out',
  async () => {
    await using site = await Site.open();
    const agent = await site.serve();
    const issued = epochSeconds(now() - DAY);
    const expires = epochSeconds(now() + 30 * DAY);
    await site.addLicense({ issued, starts: issued, expires });
    agent.kill('SIGTERM');
    await agent.ending();
    await remember(site, now() + 365 * DAY);
    await site.serve();
    assert.match((await site.tryToWork()).stderr, /The license has expired\./);
    const { stdout } = await site.usher('status');
    assert.match(stdout, /^Clock +3\d{7} s behind the latest time seen: .*`usher clock reset`$/m);

    const reset = await site.usher('clock', 'reset');
    assert.is(reset.code, 0, reset.stderr);
    assert.match(reset.stdout, /^Licenses are judged by \d{4}-\d\d-\d\d \d\d:\d\d:\d\d now\.\n$/);
    assert.is((await site.tryToWork()).code, 0);
    assert.match((await site.usher('status')).stdout, /^Clock +right$/m);
    const again = await site.usher('clock', 'reset');
    assert.is(again.code, 1);
    assert.match(again.stderr, /there is nothing to reset\. See `usher status`\.\n$/);
  },
);

tellStories();
