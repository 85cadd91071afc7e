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

interface Kept {
  readonly salt: string;
  readonly hashes: Readonly<Partial<Record<Role, string>>>;
}

export class Passwords {
  readonly #path: string;
  #kept: Kept;
  #checks = 0;

  private constructor(path: string, kept: Kept) {
    this.#path = path;
    this.#kept = kept;
  }

  /** Reads the file, which need not be there; a damaged one counts as none. */
  static async open(path: string): Promise<Passwords> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return new Passwords(path, readKept(text) ?? { salt: '', hashes: {} });
  }

  get roles(): readonly Role[] {
    return ROLES.filter((role) => this.#kept.hashes[role] !== undefined);
  }

  /** Resolves when it is on the disk; `null` takes the role's password away. */
  async set(role: Role, password: string | null): Promise<void> {
    const { [role]: _, ...others } = this.#kept.hashes;
    const salt = this.#kept.salt || randomBytes(SALT_SIZE).toString('hex');
    const hashes =
      password === null ? others : { ...others, [role]: await slowHash(password, salt) };
    await this.#write({ salt, hashes });
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
      await file.writeFile(`${JSON.stringify(kept)}\n`);
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
