import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatusView } from '../../../agent/core/operations.ts';
import { ServiceVoice } from '../../../agent/service/service-voice.ts';
import { statusToText } from '../../../agent/service/status-text.ts';
import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';

const voices = suite('service voice');

const status = (...seats: readonly number[]): StatusView =>
  ({
    store: 'working',
    storeTrouble: null,
    site: null,
    products: seats.map((count, i) => ({ product: `p${i + 1}`, lent: i, seats: count })),
  }) as unknown as StatusView;

voices('says what is served, a few products by name', () => {
  assert.is(statusToText(status(), 7), 'Serving on UDP port 7: no license yet.');
  assert.is(
    statusToText(status(3, SEATS_UNLIMITED, 5, 1, 1), 7),
    'Serving on UDP port 7: p1 0 of 3 seats, p2 1 seats, p3 2 of 5 seats, 2 products more.',
  );
  const failing: StatusView = { ...status(3), store: 'failing', storeTrouble: 'the disk is full' };
  assert.is(
    statusToText(failing, 7),
    'Degraded, no seat is lent anew: the disk is full. Serving on UDP port 7: p1 0 of 3 seats.',
  );
  const unheard: StatusView = { ...status(3), site: { isHeard: false, trouble: null } };
  assert.match(statusToText(unheard, 7), /^Degraded, .*: the site does not hear this agent\. /);
});

voices('says that it is ready, then that it lives, and at last that it stops', async () => {
  const told: (readonly string[])[] = [];
  let hear = (): void => {};
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const notifier = {
    watchdogMs: 2,
    tell: (...words: readonly string[]) => {
      told.push(words);
      if (words.includes('WATCHDOG=1')) hear();
    },
  };
  // Its timers keep no process alive; the test's does.
  const alive = setInterval(() => {}, 1000);
  try {
    const voice = new ServiceVoice({ notifier, status: async () => status(3), port: 7 });
    await voice.ready();
    assert.equal(told[0], ['READY=1', 'STATUS=Serving on UDP port 7: p1 0 of 3 seats.']);
    await heard;
    voice.stopping();
  } finally {
    clearInterval(alive);
  }
  assert.is(told.at(-1)?.[0], 'STOPPING=1');
});

voices('sleeps where no seat is lent, and is watched again before anything is done', async () => {
  const told: string[] = [];
  let asked = 0;
  const changed = { hear: (): void => {} };
  const notifier = {
    watchdogMs: 2,
    tell: (...words: readonly string[]) => {
      told.push(words[0] ?? '');
      changed.hear();
    },
  };
  const hearing = (count: number): Promise<void> =>
    new Promise((resolve) => {
      changed.hear = () => told.length >= count && resolve();
      changed.hear();
    });
  const alive = setInterval(() => {}, 1000);
  try {
    const leases = () => (asked > 3 ? 0 : 1);
    const voice = new ServiceVoice({
      notifier,
      status: async () => {
        asked++;
        return { ...status(3), leases: leases() };
      },
      port: 7,
    });
    await voice.ready();
    const year = 'WATCHDOG_USEC=31536000000000';
    // Two leases are seen, then none.
    await hearing(5);
    assert.equal(told, ['READY=1', 'WATCHDOG_USEC=2000', 'WATCHDOG=1', 'WATCHDOG=1', year]);
    voice.stir();
    assert.is(told[5], 'WATCHDOG_USEC=2000', 'at once');
    // It was stirred, so it lives for one beat more.
    await hearing(8);
    assert.equal(told.slice(6), ['WATCHDOG=1', year]);
    voice.stopping();
    voice.stir();
    assert.is(told.at(-1), 'STOPPING=1');
  } finally {
    clearInterval(alive);
  }
});

voices('says nothing while the agent does not answer', async () => {
  const told: string[] = [];
  const tell = (...words: readonly string[]): void => void told.push(...words);
  const status = () => new Promise<StatusView>(() => {});
  const voice = new ServiceVoice({ notifier: { watchdogMs: 1, tell }, status, port: 7 });
  void voice.ready();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(told, []);
});

voices.run();
