/** Agents of another major version, who may not be understood: each version is told of once. */

import { VERSION_HEADER } from '../../../protocol/master-call.ts';
import { majorOf } from '../../core/version-words.ts';
import { version } from '../../version.ts';
import type { HttpExchange } from './http-exchange.ts';

/** Other versions that are told of. */
const TOLD_MAX = 16;

export class ForeignVersions {
  /** Takes one line for the log. */
  readonly #say: (sentence: string) => void;
  readonly #told = new Set<string>();

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  hear({ request }: HttpExchange): void {
    const theirs = request.headers[VERSION_HEADER];
    if (typeof theirs !== 'string' || !/^\d{1,4}\.[\w.+-]{1,40}$/.test(theirs)) return;
    const isTold = this.#told.has(theirs) || this.#told.size >= TOLD_MAX;
    if (majorOf(theirs) === majorOf(version) || isTold) return;
    this.#told.add(theirs);
    this.#say(
      `Agents of version ${theirs} ask, and this master is ${version}: update the older ones.`,
    );
  }
}
