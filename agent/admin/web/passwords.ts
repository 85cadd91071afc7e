/** Passwords for the console over the network: one for each role, kept as a hash that is slow to make. */

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { ROLES, type Role } from './access.ts';

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 256;
/** 32 MB and about a tenth of a second. */
const COST = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const HASH_SIZE = 32;
const SALT_SIZE = 16;
/** Checked at a time: each takes memory. */
const AT_ONCE = 2;

/** `was`: the text that the change was made of. */
export type SharePasswords = (text: string, was: string, who: string) => Promise<void>;

interface Kept {
  readonly salt: string;
  readonly hashes: Readonly<Partial<Record<Role, string>>>;
}

const NONE: Kept = { salt: '', hashes: {} };

/** Always the same for the same passwords. */
const textOf = ({ salt, hashes }: Kept): string => {
  if (salt === '') return '';
  const inOrder = ROLES.flatMap((role) =>
    hashes[role] === undefined ? [] : [[role, hashes[role]]],
  );
  return `${JSON.stringify({ salt, hashes: Object.fromEntries(inOrder) })}\n`;
};

export class Passwords {
  readonly #path: string;
  /** Has the site take a text in the place of another, before it is kept here; rejects where it does not. */
  readonly #share: SharePasswords;
  #kept: Kept;
  #checks = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, kept: Kept, share: SharePasswords) {
    this.#path = path;
    this.#share = share;
    this.#kept = kept;
  }

  /** Reads the file, which need not be there; a damaged one counts as none. */
  static async open(path: string, share: SharePasswords = async () => {}): Promise<Passwords> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return new Passwords(path, readKept(text) ?? NONE, share);
  }

  get roles(): readonly Role[] {
    return ROLES.filter((role) => this.#kept.hashes[role] !== undefined);
  }

  /** As they are kept, and as a site's members have them in common; empty where there are none. */
  get text(): string {
    return textOf(this.#kept);
  }

  /** Takes up those of the site; the roles whose passwords are others now. */
  takeUp(text: string): Promise<readonly Role[]> {
    return this.#inTurn(() => this.#takeUp(text));
  }

  async #takeUp(text: string): Promise<readonly Role[]> {
    const kept = text === '' ? NONE : readKept(text);
    if (kept === undefined) throw new Error('passwords of another form');
    const before = this.#kept;
    if (text !== textOf(before)) await this.#write(kept);
    return ROLES.filter((role) => before.hashes[role] !== kept.hashes[role]);
  }

  /**
   * Resolves when it is on the disk; `null` takes the role's password away. `who`: asks for it.
   * Rejects where the site has others by now, or cannot be asked.
   */
  set(role: Role, password: string | null, who = ''): Promise<void> {
    return this.#inTurn(() => this.#set(role, password, who));
  }

  /** One change after the other: each writes the whole file. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => {});
    return done;
  }

  async #set(role: Role, password: string | null, who: string): Promise<void> {
    const { [role]: _, ...others } = this.#kept.hashes;
    const salt = this.#kept.salt || randomBytes(SALT_SIZE).toString('hex');
    const hashes =
      password === null ? others : { ...others, [role]: await slowHash(password, salt) };
    const kept = { salt, hashes };
    await this.#share(textOf(kept), this.text, who);
    await this.#write(kept);
  }

  /** The highest role that has this password; `undefined` for a wrong one, or too many at a time. */
  async check(password: string): Promise<Role | undefined> {
    const { salt } = this.#kept;
    if (salt === '' || password.length > PASSWORD_MAX || this.#checks >= AT_ONCE) return undefined;
    this.#checks++;
    try {
      const given = Buffer.from(await slowHash(password, salt), 'hex');
      // As they are by now: one that was changed meanwhile opens nothing any more.
      const { hashes } = this.#kept;
      return ROLES.toReversed().find((role) => {
        const kept = Buffer.from(hashes[role] ?? '', 'hex');
        return kept.length === given.length && timingSafeEqual(kept, given);
      });
    } finally {
      this.#checks--;
    }
  }

  async #write(kept: Kept): Promise<void> {
    const fresh = `${this.#path}.new`;
    {
      await using file = await open(fresh, 'w', 0o600);
      await file.writeFile(textOf(kept));
      await file.sync();
    }
    await rename(fresh, this.#path);
    this.#kept = kept;
  }
}

/** In hexadecimal; the salt is in hexadecimal, too. */
export const slowHash = (password: string, salt: string): Promise<string> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), Buffer.from(salt, 'hex'), HASH_SIZE, COST, (error, key) =>
      error === null ? resolve(key.toString('hex')) : reject(error),
    );
  });

const readKept = (text: string): Kept | undefined => {
  try {
    const value = JSON.parse(text) as { salt?: unknown; hashes?: Record<string, unknown> };
    const { salt, hashes } = value;
    if (typeof salt !== 'string' || typeof hashes !== 'object' || hashes === null) return undefined;
    const read: Partial<Record<Role, string>> = {};
    for (const role of ROLES) {
      const one = hashes[role];
      if (typeof one === 'string') read[role] = one;
    }
    return { salt, hashes: read };
  } catch {
    return undefined;
  }
};
