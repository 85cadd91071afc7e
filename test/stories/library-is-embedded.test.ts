import * as assert from 'uvu/assert';
import { connect } from '../../protocol/client/client.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { LOOPBACK, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const product = 'acme-cad';

story('who gives up in the same breath gets no seat, and does not wait for one', async () => {
  await using site = await Site.lending({ pools: [poolOf(1)] });
  const library = connect({ vendorKey: site.vendor.key, interfaces: [LOOPBACK], port: site.port });
  for (const wait of [false, true]) {
    const stop = new AbortController();
    const asked = library.acquire({ product, wait, signal: stop.signal });
    stop.abort(new Error('the window was closed'));
    const came = await asked.then(
      (seat) => seat.release().then(() => 'a seat'),
      (error: Error) => error.message,
    );
    assert.is(came, 'the window was closed');
  }
  assert.equal(await site.seats(), []);
});

tellStories();
