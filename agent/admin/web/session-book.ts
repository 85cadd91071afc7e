/** Who is signed in at the console. In memory alone: when the agent ends, everybody is signed out. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from './access.ts';

/** Milliseconds without a request, and in all, after which a session has ended. */
const IDLE_MAX_MS = 8 * 3_600_000;
const LIFE_MAX_MS = 24 * 3_600_000;
/** Beyond them the one that was silent longest is forgotten. */
const SESSIONS_MAX = 256;
const SECRET_SIZE = 32;

export interface Session {
  readonly name: string;
  readonly role: Role;
  readonly from: string;
}

/**
 * Two secrets: a cookie, and a key that the page sends in a header. Every port of a host gets a
 * host's cookies, so a cookie alone would be told to whoever serves another page on this computer.
 */
export interface Secrets {
  readonly cookie: string;
  readonly key: string;
}

interface Entry {
  readonly session: Session;
  readonly keyHash: Buffer;
  readonly openedAt: number;
  seenAt: number;
}

export class SessionBook {
  readonly #now: () => number;
  /** By the hash of the cookie: looking up tells nothing by its time. In order of last use. */
  readonly #entries = new Map<string, Entry>();

  #onClosed = (): void => {};

  /** `now` in milliseconds; only differences count. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Who is told that sessions were closed; one listener. */
  whenClosed(listener: () => void): void {
    this.#onClosed = listener;
  }

  open(session: Session): Secrets {
    const [cookie, key] = [makeSecret(), makeSecret()];
    const now = this.#now();
    if (this.#entries.size >= SESSIONS_MAX) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    const entry = { session, keyHash: hashOf(key), openedAt: now, seenAt: now };
    this.#entries.set(hashOf(cookie).toString('hex'), entry);
    return { cookie, key };
  }

  /** The session of these secrets; asking for it keeps it from ending for want of use. */
  find(secrets: Secrets): Session | undefined {
    const name = hashOf(secrets.cookie).toString('hex');
    const entry = this.#entries.get(name);
    if (entry === undefined || !timingSafeEqual(entry.keyHash, hashOf(secrets.key))) {
      return undefined;
    }
    const now = this.#now();
    this.#entries.delete(name);
    if (now - entry.seenAt > IDLE_MAX_MS || now - entry.openedAt > LIFE_MAX_MS) return undefined;
    entry.seenAt = now;
    this.#entries.set(name, entry);
    return entry.session;
  }

  /** Whether the session goes on, without making it last. */
  goesOn(session: Session): boolean {
    const now = this.#now();
    for (const entry of this.#entries.values()) {
      if (entry.session !== session) continue;
      return now - entry.seenAt <= IDLE_MAX_MS && now - entry.openedAt <= LIFE_MAX_MS;
    }
    return false;
  }

  close(session: Session): void {
    for (const [name, entry] of this.#entries) {
      if (entry.session === session) this.#entries.delete(name);
    }
    this.#onClosed();
  }

  /** Signs out everybody of a role, whose password is no longer that. */
  closeRole(role: Role): void {
    for (const [name, { session }] of this.#entries) {
      if (session.role === role) this.#entries.delete(name);
    }
    this.#onClosed();
  }
}

export const makeSecret = (): string => randomBytes(SECRET_SIZE).toString('base64url');

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
