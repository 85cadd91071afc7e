/**
 * What a renewal, or taking a seat and giving it back, costs the core, without socket and clock, in
 * bytes that are allocated: with the code interpreted as it stands, they are the same on every machine,
 * however busy it is. The cipher's are left out: an interpreter boxes its numbers, compiled code does
 * not, and they would hide all others.
 */

import type { Agent } from '../../agent/core/agent.ts';
import type { Event } from '../../agent/core/events.ts';
import { KEY_SIZE, NONCE_SIZE } from '../../protocol/limits.ts';
import { openSealed, SEAL_OVERHEAD, sealInPlace } from '../../protocol/seal.ts';
import { PRODUCT } from './bench-agent.ts';
import { acquire, askOffer, endpointOf, makeAgent, momentOf } from './bench-core.ts';
import { BenchSession } from './bench-session.ts';
import { answerQuestions } from './helper-process.ts';
import { median } from './statistics.ts';

export interface RenewalCostQuestion {
  readonly of: 'renewal' | 'pair';
  /** Measured so many times; the median is the answer, in bytes. */
  readonly rounds: number;
}

const SESSIONS = 16;
/** So few that nothing is collected while they are counted. */
const TIMES = 100;
const at = momentOf(100);
const from = endpointOf(0);

/** Bytes that `work` allocates. */
const allocated = (work: () => void): number => {
  globalThis.gc?.();
  const before = process.memoryUsage();
  work();
  const after = process.memoryUsage();
  return after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
};

/** What is sealed, from the datagram's end: the box of a request, a hello or a reply. */
const CLEAR = { request: 52, hello: 68, reply: 28 } as const;

/** Bytes that sealing or opening a datagram costs by itself. */
const cipherCost = (kind: keyof typeof CLEAR, size: number): number => {
  const [key, nonce] = [new Uint8Array(KEY_SIZE), new Uint8Array(NONCE_SIZE)];
  const box = new Uint8Array(size - CLEAR[kind]);
  const seal = (): void => sealInPlace(box, 0, box.length - SEAL_OVERHEAD, nonce, key);
  seal();
  const boxes = Array.from({ length: TIMES }, () => box.slice());
  return (
    allocated(() => {
      for (const one of boxes)
        if (kind === 'reply') seal();
        else openSealed(one, nonce, key);
    }) / TIMES
  );
};

interface Asked {
  readonly kind: 'request' | 'hello';
  readonly bytes: Uint8Array;
}

/** Hears one datagram, and that what is to be written is on the disk; the length of the answer. */
const hear = (agent: Agent, event: Event): number => {
  let size = 0;
  for (const effect of agent.step(event, at)) {
    if (effect.kind === 'send') size = effect.bytes.length;
    if (effect.kind !== 'commit') continue;
    size = Math.max(size, hear(agent, { kind: 'committed', ticket: effect.ticket }));
  }
  return size;
};

const makeRound = (of: RenewalCostQuestion['of']): (() => number) => {
  const agent = makeAgent(SESSIONS);
  const offer = askOffer(agent, 0);
  const sessions = Array.from({ length: SESSIONS }, (_, i) => new BenchSession(offer, from, i));
  for (const [i, session] of sessions.entries()) acquire(agent, session, 0, i);
  const asked = (i: number): readonly Asked[] => {
    const session = sessions[i % SESSIONS];
    if (session === undefined) return [];
    if (of === 'renewal') return [{ kind: 'request', bytes: session.renew() }];
    return [session.release(), session.acquire(PRODUCT)].map((bytes) => ({ kind: 'hello', bytes }));
  };
  return () => {
    const all = Array.from({ length: TIMES }, (_, i) => asked(i));
    const sizes: number[] = Array(TIMES * 2).fill(0);
    let answers = 0;
    const whole = allocated(() => {
      for (const few of all)
        for (const { bytes } of few)
          sizes[answers++] = hear(agent, { kind: 'datagram', from, bytes });
    });
    if (sizes.slice(0, answers).includes(0)) throw new Error('Not all were answered.');
    let cipher = 0;
    for (const [i, one] of (all[0] ?? []).entries()) {
      cipher += cipherCost(one.kind, one.bytes.length) + cipherCost('reply', sizes[i] ?? 0);
    }
    return whole / TIMES - cipher;
  };
};

answerQuestions(async ({ of, rounds }: RenewalCostQuestion): Promise<number> => {
  const round = makeRound(of);
  return median(Array.from({ length: rounds }, round));
});
