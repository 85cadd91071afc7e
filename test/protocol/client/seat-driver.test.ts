import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SeatDriver, type SeatSurroundings } from '../../../protocol/client/seat-driver.ts';
import { SeatSession } from '../../../protocol/client/seat-session.ts';
import type { Endpoint } from '../../../protocol/endpoint.ts';
import { type Clock, createSystemClock } from '../../../protocol/node/clock.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';
import { PRODUCT, ScriptedAgent, VENDOR_KEY } from './scripted-agent.ts';
import { WISH } from './virtual-site.ts';

const driver = suite('the driver of a seat');

type Listener = (bytes: Uint8Array, from: Endpoint) => void;

/** A connection of one application with one agent, on the real clock. */
class Line {
  readonly agent = new ScriptedAgent(1);
  readonly #listeners = new Set<Listener>();
  readonly #clock = createSystemClock();
  #sessions = 0;

  /** A seat that is not asked for yet; `counted`: how often it has looked at the clock. */
  open() {
    const number = ++this.#sessions;
    const session = new SeatSession({
      wish: WISH,
      wait: false,
      vendorKeys: [VENDOR_KEY],
      patience: 3000,
      secret: new Uint8Array(32).fill(number),
      nonce: new Uint8Array(16).fill(number),
      primitives: swiftPrimitives,
      documents: new Map(),
    });
    const counted = { looks: 0 };
    const now = () => {
      counted.looks++;
      return this.#clock.now();
    };
    const driver = new SeatDriver(session, { product: PRODUCT }, this.#around({ now }));
    return { session, driver, counted };
  }

  async hold(): Promise<SeatDriver> {
    const { driver } = this.open();
    await driver.acquire();
    return driver;
  }

  #around(clock: Clock): SeatSurroundings {
    return {
      clock,
      socket: {
        send: (_to, bytes) => this.#carry(bytes),
        askAround: (bytes) => this.#carry(bytes),
      },
      listen: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      setBusy: () => {},
      onHeldAt: () => {},
      onEnd: async () => {},
    };
  }

  #carry(bytes: Uint8Array): void {
    const answer = this.agent.hear(bytes);
    if (answer !== undefined) setImmediate(() => this.deliver(answer));
  }

  deliver(bytes: Uint8Array): void {
    for (const listener of this.#listeners) listener(bytes, this.agent.endpoint);
  }
}

/** What comes up as an uncaught exception while something is done. */
const uncaughtIn = async (act: () => Promise<void>): Promise<readonly unknown[]> => {
  const caught: unknown[] = [];
  const note = (error: unknown): void => void caught.push(error);
  process.on('uncaughtException', note);
  // A held seat keeps no process from ending.
  const awake = setInterval(() => {}, 1000);
  try {
    await act();
  } finally {
    clearInterval(awake);
    process.off('uncaughtException', note);
  }
  return caught;
};

driver('what is said to another seat of the application costs it nothing', async () => {
  const line = new Line();
  line.agent.seats = 2;
  const [first, second] = [line.open(), line.open()];
  await first.driver.acquire();
  const { looks } = first.counted;
  await second.driver.acquire();
  line.deliver(line.agent.say(second.session.clientKey, { kind: 'released', id: 0 }));
  assert.is(first.counted.looks, looks);
  line.deliver(line.agent.say(first.session.clientKey, { kind: 'released', id: 0 }));
  assert.ok(first.counted.looks > looks);
  await Promise.all([first.driver.release(), second.driver.release()]);
});

driver('a listener that throws keeps nobody from hearing, and the seat from nothing', async () => {
  const line = new Line();
  line.agent.term = 2;
  const seat = await line.hold();
  const heard: string[] = [];
  const caught = await uncaughtIn(async () => {
    seat.onNews(({ kind }) => {
      throw new Error(kind);
    });
    const lost = new Promise<void>((resolve) => {
      seat.onNews(({ kind }) => {
        heard.push(kind);
        if (kind === 'lost') resolve();
      });
    });
    line.agent.isSilent = true;
    await lost;
    line.agent.isSilent = false;
    await seat.release();
  });
  assert.equal(heard, ['unreachable', 'lost']);
  assert.equal(
    caught.map((error) => (error as Error).message),
    heard,
  );
});

driver.run();
