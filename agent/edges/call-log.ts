/** Writes down calls to masters in full, for as long as an administrator has asked for it. */

import { bytesToBase64 } from '../../protocol/bytes.ts';
import type { Environment } from '../../protocol/node/user-folders.ts';
import { type EpochSeconds, epochSeconds } from '../../protocol/units.ts';
import type { MasterAnswer } from '../core/activation/master-answer.ts';
import type { CallLogView } from '../core/operations.ts';
import { entryToLine } from './log-line.ts';
import type { MasterQuestion } from './master-client.ts';
import { proxyFor } from './proxy.ts';
import { RotatingLog } from './rotating-log.ts';

/** Twelve MiB are a hundred calls of the largest size, and thousands of the usual one. */
const BOUNDS = { bytesMax: 4_194_304, formerMax: 2 } as const;
const HOUR_MS = 3_600_000;

export class CallLog {
  readonly #path: string;
  readonly #log: RotatingLog;
  readonly #now: () => number;
  /** Milliseconds since 1970. */
  #until = 0;

  constructor(path: string, now: () => number = Date.now) {
    this.#path = path;
    this.#log = new RotatingLog(path, BOUNDS, now);
    this.#now = now;
  }

  /** For so many hours from now; zero ends it. A restart of the agent ends it, too. */
  record(hours: number): void {
    this.#until = hours === 0 ? 0 : this.#now() + hours * HOUR_MS;
  }

  get view(): CallLogView {
    return { file: this.#path, until: this.#isOn ? this.#end : null };
  }

  /** Makes a call, and writes it down where that is wanted. */
  async watch(
    question: MasterQuestion,
    environment: Environment,
    call: () => Promise<MasterAnswer>,
  ): Promise<MasterAnswer> {
    const begun = this.#now();
    const answer = await call();
    if (this.#isOn) this.#write(question, environment, answer, this.#now() - begun);
    return answer;
  }

  get #isOn(): boolean {
    return this.#now() < this.#until;
  }

  get #end(): EpochSeconds {
    return epochSeconds(Math.floor(this.#until / 1000));
  }

  /** Passwords stay out: of credentials and proxies, names alone. */
  #write(
    { url, body, credentials }: MasterQuestion,
    environment: Environment,
    answer: MasterAnswer,
    ms: number,
  ): void {
    const where = withoutPassword(url);
    const proxy = URL.canParse(url) ? proxyFor(new URL(url), environment) : undefined;
    const came = answer.ok ? `${answer.bytes.length} bytes` : `${answer.code}`;
    const fields = {
      url: where,
      proxy: proxy === undefined ? null : withoutPassword(proxy.href),
      account: credentials?.name ?? null,
      ms,
      question: bytesToBase64(body),
      version: answer.version,
      ...(answer.ok
        ? { answer: bytesToBase64(answer.bytes) }
        : { code: answer.code, sentence: answer.sentence }),
    };
    const sentence = `Asked ${where} with ${body.length} bytes; after ${ms} ms: ${came}.`;
    const level = answer.ok ? 'info' : 'warning';
    const time = new Date(this.#now()).toISOString();
    this.#log.write(entryToLine({ time, level, kind: 'master-call', sentence, fields }));
  }
}

const withoutPassword = (text: string): string => {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === '') return text;
  url.password = '';
  return url.href;
};
