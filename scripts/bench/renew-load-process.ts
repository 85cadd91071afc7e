/** Load for the renew benchmark: seals renewals beforehand, then only sends and counts. */

import { setTimeout as sleep } from 'node:timers/promises';
import { PRODUCT } from './bench-agent.ts';
import { BenchSession, replyTag } from './bench-session.ts';
import { answerQuestions } from './helper-process.ts';
import { Lane } from './lane.ts';

export type RenewQuestion =
  /** Opens `sessions` sessions with the agent on `port`, each with a seat. */
  | { readonly kind: 'acquire'; readonly port: number; readonly sessions: number }
  /** Seals so many renewals, the sessions in turn. */
  | { readonly kind: 'seal'; readonly count: number }
  /** Sends them to `port` with `window` on the way, for so long or until they are used up. */
  | {
      readonly kind: 'blast';
      readonly port: number;
      readonly window: number;
      readonly milliseconds: number;
      /** Whether the replies are an agent's, to be opened afterwards. */
      readonly sealed: boolean;
    };

export interface Blast {
  readonly replies: number;
  readonly lost: number;
  readonly wallSeconds: number;
  /** The load generator's own processor time. */
  readonly cpuSeconds: number;
  readonly verified: number;
}

/** One reply in so many is kept and opened when the clock has stopped. */
const SAMPLE_EVERY = 64;
const STALL_MS = 250;
/** As often seats are asked for that were not granted. */
const GRANT_TURNS = 50;
/** Sockets, for Node takes 32 datagrams of each at a time. */
const LANES = 16;
const DOZE_MS = 1;

let datagrams: Uint8Array[] = [];
const sessions = new Map<string, BenchSession>();

const openLanes = (port: number): Promise<readonly Lane[]> =>
  Promise.all(Array.from({ length: LANES }, () => Lane.open(port)));

const acquireAll = async (port: number, count: number): Promise<number> => {
  const lanes = await openLanes(port);
  const offers = await Promise.all(lanes.map((lane) => lane.askOffer()));
  const waiting = new Map<string, () => void>();
  for (const lane of lanes) {
    lane.onDatagram = (bytes) => {
      const tag = replyTag(bytes);
      if (sessions.get(tag)?.open(bytes)?.kind === 'granted') waiting.delete(tag);
    };
  }
  for (let i = 0; i < count; i++) {
    const [lane, offer] = [lanes[i % LANES], offers[i % LANES]];
    if (lane === undefined || offer === undefined) break;
    const session = new BenchSession(offer, { address: '127.0.0.1', port }, i);
    sessions.set(session.tag, session);
    waiting.set(session.tag, () => lane.send(session.acquire(PRODUCT)));
  }
  // One address opens few sessions at a time: who is not heard says hello again, as clients do.
  for (let turn = 0; waiting.size > 0 && turn < GRANT_TURNS; turn++) {
    for (const [i, ask] of [...waiting.values()].entries()) {
      ask();
      if (i % 16 === 15) await sleep(5);
    }
    await sleep(STALL_MS);
  }
  for (const lane of lanes) lane.close();
  if (waiting.size > 0) throw new Error(`${waiting.size} of ${count} seats were not granted.`);
  return count;
};

const seal = (count: number): number => {
  datagrams = [];
  const all = [...sessions.values()];
  for (let i = 0; i < count; i++) {
    const bytes = all[i % all.length]?.renew();
    if (bytes !== undefined) datagrams.push(bytes);
  }
  return datagrams[0]?.length ?? 0;
};

interface Course {
  readonly end: number;
  sent: number;
  replies: number;
  lost: number;
  readonly samples: Uint8Array[];
}

/** Sends a new datagram for each reply; resolves when the time or the datagrams are used up. */
const run = (lanes: readonly Lane[], course: Course, window: number): Promise<void> =>
  new Promise((resolve) => {
    let progressAt = performance.now();
    let repliesSeen = 0;
    const sendNext = (lane: Lane): void => {
      const next = datagrams[course.sent];
      if (next === undefined) return;
      course.sent++;
      lane.send(next);
    };
    const fill = (): void => {
      for (let i = 0; i < window; i++) sendNext(lanes[i % LANES] as Lane);
    };
    for (const lane of lanes) {
      lane.onDatagram = (bytes) => {
        if (++course.replies % SAMPLE_EVERY === 0) course.samples.push(bytes);
        sendNext(lane);
      };
    }
    const look = (): void => {
      const now = performance.now();
      if (now >= course.end || course.sent === datagrams.length) return resolve();
      if (course.replies !== repliesSeen) {
        repliesSeen = course.replies;
        progressAt = now;
      } else if (now - progressAt > STALL_MS) {
        // What a full buffer swallowed would otherwise narrow the window for good.
        course.lost += window;
        progressAt = now;
        fill();
      }
      doze();
      setImmediate(look);
    };
    fill();
    setImmediate(look);
  });

const pillow = new Int32Array(new SharedArrayBuffer(4));

/**
 * Sleeps where no datagram wakes it. Waiting in the event loop instead, the load would be woken for
 * each reply, at the cost of the server that sends it: no client on a network costs its server that.
 */
const doze = (): void => void Atomics.wait(pillow, 0, 0, DOZE_MS);

const blast = async (question: Extract<RenewQuestion, { kind: 'blast' }>): Promise<Blast> => {
  const { port, window, milliseconds, sealed } = question;
  const lanes = await openLanes(port);
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const course = { end: start + milliseconds, sent: 0, replies: 0, lost: 0, samples: [] };
  await run(lanes, course, window);
  const wallSeconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { replies, lost } = course;
  // Late replies must not be counted into the next blast.
  for (const lane of lanes) lane.onDatagram = () => {};
  await sleep(50);
  for (const lane of lanes) lane.close();
  const verified = sealed ? verify(course.samples) : course.samples.length;
  return { replies, lost, wallSeconds, cpuSeconds: (user + system) / 1e6, verified };
};

/** Every sampled reply must open and be a renewal. */
const verify = (samples: readonly Uint8Array[]): number => {
  for (const bytes of samples) {
    const reply = sessions.get(replyTag(bytes))?.open(bytes);
    if (reply?.kind !== 'renewed') throw new Error(`Not renewed: ${JSON.stringify(reply)}`);
  }
  return samples.length;
};

answerQuestions(async (question: RenewQuestion): Promise<number | Blast> => {
  switch (question.kind) {
    case 'acquire':
      return acquireAll(question.port, question.sessions);
    case 'seal':
      return seal(question.count);
    case 'blast':
      return blast(question);
  }
});
