/** Really asks: everybody by broadcast, and single addresses by themselves. */

import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { Endpoint } from '../../../protocol/endpoint.ts';
import { NONCE_SIZE } from '../../../protocol/limits.ts';
import { systemEntropy } from '../../../protocol/node/entropy.ts';
import { FurtherSearch } from '../../../protocol/node/further-search.ts';
import { UdpSocket } from '../../../protocol/node/udp-socket.ts';
import { type Offer, SPOKEN } from '../../../protocol/offers.ts';
import { buildDiscover, parseFrame } from '../../../protocol/packet.ts';
import type { Heard, Target } from './evidence.ts';

/** Milliseconds: how long an answer is waited for, and how often it is asked within that. */
const PATIENCE_MS = 900;
const ASKED = 3;

/** Answers taken in. */
const HEARD_MAX = 256;

const toHeard = (offer: Offer, { address, port }: Endpoint): Heard => ({
  address,
  port,
  name: offer.name,
  version: offer.version,
  versions: offer.versions,
  agentKey: bytesToHex(offer.agentKey),
  epoch: bytesToHex(offer.epoch),
  products: offer.products,
  more: offer.more,
});

/** One question: its bytes, and which datagrams answer it. */
class Question {
  readonly #nonce = systemEntropy(NONCE_SIZE);
  readonly bytes = buildDiscover({ nonce: this.#nonce, versions: SPOKEN, product: null });

  answer(bytes: Uint8Array, from: Endpoint): Heard | undefined {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string' || frame.kind !== 'offer') return undefined;
    return equalBytes(frame.offer.nonce, this.#nonce) ? toHeard(frame.offer, from) : undefined;
  }
}

/** Something that happens once, and can be waited for. */
class Moment {
  come = (): void => {};
  readonly came = new Promise<void>((resolve) => {
    this.come = resolve;
  });
}

/** Asks several times until `isDone`, or until the patience is at its end. */
const askUntil = async (ask: () => void, done: Promise<void>): Promise<void> => {
  for (let asked = 0; asked < ASKED; asked++) {
    ask();
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<'pause'>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS / ASKED, 'pause');
    });
    const first = await Promise.race([done.then(() => 'done' as const), pause]);
    clearTimeout(timer);
    if (first === 'done') return;
  }
};

/** Everybody who answers a broadcast to these addresses; every address of an agent counts. */
export const soundAround = async (
  broadcasts: readonly string[],
  port: number,
): Promise<readonly Heard[]> => {
  const question = new Question();
  const found = new Map<string, Heard>();
  await using socket = await UdpSocket.open({
    address: '0.0.0.0',
    port: 0,
    onDatagram: (bytes, from) => {
      const heard = question.answer(bytes, from);
      if (heard === undefined || found.size >= HEARD_MAX) return;
      found.set(`${heard.address} ${heard.agentKey} ${heard.epoch}`, heard);
    },
  });
  const ask = (): void => {
    for (const address of broadcasts) socket.send({ address, port }, question.bytes);
  };
  await askUntil(ask, new Promise(() => {}));
  return [...found.values()];
};

/** Where mDNS and DNS say that agents are. */
export const soundNames = async (
  interfaces: readonly string[] | null,
): Promise<Readonly<Record<'mdns' | 'srv', readonly Endpoint[]>>> => {
  const found: Record<'mdns' | 'srv', Endpoint[]> = { mdns: [], srv: [] };
  const search = new FurtherSearch({
    interfaces,
    onFound: (endpoints, by) => {
      if (found[by].length < HEARD_MAX) found[by].push(...endpoints);
    },
  });
  await search.ask();
  await askUntil(() => {}, new Promise(() => {}));
  await search.close();
  return found;
};

/** Asks one address, and nobody else. */
export const soundAddress = async (
  endpoint: Endpoint,
  origin: Target['origin'],
): Promise<Target> => {
  const question = new Question();
  const { address, port } = endpoint;
  const seen: { answer: Heard | null; isStrange: boolean; error: Target['error'] } = {
    answer: null,
    isStrange: false,
    error: null,
  };
  const done = new Moment();
  const isV6 = address.includes(':');
  const socket = await UdpSocket.open({
    address: isV6 ? '::' : '0.0.0.0',
    port: 0,
    peer: endpoint,
    onDatagram: (bytes, from) => {
      const answer = question.answer(bytes, from);
      if (answer === undefined) seen.isStrange = true;
      else {
        seen.answer = answer;
        done.come();
      }
    },
    onTrouble: (error) => {
      seen.error = readError(error);
    },
  }).catch((error: unknown) => {
    seen.error = readError(error);
  });
  const leavesFrom = socket?.local.address ?? null;
  if (socket !== undefined) {
    await askUntil(() => socket.send(endpoint, question.bytes), done.came);
    await socket.close();
  }
  return { address, port, origin, ...seen, leavesFrom, answersLater: null };
};

const readError = (error: unknown): Target['error'] => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'unreachable';
};

/**
 * Asks an address by itself, then, from the same socket, everybody. Where only this second answer
 * comes in, the broadcast arrives and the answer is dropped on this computer: its firewall takes
 * the answer for one to the first question.
 */
export const soundAfter = async (
  endpoint: Endpoint,
  broadcasts: readonly string[],
): Promise<boolean> => {
  const first = new Question();
  const second = new Question();
  const firstHeard = new Moment();
  const secondHeard = new Moment();
  let isAnswered = false;
  await using socket = await UdpSocket.open({
    address: '0.0.0.0',
    port: 0,
    onDatagram: (bytes, from) => {
      if (from.address !== endpoint.address) return;
      if (first.answer(bytes, from) !== undefined) firstHeard.come();
      if (second.answer(bytes, from) === undefined) return;
      isAnswered = true;
      secondHeard.come();
    },
  });
  await askUntil(() => socket.send(endpoint, first.bytes), firstHeard.came);
  const { port } = endpoint;
  const ask = (): void => {
    for (const address of broadcasts) socket.send({ address, port }, second.bytes);
  };
  await askUntil(ask, secondHeard.came);
  return isAnswered;
};

/** By which of our addresses datagrams to there leave; nothing is sent. */
export const sourceTowards = async (endpoint: Endpoint): Promise<string | null> => {
  try {
    const options = { address: '0.0.0.0', port: 0, peer: endpoint, onDatagram: () => {} };
    await using socket = await UdpSocket.open(options);
    return socket.local.address;
  } catch {
    return null;
  }
};
