/** What can be read of an agent's history, from its running store or from one at rest. */

import { bytesToBase64, bytesToHex } from '../../../protocol/bytes.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { AuditCheck, type AuditReport } from '../../core/audit/audit-check.ts';
import { type AuditLine, auditLines, decodeAuditRecord } from '../../core/audit/audit-record.ts';
import { openSeal, signSeal } from '../../core/audit/audit-seal.ts';
import { addSpan, type Span } from '../../core/usage/usage-meter.ts';
import { encodePersons, encodePools } from '../../core/usage/usage-record.ts';
import type { UsageAnswer, UsageRange } from '../../core/usage/usage-report.ts';
import { addPersons, DAY, PEOPLE, UsageTables } from '../../core/usage/usage-tables.ts';
import { AuditChanges } from './audit-changes.ts';
import { auditInTurn, auditRecords, HEAD_KEY, START_KEY } from './audit-store.ts';
import type { HistoryReader } from './history-store.ts';
import { readUsage } from './usage-reading.ts';

/** Changes that can be asked for. */
export const CHANGES_MAX = 200;

export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
  readonly at: number;
  /** The agent's Ed25519 key and its signature, in base64. */
  readonly publicKey: string;
  readonly signature: string;
}

export interface HistoryParts {
  /** Throws while the store cannot be used. */
  readonly reader: () => HistoryReader;
  readonly keys: KeyPair;
  readonly primitives: Primitives;
  /** Has everything in the store that is to be read. */
  readonly settle?: () => Promise<void>;
  /** Leases that have not ended. */
  readonly spans?: () => Promise<readonly Span[]>;
}

/** What people are shown: of this agent, or of all members of its site. */
export type ShownHistory = Pick<HistoryViews, 'usage' | 'audit' | 'checkAudit' | 'auditHead'>;

export class HistoryViews {
  readonly #parts: HistoryParts;
  readonly #changes = new AuditChanges(CHANGES_MAX);

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  async usage(range: UsageRange): Promise<UsageAnswer> {
    const { settle, spans } = this.#parts;
    await settle?.();
    return this.#usage(range, (await spans?.()) ?? []);
  }

  /** Each of these days by itself; what is lent is looked at once. */
  async *days(from: number, to: number): AsyncGenerator<readonly [day: number, UsageAnswer]> {
    const { settle, spans } = this.#parts;
    await settle?.();
    const lent = (await spans?.()) ?? [];
    for (let day = from; day <= to; day++) {
      yield [day, await this.#usage({ from: day, to: day, byHour: false }, lent)];
    }
  }

  async #usage(range: UsageRange, spans: readonly Span[]): Promise<UsageAnswer> {
    const { pools, people } = await readUsage(this.#parts.reader(), range);
    for (const span of spans) {
      const within = new UsageTables();
      addSpan(within, clip(span, range));
      for (const kind of PEOPLE) {
        for (const rows of within.days[kind].values()) addPersons(people[kind], rows.values());
      }
    }
    return {
      pools: [...pools].map(([start, rows]) => [start, encodePools(rows.values())] as const),
      user: encodePersons(people.user.values()),
      host: encodePersons(people.host.values()),
    };
  }

  /** Changes, the newest of them, oldest first: who asked for what, and no seats. */
  changes(): Promise<readonly AuditLine[]> {
    return this.#changes.read(this.#parts.reader());
  }

  /** Everything that the audit has since this time, oldest first. */
  async *audit(since: number): AsyncGenerator<AuditLine> {
    for await (const { records } of auditInTurn(this.#parts.reader())) {
      for (const bytes of records) {
        const record = decodeAuditRecord(bytes);
        if (record !== undefined && record.at >= since) yield* auditLines(record);
      }
    }
  }

  /** Goes through all of the audit's records. */
  async checkAudit(noted?: {
    readonly sequence: number;
    readonly hash: string;
  }): Promise<AuditReport> {
    const { reader, primitives, keys } = this.#parts;
    await using store = reader().frozen();
    const ends = new Map(await store.get([START_KEY, HEAD_KEY]));
    const { publicKey } = keys;
    const [start, head] = [ends.get(START_KEY), ends.get(HEAD_KEY)];
    const check = new AuditCheck({ start, head, publicKey, noted }, primitives);
    for await (const bytes of auditRecords(store)) check.take(bytes);
    return check.report();
  }

  /** The newest head that was signed; `null` where there is none. */
  async auditHead(): Promise<AuditHead | null> {
    const { reader, primitives, keys } = this.#parts;
    const [entry] = await reader().get([HEAD_KEY]);
    const seal = entry && openSeal('head', entry[1], keys.publicKey, primitives);
    if (seal === undefined) return null;
    return {
      sequence: seal.sequence,
      hash: bytesToHex(seal.hash),
      at: seal.at,
      publicKey: bytesToBase64(keys.publicKey),
      signature: bytesToBase64(signSeal('head', seal, keys, primitives)),
    };
  }
}

const clip = (span: Span, { from, to }: UsageRange): Span => {
  const since = Math.max(span.since, from * DAY);
  const until = Math.max(since, Math.min(span.until, (to + 1) * DAY));
  return { ...span, since, until, idle: Math.min(span.idle, until - since) };
};
