/** Which vendor's key was seen first for a product, where nobody named one. */

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

const PRODUCTS_MAX = 1000;

export class VendorPins {
  readonly #file: string;

  /** `folder`: the user's own state folder. */
  constructor(folder: string) {
    this.#file = join(folder, 'vendor-keys.json');
  }

  get file(): string {
    return this.#file;
  }

  /** The key pinned for a product, in base64. Code: BROKEN_DATA. */
  async get(product: string): Promise<string | undefined> {
    return (await this.#read()).get(product);
  }

  /** Remembers a key. Rejects with the system's error when the file cannot be written. */
  async pin(product: string, key: string): Promise<void> {
    const pins = await this.#read();
    if (pins.size >= PRODUCTS_MAX && !pins.has(product)) {
      throw new UsherError('BROKEN_DATA', `${this.#file} holds too many keys: remove old ones.`);
    }
    pins.set(product, key);
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const text = `${JSON.stringify(Object.fromEntries(pins), null, 2)}\n`;
    await writeFile(`${this.#file}.${process.pid}`, text, { mode: 0o600 });
    await rename(`${this.#file}.${process.pid}`, this.#file);
  }

  async #read(): Promise<Map<string, string>> {
    const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      // Going on would trust whoever comes first although somebody was trusted before.
      throw new UsherError(
        'FILE_UNREADABLE',
        `Cannot read the vendors' keys in ${this.#file}: ${systemReason(error)}.`,
        error,
      );
    });
    try {
      const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
      return new Map(entries.map(([product, key]) => [product, String(key)]));
    } catch (error) {
      throw new UsherError('BROKEN_DATA', `${this.#file} is damaged: mend or remove it.`, error);
    }
  }
}
