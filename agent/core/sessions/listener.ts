/**
 * Hears datagrams and answers them. The cheapest checks come first; until an address and a key are
 * proven the answer is silence, but for offers, which are never longer than the question.
 */

import type { Endpoint } from '../../../protocol/endpoint.ts';
import type { Frame } from '../../../protocol/frame.ts';
import { EPOCH_SIZE, KEY_SIZE } from '../../../protocol/limits.ts';
import { readNumber } from '../../../protocol/nonce.ts';
import type { Discover } from '../../../protocol/offers.ts';
import {
  HELLO_KEY_AT,
  isDiscoverFrame,
  isRequestFrame,
  openRequestWithin,
  parseFrame,
  REQUEST_KEY_AT,
} from '../../../protocol/packet.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { unreachable } from '../../../protocol/result.ts';
import { deriveSessionKeys, type SessionKeys } from '../../../protocol/seal.ts';
import type { Moment } from '../../../protocol/units.ts';
import type { Counters } from '../counters.ts';
import { answerDiscover } from '../discovery/discovery.ts';
import type { TwinWatch } from '../discovery/twin-watch.ts';
import type { Effect } from '../effects.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { Preferences } from '../preferences.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { Site } from '../site/site.ts';
import type { AddressCookie } from './address-cookie.ts';
import type { Responder } from './responder.ts';
import type { SessionTable } from './session-table.ts';
import { type Hearing, refusal, type Speaker } from './speaker.ts';
import type { StrangerGate } from './stranger-gate.ts';

/** Sessions without a lease, unless the agent is told otherwise. */
export const IDLE_SESSIONS_MAX = 262_144;

export interface ListenerParts {
  /** Sessions without a lease; beyond them a newcomer is told that the agent is busy. */
  readonly idleSessionsMax: number;
  readonly preferences: Preferences;
  readonly version: string;
  readonly keys: KeyPair;
  /** New whenever the agent starts. */
  readonly epoch: Uint8Array;
  readonly primitives: Primitives;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
  readonly speaker: Speaker;
  readonly responder: Responder;
  readonly cookies: AddressCookie;
  readonly strangers: StrangerGate;
  readonly counters: Counters;
  readonly twins: TwinWatch;
  /** While it is cut off from its site it is as if it were not there. */
  readonly site: Pick<Site, 'mayGrant'> | undefined;
}

type Hello = Extract<Frame, { kind: 'hello' }>;

export class Listener {
  readonly #parts: ListenerParts;
  /** The key of whom is being heard. */
  readonly #key = new Uint8Array(KEY_SIZE);

  constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  /** Handles one datagram and adds to `effects` what follows. */
  hear(from: Endpoint, bytes: Uint8Array, at: Moment, host: JudgedHost, effects: Effect[]): void {
    const hearing = { from, size: bytes.length, at, host, effects };
    // Nearly all that is heard, and it is read where it lies.
    if (isRequestFrame(bytes)) return this.#hearRequest(bytes, hearing);
    // Before it is read: a flood of questions costs no more than the look at who asks.
    if (isDiscoverFrame(bytes) && !this.#mayDiscover(hearing)) return;
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') return this.#drop(frame);
    switch (frame.kind) {
      case 'request':
        return this.#hearRequest(bytes, hearing);
      case 'hello':
        return this.#hearHello(bytes, frame, hearing);
      case 'discover':
        return this.#hearDiscover(frame.discover, hearing);
      case 'offer':
        if (this.#parts.twins.hearOffer(frame.offer, from, at.mono, effects)) return;
        return this.#drop('not-for-agents');
      case 'reply':
        return this.#drop('not-for-agents');
      default:
        return unreachable(frame);
    }
  }

  #drop(reason: string): void {
    this.#parts.counters.add(`dropped ${reason}`);
  }

  #mayDiscover({ from, at }: Hearing): boolean {
    const { strangers, site } = this.#parts;
    const isCutOff = site?.mayGrant(at.mono) === false;
    if (!isCutOff && strangers.mayAsk(from.address, at.mono)) return true;
    this.#drop(isCutOff ? 'cut-off' : 'too-many');
    return false;
  }

  #hearDiscover(discover: Discover, hearing: Hearing): void {
    const { preferences, version, keys, epoch, cookies, shelf, judge } = this.#parts;
    const { from, at, host, effects } = hearing;
    this.#keepSecret(hearing);
    const cookie = cookies.make(from, at.mono);
    const { name } = preferences.now;
    const self = { agentKey: keys.publicKey, epoch, cookie, name, version };
    const bytes = answerDiscover(discover, self, { shelf, judge }, at.wall, host);
    this.#parts.counters.add('offers');
    effects.push({ kind: 'send', to: from, bytes });
    this.#parts.twins.hearDiscover(from, at.mono, effects);
  }

  /** The secret of cookies is replaced in time, where anybody is there to be told one. */
  #keepSecret({ at, effects }: Hearing): void {
    if (this.#parts.cookies.wantsSecret(at.mono)) effects.push({ kind: 'draw-secret' });
  }

  #hearHello(bytes: Uint8Array, frame: Hello, hearing: Hearing): void {
    const { cookies, strangers, sessions } = this.#parts;
    const { from, at } = hearing;
    const slot = sessions.find(frame.clientKey);
    if (slot >= 0) return this.#hearSealed(slot, bytes, HELLO_KEY_AT, hearing);
    if (!strangers.mayCall(from.address, at.mono)) return this.#drop('too-many');
    this.#keepSecret(hearing);
    if (!cookies.isValid(frame.cookie, from, at.mono)) return this.#drop('no-cookie');
    if (!strangers.mayEnter(from.address, at.mono)) return this.#drop('too-many');
    this.#hearNewcomer(bytes, frame, hearing);
  }

  /** A session is made only for who has proven the address and then the key. */
  #hearNewcomer(bytes: Uint8Array, frame: Hello, hearing: Hearing): void {
    const { sessions, book, responder, epoch, idleSessionsMax, speaker } = this.#parts;
    if (!isOfEpoch(frame.nonce, 0, epoch)) return this.#drop('old-epoch');
    const keys = this.#deriveKeys(frame.clientKey);
    const number = readNumber(frame.nonce);
    if (keys === undefined || number === undefined) return this.#drop('bad-key');
    const opened = openRequestWithin(bytes, HELLO_KEY_AT, keys.request);
    if (opened === undefined) return this.#drop('not-sealed');
    const slot = sessions.open(frame.clientKey);
    sessions.takeKeys(slot, keys);
    sessions.markSeen(slot, number);
    if (sessions.size - book.size <= idleSessionsMax)
      return responder.perform(slot, opened, hearing);
    // Full: said under seal to who has proven both, and not remembered.
    speaker.reply(slot, refusal(opened.id, 'busy'), hearing);
    sessions.close(slot);
  }

  #deriveKeys(clientKey: Uint8Array): SessionKeys | undefined {
    const { keys, primitives } = this.#parts;
    const ends = {
      ownSecret: keys.secretKey,
      otherKey: clientKey,
      clientKey,
      agentKey: keys.publicKey,
    };
    return deriveSessionKeys(ends, primitives);
  }

  #hearRequest(bytes: Uint8Array, hearing: Hearing): void {
    const slot = this.#parts.sessions.find(bytes, REQUEST_KEY_AT);
    if (slot < 0) return this.#drop('no-session');
    this.#hearSealed(slot, bytes, REQUEST_KEY_AT, hearing);
  }

  /** `keyAt`: where the client's key is in the datagram, and its nonce behind it. */
  #hearSealed(slot: number, bytes: Uint8Array, keyAt: number, hearing: Hearing): void {
    const { sessions, epoch } = this.#parts;
    if (!sessions.hasKeys(slot) && !this.#rederive(slot)) return this.#drop('bad-key');
    const nonceAt = keyAt + KEY_SIZE;
    const number = readNumber(bytes, nonceAt);
    if (number === undefined) return this.#drop('malformed');
    const current = isOfEpoch(bytes, nonceAt, epoch);
    if (current && !sessions.isFresh(slot, number)) return this.#drop('replayed');
    sessions.readRequestKey(slot, this.#key);
    const opened = openRequestWithin(bytes, keyAt, this.#key);
    if (opened === undefined) return this.#drop('not-sealed');
    if (!current) return this.#sayNewEpoch(slot, opened.id, hearing);
    sessions.markSeen(slot, number);
    this.#parts.responder.perform(slot, opened, hearing);
  }

  /** After a restart a stored lease's session gets its keys when it is first heard. */
  #rederive(slot: number): boolean {
    const { sessions } = this.#parts;
    const keys = this.#deriveKeys(sessions.clientKey(slot));
    if (keys !== undefined) sessions.takeKeys(slot, keys);
    return keys !== undefined;
  }

  /** A request from before the restart may be a recording: nothing is done until it comes anew. */
  #sayNewEpoch(slot: number, id: number, hearing: Hearing): void {
    const { strangers, speaker } = this.#parts;
    if (!strangers.mayEnter(hearing.from.address, hearing.at.mono)) return this.#drop('too-many');
    speaker.reply(slot, { kind: 'new-epoch', id }, hearing);
  }
}

/** Whether the nonce at `at` is of this epoch, which is no secret. */
const isOfEpoch = (bytes: Uint8Array, at: number, epoch: Uint8Array): boolean => {
  for (let i = 0; i < EPOCH_SIZE; i++) if (bytes[at + i] !== epoch[i]) return false;
  return true;
};
