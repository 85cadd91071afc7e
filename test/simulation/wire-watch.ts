/** Watches every datagram: what is sealed is opened here, with the keys that only the world knows. */

import type { Effect } from '../../agent/core/effects.ts';
import type { Event } from '../../agent/core/events.ts';
import type { Note } from '../../agent/core/notes.ts';
import { LEASE_PREFIX } from '../../agent/core/seats/lease-record.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import { isSameEndpoint } from '../../protocol/endpoint.ts';
import type { Frame } from '../../protocol/frame.ts';
import { type LeaseId, leaseId } from '../../protocol/ids.ts';
import { EPOCH_SIZE } from '../../protocol/limits.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { AgentHost, AgentWatch } from './agent-host.ts';
import { AgentLife } from './agent-life.ts';
import { isDoing, isNews } from './deeds.ts';
import type { ClientWatch, SessionIdentity } from './errand-run.ts';
import { frameOf, replyOf, requestOf } from './frames.ts';
import { recordOf } from './license-truth.ts';
import { type Flight, flightToText } from './network.ts';
import type { PromiseWatch } from './promise-watch.ts';
import { SessionKeyRing, tagOf } from './session-keys.ts';
import { Violation, type World } from './world.ts';

/** A younger datagram is of a cookie that is good and of a number that is in the window. */
const FRESH = 8000;
/** Bytes of the longest thing that is said unasked. */
const UNASKED_MAX = 120;

type Send = Extract<Effect, { kind: 'send' }>;
type Commit = Extract<Effect, { kind: 'commit' }>;
type Hello = Extract<Frame, { kind: 'hello' }>;

const epochOf = (nonce: Uint8Array): string => bytesToHex(nonce.subarray(0, EPOCH_SIZE));

export class WireWatch implements AgentWatch, ClientWatch {
  readonly #world: World;
  readonly #promises: PromiseWatch;
  readonly #ring = new SessionKeyRing();
  readonly #nonces = new Set<string>();
  readonly #lives = new Map<AgentHost, AgentLife>();
  readonly #heard = new Map<string, number>();

  constructor(world: World, promises: PromiseWatch) {
    this.#world = world;
    this.#promises = promises;
  }

  opened(session: SessionIdentity): void {
    this.#ring.add(session);
  }

  sent(session: SessionIdentity, bytes: Uint8Array): void {
    const frame = frameOf(bytes);
    if (typeof frame === 'string') throw new Violation('a client sends what can be read', frame);
    if ('nonce' in frame) this.#useNonce(`${tagOf(session.clientKey)}>`, frame.nonce);
  }

  booted(host: AgentHost): void {
    this.#lives.set(host, new AgentLife(this.#world.now));
    this.#promises.booted(host);
  }

  /** When something that a session had not said before last reached an agent, or it started. */
  lastHeard(host: AgentHost, lease: LeaseId): number {
    const heard = this.#heard.get(`${host.name} ${lease}`) ?? 0;
    return Math.max(heard, this.#life(host).startedAt);
  }

  stepped(
    host: AgentHost,
    event: Event,
    effects: readonly Effect[],
    flight: Flight | undefined,
  ): void {
    if (event.kind === 'committed' || event.kind === 'commit-failed') {
      this.#life(host).settle(event.ticket);
    }
    this.#promises.stepping(host, event);
    const sends = effects.filter((effect) => effect.kind === 'send');
    const found = flight && this.#answerTo(host, flight, sends);
    const answer = flight?.done && this.#isByTheWay(host, found, sends) ? undefined : found;
    // Who is told that there is no room is not remembered: a copy is told so once more.
    const isTurnedAway = answer !== undefined && this.#isBusy(host, answer);
    if (flight !== undefined && !isTurnedAway) this.#hear(host, flight, effects, answer);
    for (const effect of effects) this.#follow(host, effect, { event, answer });
    this.#promises.stepped(host, event, effects);
  }

  #life(host: AgentHost): AgentLife {
    const life = this.#lives.get(host);
    if (life === undefined) throw new Error(`${host.name} never started`);
    return life;
  }

  // --- what an agent hears ---

  #hear(
    host: AgentHost,
    flight: Flight,
    effects: readonly Effect[],
    answer: Send | undefined,
  ): void {
    const frame = frameOf(flight.bytes);
    if (typeof frame === 'string') return;
    if (frame.kind !== 'hello' && frame.kind !== 'request') return;
    const first = flight.arrivals++ === 0;
    if (first) this.#heard.set(`${host.name} ${leaseId(frame.clientKey)}`, this.#world.now);
    // A look at the host comes before the answer.
    const done = answer !== undefined || effects.some((effect) => isDoing(effect, frame.clientKey));
    const isOwn = epochOf(frame.nonce) === this.#life(host).epoch;
    if (done && isOwn) this.#demandOnce(host, flight);
    // Only what comes as a hello may be answered later.
    if (frame.kind !== 'hello') return;
    const fresh = first && this.#world.now - flight.sentAt < FRESH;
    const mustAnswer = this.#noteRequest(host, frame, flight.bytes.length, done);
    if (mustAnswer && fresh && !done) {
      const detail = `${host.name}, ${flightToText(flight)}`;
      throw new Violation('the latest question gets an answer', detail);
    }
    this.#noteWriting(host, frame.clientKey, effects);
  }

  #demandOnce(host: AgentHost, flight: Flight): void {
    if (flight.done) {
      throw new Violation('a datagram is done once', `${host.name}, ${flightToText(flight)}`);
    }
    flight.done = true;
  }

  /** Whether the agent must answer: the latest question of a session it knows, in its epoch. */
  #noteRequest(host: AgentHost, frame: Hello, size: number, answered: boolean): boolean {
    const { requests, ids, epoch, writing, lapsed } = this.#life(host);
    const tag = tagOf(frame.clientKey);
    const keys = this.#ring.get(host, tag);
    const opened = keys && requestOf(frame, keys);
    if (opened === undefined) return false;
    requests.set(`${tag} ${opened.id}`, { size });
    this.#promises.asked(host, frame.clientKey, opened.request);
    const highest = ids.get(tag) ?? Number.POSITIVE_INFINITY;
    if (answered) ids.set(tag, Math.max(opened.id, ids.get(tag) ?? 0));
    if (opened.id < highest || writing.has(tag)) return false;
    // The same draw may be under way for another session.
    if (opened.request?.kind === 'draw' && writing.size > 0) return false;
    if (lapsed.has(leaseId(frame.clientKey))) return false;
    return epochOf(frame.nonce) === epoch;
  }

  #noteWriting(host: AgentHost, clientKey: Uint8Array, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'commit' || !isDoing(effect, clientKey)) continue;
      this.#life(host).writing.set(tagOf(clientKey), effect.ticket);
    }
  }

  // --- what an agent says ---

  /** Of what is said on a datagram, what answers it: once, to where it came from, in its size. */
  #answerTo(host: AgentHost, flight: Flight, sends: readonly Send[]): Send | undefined {
    const asked = frameOf(flight.bytes);
    const tag = typeof asked !== 'string' && 'clientKey' in asked ? tagOf(asked.clientKey) : '';
    const answer = sends.find((send) => {
      const frame = frameOf(send.bytes);
      if (typeof frame === 'string') return false;
      if (frame.kind === 'offer') return true;
      // What has no number of a request was due in any case.
      const isTheirs = frame.kind === 'reply' && bytesToHex(frame.tag) === tag;
      return isTheirs && this.#replyIn(host, send)?.id !== 0;
    });
    if (answer === undefined) return undefined;
    if (answer.bytes.length > flight.bytes.length) {
      const sizes = `${answer.bytes.length} bytes answer ${flight.bytes.length}`;
      throw new Violation('no reply is longer than its request', `${host.name}: ${sizes}`);
    }
    if (!isSameEndpoint(answer.to, flight.from)) {
      throw new Violation('an answer goes to where the question came from', answer.to.address);
    }
    return answer;
  }

  #isBusy(host: AgentHost, send: Send): boolean {
    const reply = this.#replyIn(host, send);
    return reply?.kind === 'refused' && reply.code === 'busy';
  }

  /** News that was due when a copy came, as others had them, too: that answers nothing. */
  #isByTheWay(host: AgentHost, send: Send | undefined, sends: readonly Send[]): boolean {
    const reply = send && this.#replyIn(host, send);
    return reply !== undefined && isNews(reply) && sends.length > 1;
  }

  #replyIn(host: AgentHost, { bytes }: Send): Reply | undefined {
    const frame = frameOf(bytes);
    if (typeof frame === 'string' || frame.kind !== 'reply') return undefined;
    const keys = this.#ring.get(host, bytesToHex(frame.tag));
    return keys && replyOf(frame, keys);
  }

  #follow(host: AgentHost, effect: Effect, occasion: Occasion): void {
    const life = this.#life(host);
    if (effect.kind === 'answer') {
      const { outcome } = effect;
      if (outcome.kind === 'seat-disconnect') life.ended.add(outcome.seat.id);
      if (outcome.kind === 'user-recall') for (const { id } of outcome.ended) life.ended.add(id);
      this.#promises.answered(host, effect.number, outcome);
    }
    if (effect.kind === 'send') this.#checkSend(host, effect, occasion);
    if (effect.kind === 'note') this.#followNote(host, effect.note);
    if (effect.kind === 'commit') this.#followWrites(host, effect);
  }

  #followNote(host: AgentHost, note: Note): void {
    if (note.kind === 'seat-lapsed') this.#life(host).lapsed.add(note.lease);
    this.#promises.noted(host, note);
  }

  #followWrites(host: AgentHost, { writes, ticket }: Commit): void {
    const { released, ended, writing } = this.#life(host);
    for (const { key, value } of writes) {
      const record = key.startsWith(LEASE_PREFIX) && value !== null && recordOf(value);
      if (!record) continue;
      const tag = tagOf(record.clientKey);
      if (record.ending === undefined) ended.delete(leaseId(record.clientKey));
      writing.set(tag, ticket);
      if (record.requestId <= (released.get(tag) ?? 0)) {
        throw new Violation('what was released is not lent again', `${host.name}, ${key}`);
      }
    }
  }

  #checkSend(host: AgentHost, send: Send, { event, answer }: Occasion): void {
    const life = this.#life(host);
    const frame = frameOf(send.bytes);
    if (typeof frame === 'string') throw new Violation('an agent sends what can be read', frame);
    if (frame.kind === 'offer') life.epoch = bytesToHex(frame.offer.epoch);
    if (frame.kind !== 'reply') return;
    this.#useNonce(`${host.name}>`, frame.nonce);
    const tag = bytesToHex(frame.tag);
    const keys = this.#ring.get(host, tag);
    const reply = keys && replyOf(frame, keys);
    if (reply === undefined) {
      throw new Violation('a reply can be opened by its client', `${host.name} to ${tag}`);
    }
    life.epoch = epochOf(frame.nonce);
    const isAnswer = send === answer;
    if (isAnswer && event.kind === 'datagram' && reply.kind !== 'new-epoch') {
      this.#demandEpoch(host, event.bytes);
    }
    if (!isAnswer) this.#checkUnasked(host, tag, reply, send.bytes.length);
    if (reply.kind === 'released') {
      life.released.set(tag, Math.max(reply.id, life.released.get(tag) ?? 0));
    }
    this.#checkPromise(host, tag, reply, !isAnswer);
  }

  #demandEpoch(host: AgentHost, bytes: Uint8Array): void {
    const frame = frameOf(bytes);
    if (typeof frame === 'string' || !('nonce' in frame)) return;
    if (epochOf(frame.nonce) === this.#life(host).epoch) return;
    throw new Violation('nothing is done of what was numbered in another epoch', host.name);
  }

  /** What does not answer a datagram at once answers one that came before, or is short news. */
  #checkUnasked(host: AgentHost, tag: string, reply: Reply, size: number): void {
    if (isNews(reply)) {
      if (size <= UNASKED_MAX) return;
      throw new Violation('what is said unasked is short', `${size} bytes of ${reply.kind}`);
    }
    const asked = this.#life(host).requests.get(`${tag} ${reply.id}`);
    if (asked === undefined) {
      throw new Violation('a late reply answers a request', `${host.name} to ${tag}`);
    }
    if (size > asked.size) {
      const detail = `${size} bytes answer ${asked.size}`;
      throw new Violation('no reply is longer than its request', detail);
    }
  }

  #checkPromise(host: AgentHost, tag: string, reply: Reply, isLate: boolean): void {
    const clientKey = this.#ring.clientKey(tag);
    const promises = reply.kind === 'granted' || reply.kind === 'renewed';
    if (promises && this.#life(host).ended.has(leaseId(clientKey))) {
      const detail = `${host.name} to ${tag}`;
      throw new Violation('a seat that was taken back is not given again', detail);
    }
    this.#promises.said(host, clientKey, reply, isLate);
  }

  #useNonce(direction: string, nonce: Uint8Array): void {
    const name = direction + bytesToHex(nonce);
    if (this.#nonces.has(name)) throw new Violation('no nonce is used twice', name);
    this.#nonces.add(name);
  }
}

/** On what something is said, and what of it is the answer. */
interface Occasion {
  readonly event: Event;
  readonly answer: Send | undefined;
}
