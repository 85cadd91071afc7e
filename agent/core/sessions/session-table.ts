/**
 * The sessions: who may speak sealed, under which keys, and which numbers have been heard. A session
 * is named by its client's X25519 key and holds at most one lease, which the lease book keeps under
 * the same slot.
 */

import type { Endpoint } from '../../../protocol/endpoint.ts';
import { KEY_SIZE } from '../../../protocol/limits.ts';
import { REFUSALS, type RefusalCode, refusalByNumber } from '../../../protocol/refusal.ts';
import { isFresh, markSeen } from '../../../protocol/replay-window.ts';
import type { SessionKeys } from '../../../protocol/seal.ts';
import { type Millis, millis } from '../../../protocol/units.ts';
import { BytesColumn, float64Column, uint8Column, uint32Column } from '../tables/columns.ts';
import { EndpointColumn } from '../tables/endpoint-column.ts';
import { SlotIndex } from '../tables/slot-index.ts';

/**
 * How long a session without a lease is remembered after it was last heard: no shorter than an
 * address cookie is good for, so that a recorded hello never finds its session forgotten.
 */
export const SESSION_IDLE: Millis = millis(120_000);

export class SessionTable {
  readonly #clientKeys = new BytesColumn(KEY_SIZE);
  readonly #sealKeys = new BytesColumn(2 * KEY_SIZE);
  readonly #keyed = uint8Column();
  readonly #highest = float64Column();
  readonly #seen = uint32Column();
  readonly #lastIds = uint32Column();
  /** Why the acquire of the last id was refused, by its number; zero where it was not. */
  readonly #refusals = uint8Column();
  readonly #endpoints = new EndpointColumn();
  readonly #index: SlotIndex;
  readonly #free: number[] = [];
  #used = 0;

  /** `seed`: 16 secret random bytes. */
  constructor(seed: Uint8Array) {
    this.#index = new SlotIndex(this.#clientKeys, seed);
  }

  get size(): number {
    return this.#used - this.#free.length;
  }

  /** The slot of the client's key that stands at `at`, or −1. */
  find(clientKey: Uint8Array, at = 0): number {
    return this.#index.find(clientKey, at);
  }

  /** Makes a session for a key that has none. Its seal keys may be set later. */
  open(clientKey: Uint8Array): number {
    const slot = this.#free.pop() ?? this.#used++;
    this.#clientKeys.set(slot, clientKey);
    this.#keyed.set(slot, 0);
    this.#highest.set(slot, 0);
    this.#seen.set(slot, 0);
    this.setLastId(slot, 0);
    this.#endpoints.clear(slot);
    this.#index.add(slot);
    return slot;
  }

  close(slot: number): void {
    this.#index.remove(slot);
    this.#clientKeys.clear(slot);
    this.#sealKeys.clear(slot);
    this.#endpoints.clear(slot);
    this.#free.push(slot);
  }

  clientKey(slot: number): Uint8Array {
    return this.#clientKeys.view(slot);
  }

  /** Copies the name by which replies call the session. */
  readTag(slot: number, target: Uint8Array): void {
    this.#clientKeys.read(slot, target);
  }

  hasKeys(slot: number): boolean {
    return this.#keyed.get(slot) === 1;
  }

  /** Copies the keys and overwrites them where they were. */
  takeKeys(slot: number, keys: SessionKeys): void {
    this.#sealKeys.set(slot, keys.request);
    this.#sealKeys.set(slot, keys.reply, KEY_SIZE);
    this.#keyed.set(slot, 1);
    keys.request.fill(0);
    keys.reply.fill(0);
  }

  readRequestKey(slot: number, target: Uint8Array): void {
    this.#sealKeys.read(slot, target);
  }

  readReplyKey(slot: number, target: Uint8Array): void {
    this.#sealKeys.read(slot, target, KEY_SIZE);
  }

  isFresh(slot: number, number: number): boolean {
    return isFresh(this.#highest.get(slot), this.#seen.get(slot), number);
  }

  markSeen(slot: number, number: number): void {
    const highest = this.#highest.get(slot);
    this.#seen.set(slot, markSeen(highest, this.#seen.get(slot), number));
    if (number > highest) this.#highest.set(slot, number);
  }

  /** The highest id of an acquire or release heard: what comes with a lower one comes too late. */
  lastId(slot: number): number {
    return this.#lastIds.get(slot);
  }

  setLastId(slot: number, id: number): void {
    this.#lastIds.set(slot, id);
    this.#refusals.set(slot, 0);
  }

  /** Why the acquire with the last id was refused: its answer may get lost, and it comes again. */
  lastRefusal(slot: number): RefusalCode | undefined {
    const number = this.#refusals.get(slot);
    return number === 0 ? undefined : refusalByNumber(number);
  }

  setLastRefusal(slot: number, code: RefusalCode): void {
    this.#refusals.set(slot, REFUSALS[code].number);
  }

  endpoint(slot: number): Endpoint | undefined {
    return this.#endpoints.get(slot);
  }

  /** Whether the session was heard last from there. */
  isAt(slot: number, endpoint: Endpoint): boolean {
    return this.#endpoints.isAt(slot, endpoint);
  }

  setEndpoint(slot: number, endpoint: Endpoint): void {
    this.#endpoints.set(slot, endpoint);
  }
}
