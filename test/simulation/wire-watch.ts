/** Watches every datagram: what is sealed is opened here, with the keys that only the world knows. */

import type { Effect } from '../../agent/core/effects.ts';
import type { Event } from '../../agent/core/events.ts';
import { decodeLeaseRecord, LEASE_PREFIX, LICENSE_PREFIX } from '../../agent/core/lease-record.ts';
import type { Note } from '../../agent/core/notes.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import { type LeaseId, leaseId } from '../../protocol/ids.ts';
import { EPOCH_SIZE } from '../../protocol/limits.ts';
import { type Frame, openReply, openRequest, parseFrame, TAG_SIZE } from '../../protocol/packet.ts';
import type { Reply } from '../../protocol/replies.ts';
import { deriveSessionKeys, type SessionKeys } from '../../protocol/seal.ts';
import type { AgentHost, AgentWatch } from './agent-host.ts';
import { AgentLife } from './agent-life.ts';
import type { ApplicationWatch, SessionIdentity } from './application.ts';
import { type Flight, flightToText } from './network.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import { Violation, type World } from './world.ts';

/** A younger datagram is of a cookie that is good and of a number that is in the window. */
const FRESH = 20_000;

type Send = Extract<Effect, { kind: 'send' }>;
type Commit = Extract<Effect, { kind: 'commit' }>;

const tagOf = (clientKey: Uint8Array): string => bytesToHex(clientKey.subarray(0, TAG_SIZE));

export class WireWatch implements AgentWatch, ApplicationWatch {
  readonly #world: World;
  readonly #sessions = new Map<string, SessionIdentity>();
  readonly #keys = new Map<string, SessionKeys>();
  readonly #nonces = new Set<string>();
  readonly #lives = new Map<AgentHost, AgentLife>();
  readonly #heard = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  opened(session: SessionIdentity): void {
    this.#sessions.set(tagOf(session.clientKey), session);
  }

  sent(session: SessionIdentity, bytes: Uint8Array): void {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string' || !('nonce' in frame)) {
      throw new Violation('a client sends what an agent can read', String(frame));
    }
    this.#useNonce(`${tagOf(session.clientKey)}>`, frame.nonce);
  }

  booted(host: AgentHost): void {
    this.#lives.set(host, new AgentLife(this.#world.now));
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
    if (event.kind === 'restored') this.#learnShelf(host, event.entries);
    if (event.kind === 'committed' || event.kind === 'commit-failed') {
      this.#life(host).settle(event.ticket);
    }
    if (flight !== undefined) this.#hear(host, flight, effects);
    const sends = effects.filter((effect) => effect.kind === 'send');
    this.#checkOccasion(event, sends, flight);
    for (const effect of effects) this.#follow(host, effect, event);
  }

  #life(host: AgentHost): AgentLife {
    const life = this.#lives.get(host);
    if (life === undefined) throw new Error(`${host.name} never started`);
    return life;
  }

  #learnShelf(host: AgentHost, entries: Extract<Event, { kind: 'restored' }>['entries']): void {
    for (const [key] of entries) {
      if (key.startsWith(LICENSE_PREFIX)) {
        this.#life(host).shelf.add(key.slice(LICENSE_PREFIX.length));
      }
    }
  }

  #hear(host: AgentHost, flight: Flight, effects: readonly Effect[]): void {
    const frame = parseFrame(flight.bytes);
    if (typeof frame === 'string') return;
    if (frame.kind !== 'hello' && frame.kind !== 'request') return;
    const first = flight.arrivals++ === 0;
    if (first) this.#heard.set(`${host.name} ${leaseId(frame.clientKey)}`, this.#world.now);
    // A look at the host comes before the answer.
    const done = effects.some(({ kind }) => DOING.has(kind));
    const epoch = bytesToHex(frame.nonce.subarray(0, EPOCH_SIZE));
    if (done && epoch === this.#life(host).epoch) this.#demandOnce(host, flight);
    // Only what comes as a hello may be answered later.
    if (frame.kind !== 'hello') return;
    const fresh = first && this.#world.now - flight.sentAt < FRESH;
    const isNew = this.#noteRequest(host, frame, flight.bytes.length, done);
    if (isNew && fresh && !done) {
      throw new Violation(
        'the latest question gets an answer',
        `${host.name}, ${flightToText(flight)}`,
      );
    }
  }

  #demandOnce(host: AgentHost, flight: Flight): void {
    if (flight.done) {
      throw new Violation('a datagram is done once', `${host.name}, ${flightToText(flight)}`);
    }
    flight.done = true;
  }

  /** Whether the agent must answer: the latest question of a session it knows, in its epoch. */
  #noteRequest(
    host: AgentHost,
    frame: Extract<Frame, { kind: 'hello' }>,
    size: number,
    answered: boolean,
  ): boolean {
    const { requests, ids, epoch, writing, lapsed } = this.#life(host);
    const tag = tagOf(frame.clientKey);
    const keys = this.#sessionKeys(host, tag);
    const opened = keys && openRequest(frame, keys.request);
    if (opened === undefined) return false;
    requests.set(`${tag} ${opened.id}`, size);
    const highest = ids.get(tag) ?? Number.POSITIVE_INFINITY;
    if (answered) ids.set(tag, Math.max(opened.id, ids.get(tag) ?? 0));
    if (opened.id < highest || writing.has(tag)) return false;
    if (lapsed.has(leaseId(frame.clientKey))) return false;
    return bytesToHex(frame.nonce.subarray(0, EPOCH_SIZE)) === epoch;
  }

  #sessionKeys(host: AgentHost, tag: string): SessionKeys | undefined {
    const name = `${host.name} ${tag}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const session = this.#sessions.get(tag);
    if (session === undefined) return undefined;
    const { secret, clientKey } = session;
    const agentKey = host.publicKey;
    const ends = { ownSecret: secret, otherKey: agentKey, clientKey, agentKey };
    const keys = deriveSessionKeys(ends, swiftPrimitives);
    if (keys !== undefined) this.#keys.set(name, keys);
    return keys;
  }

  /** Who may be told what when: a datagram is answered once, to where it came from, in its size. */
  #checkOccasion(event: Event, sends: readonly Send[], flight: Flight | undefined): void {
    if (event.kind === 'datagram' && flight !== undefined) {
      const [send] = sends;
      if (sends.length > 1) {
        throw new Violation('one answer to one datagram', `${sends.length} answers`);
      }
      if (send === undefined) return;
      if (send.bytes.length > flight.bytes.length) {
        const sizes = `${send.bytes.length} bytes answer ${flight.bytes.length}`;
        throw new Violation('no reply is longer than its request', sizes);
      }
      if (send.to !== flight.from) {
        throw new Violation('an answer goes to where the question came from', send.to.address);
      }
    } else if (sends.length > 0 && !SPEAKING.has(event.kind)) {
      throw new Violation('nothing is sent without occasion', `on ${event.kind}`);
    }
  }

  #follow(host: AgentHost, effect: Effect, event: Event): void {
    const { ended } = this.#life(host);
    if (effect.kind === 'answer' && effect.outcome.kind === 'seat-disconnect') {
      ended.add(effect.outcome.seat.id);
    }
    if (effect.kind === 'send') this.#checkSend(host, effect, event);
    if (effect.kind === 'note') this.#followNote(this.#life(host), effect.note);
    if (effect.kind === 'commit') this.#followWrites(host, effect);
  }

  #followNote({ shelf, lapsed }: AgentLife, note: Note): void {
    if (note.kind === 'license-added') shelf.add(note.license);
    if (note.kind === 'license-removed') shelf.delete(note.license);
    if (note.kind === 'seat-lapsed') lapsed.add(note.lease);
  }

  #followWrites(host: AgentHost, { writes, ticket }: Commit): void {
    const { released, ended, writing } = this.#life(host);
    for (const { key, value } of writes) {
      const record = key.startsWith(LEASE_PREFIX) && value !== null && decodeLeaseRecord(value);
      if (!record) continue;
      ended.delete(leaseId(record.clientKey));
      writing.set(tagOf(record.clientKey), ticket);
      if (record.requestId <= (released.get(tagOf(record.clientKey)) ?? 0)) {
        throw new Violation('what was released is not lent again', `${host.name}, ${key}`);
      }
    }
  }

  #checkSend(host: AgentHost, send: Send, event: Event): void {
    const frame = parseFrame(send.bytes);
    if (typeof frame === 'string') throw new Violation('an agent sends what can be read', frame);
    if (frame.kind === 'offer') this.#life(host).epoch = bytesToHex(frame.offer.epoch);
    if (frame.kind !== 'reply') return;
    this.#useNonce(`${host.name}>`, frame.nonce);
    const tag = bytesToHex(frame.tag);
    const keys = this.#sessionKeys(host, tag);
    const reply = keys && openReply(frame.box, frame.nonce, keys.reply);
    if (reply === undefined) {
      throw new Violation('a reply can be opened by its client', `${host.name} to ${tag}`);
    }
    this.#life(host).epoch = bytesToHex(frame.nonce.subarray(0, EPOCH_SIZE));
    if (event.kind === 'datagram' && reply.kind !== 'new-epoch') {
      this.#demandEpoch(host, event.bytes);
    }
    if (event.kind !== 'datagram' && event.kind !== 'operator') {
      this.#checkLateReply(host, tag, reply, send.bytes.length);
    }
    this.#checkReply(host, tag, reply);
  }

  #demandEpoch(host: AgentHost, bytes: Uint8Array): void {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string' || !('nonce' in frame)) return;
    if (bytesToHex(frame.nonce.subarray(0, EPOCH_SIZE)) === this.#life(host).epoch) return;
    throw new Violation('nothing is done of what was numbered in another epoch', host.name);
  }

  #checkLateReply(host: AgentHost, tag: string, reply: Reply, size: number): void {
    const asked = this.#life(host).requests.get(`${tag} ${reply.id}`);
    if (asked === undefined) {
      throw new Violation('a late reply answers a request', `${host.name} to ${tag}`);
    }
    if (size > asked) {
      throw new Violation('no reply is longer than its request', `${size} bytes answer ${asked}`);
    }
  }

  #checkReply(host: AgentHost, tag: string, reply: Reply): void {
    const { released, shelf, ended } = this.#life(host);
    if (reply.kind === 'released') {
      released.set(tag, Math.max(reply.id, released.get(tag) ?? 0));
    }
    if (reply.kind !== 'granted' && reply.kind !== 'renewed') return;
    const clientKey = this.#sessions.get(tag)?.clientKey ?? new Uint8Array(0);
    const value = host.disk.durable.get(LEASE_PREFIX + bytesToHex(clientKey));
    const record = value && decodeLeaseRecord(value);
    const fits = reply.kind === 'renewed' || record?.requestId === reply.id;
    if (record === undefined || !fits) {
      throw new Violation('a grant is spoken when it is durable', `${host.name} to ${tag}`);
    }
    if (ended.has(leaseId(clientKey))) {
      throw new Violation(
        'a seat that was taken back is not given again',
        `${host.name} to ${tag}`,
      );
    }
    if (!record.parts.every(({ licenseId }) => shelf.has(licenseId))) {
      throw new Violation('a removed license lends nothing', `${host.name} to ${tag}`);
    }
  }

  #useNonce(direction: string, nonce: Uint8Array): void {
    const name = direction + bytesToHex(nonce);
    if (this.#nonces.has(name)) throw new Violation('no nonce is used twice', name);
    this.#nonces.add(name);
  }
}

/** Events whose effects may speak to somebody who has not just spoken. */
const DOING: ReadonlySet<Effect['kind']> = new Set(['send', 'commit', 'look-at-host']);

const SPEAKING: ReadonlySet<Event['kind']> = new Set([
  'committed',
  'commit-failed',
  'operator',
  'host-judged',
]);
