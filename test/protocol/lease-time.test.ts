import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agentDeadline, clientDeadline, driftMargin } from '../../protocol/lease-time.ts';
import { TERM_MAX, TERM_MIN } from '../../protocol/limits.ts';
import { instant, seconds } from '../../protocol/units.ts';

const anyTerm = fc.integer({ min: TERM_MIN, max: TERM_MAX }).map(seconds);

/** Parts per million by which each clock runs too fast or too slow: quartz and clock discipline. */
const anyDrift = fc.integer({ min: -600, max: 600 });

const leaseTime = suite('lease time');

leaseTime('the margin is one second and a 256th of the term', () => {
  const terms = [10, 256, 600, 86_400].map((term) => driftMargin(seconds(term)));
  assert.equal(terms, [1039.0625, 2000, 3343.75, 338_500]);
});

leaseTime('the client stops first, whatever the delay and however both clocks drift', () => {
  fc.assert(
    fc.property(anyTerm, fc.nat(3_600_000), anyDrift, anyDrift, (term, delay, client, agent) => {
      // True milliseconds from the sending, from what each clock has counted by its deadline.
      const clientStops = clientDeadline(instant(0), term) / (1 + client / 1e6);
      const counted = agentDeadline(instant(0), term);
      const agentStops = delay + counted / (1 + agent / 1e6);
      assert.ok(clientStops < agentStops);
    }),
    { numRuns: 1000 },
  );
});

leaseTime('a deadline counts from its start', () => {
  assert.is(clientDeadline(instant(500), seconds(10)), 10_500);
  assert.is(agentDeadline(instant(500), seconds(10)), 11_539.0625);
});

leaseTime.run();
