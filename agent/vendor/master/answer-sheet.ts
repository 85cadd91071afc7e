/** What is put into a response, as far as it goes in. */

import type { ActivationRefusal, RefusedLicense } from '../../../protocol/activation-response.ts';
import { bytesToHex } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import {
  RESPONSE_DOCUMENTS_MAX,
  RESPONSE_MAX,
  SENTENCE_MAX,
  WANTED_MAX,
} from '../../../protocol/limits.ts';
import { cutText } from './cut-text.ts';

/** Bytes for the envelope, and for every refusal that there may be. */
const ENVELOPE = 1024;
const REFUSAL = SENTENCE_MAX * 4 + 32;
const ROOM = RESPONSE_MAX - ENVELOPE;

export class AnswerSheet {
  readonly #documents = new Map<string, Uint8Array>();
  readonly #refusals: RefusedLicense[] = [];
  #used = 0;

  get documents(): readonly Uint8Array[] {
    return [...this.#documents.values()];
  }

  get refusals(): readonly RefusedLicense[] {
    return this.#refusals;
  }

  /** Adds all of these, each once, or none where they are too much for one response. */
  add(documents: readonly Uint8Array[]): boolean {
    const fresh = new Map(
      documents
        .map((bytes) => [bytesToHex(bytes.subarray(-64)), bytes] as const)
        .filter(([name]) => !this.#documents.has(name)),
    );
    const size = [...fresh.values()].reduce((sum, { length }) => sum + length + 5, 0);
    const count = this.#documents.size + fresh.size;
    if (count > RESPONSE_DOCUMENTS_MAX || this.#used + size > ROOM) return false;
    this.#used += size;
    for (const [name, bytes] of fresh) this.#documents.set(name, bytes);
    return true;
  }

  refuse(license: LicenseId, code: ActivationRefusal, sentence: string): void {
    if (this.#refusals.length >= WANTED_MAX || this.#used + REFUSAL > RESPONSE_MAX) return;
    this.#used += sentence.length * 4 + 32;
    this.#refusals.push({ license, code, sentence: cutText(sentence, SENTENCE_MAX) });
  }
}
