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

let lane: Lane | undefined;
let datagrams: Uint8Array[] = [];
const sessions = new Map<string, BenchSession>();

const acquireAll = async (port: number, count: number): Promise<number> => {
  lane = await Lane.open(port);
  const offer = await lane.askOffer();
  let granted = 0;
  lane.onDatagram = (bytes) => {
    if (sessions.get(replyTag(bytes))?.open(bytes)?.kind === 'granted') granted++;
  };
  for (let i = 0; i < count; i++) {
    const session = new BenchSession(offer, { address: '127.0.0.1', port }, i);
    sessions.set(session.tag, session);
    lane.send(session.acquire(PRODUCT));
    if (i % 16 === 15) await sleep(5);
  }
  await sleep(STALL_MS);
  if (granted !== count) throw new Error(`${granted} of ${count} seats were granted.`);
  return granted;
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
const run = (to: Lane, course: Course, window: number): Promise<void> =>
  new Promise((resolve) => {
    let repliesSeen = 0;
    const sendNext = (): void => {
      const next = datagrams[course.sent++];
      if (next === undefined) return finish();
      to.send(next);
    };
    const finish = (): void => {
      clearInterval(watch);
      to.onDatagram = () => {};
      resolve();
    };
    // What a full buffer swallowed would otherwise narrow the window for good.
    const watch = setInterval(() => {
      if (course.replies !== repliesSeen) {
        repliesSeen = course.replies;
        return;
      }
      course.lost += window;
      for (let i = 0; i < window; i++) sendNext();
    }, STALL_MS);
    to.onDatagram = (bytes) => {
      if (++course.replies % SAMPLE_EVERY === 0) {
        course.samples.push(bytes);
        if (performance.now() >= course.end) return finish();
      }
      sendNext();
    };
    for (let i = 0; i < window; i++) sendNext();
  });

const blast = async (question: Extract<RenewQuestion, { kind: 'blast' }>): Promise<Blast> => {
  const { port, window, milliseconds, sealed } = question;
  const own = sealed ? undefined : await Lane.open(port);
  const to = own ?? lane;
  if (to === undefined) throw new Error('Acquire first.');
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const course = { end: start + milliseconds, sent: 0, replies: 0, lost: 0, samples: [] };
  await run(to, course, window);
  const wallSeconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  // Late replies must not be counted into the next blast.
  await sleep(50);
  own?.close();
  const verified = sealed ? verify(course.samples) : course.samples.length;
  const { replies, lost } = course;
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
