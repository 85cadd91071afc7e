/** What members tell each other of their history by the register: usage by days, and changes. */

import { deflateRawSync } from 'node:zlib';
import type { AuditLine } from '../../core/operations.ts';
import type { RegisterEntry } from '../../core/site/register.ts';
import type { MemberId } from '../../core/site/site-keys.ts';
import { cutPersons, cutPools, type MemberDay } from '../../core/site/site-usage.ts';
import { CHANGES_MAX } from '../history/history-views.ts';
import { inflate } from '../history/usage-value.ts';

export const HISTORY_PREFIX = 'history/';

/** Bytes of a value, compressed: of a day of one member, and of its changes. */
const DAY_MAX = 8192;
const CHANGES_SIZE = 32_768;

export const usagePrefix = (day: number): string => `${HISTORY_PREFIX}usage/${day}/`;
export const usageKeyOf = (day: number, member: MemberId): string => usagePrefix(day) + member;
export const CHANGES_PREFIX = `${HISTORY_PREFIX}changes/`;

const squeeze = (value: unknown): Uint8Array =>
  new Uint8Array(deflateRawSync(JSON.stringify(value)));

/** With as many users, hosts and classes as fit. */
export const encodeDay = ({ day, member, pools, user, host }: MemberDay): Uint8Array => {
  for (let most = 2048; ; most = Math.floor(most / 2)) {
    const cut = [cutPools(pools, most), cutPersons(user, most), cutPersons(host, most)];
    const value = squeeze([1, day, member, ...cut]);
    if (value.length <= DAY_MAX || most === 0) return value;
  }
};

export const decodeDay = ({ value }: RegisterEntry): MemberDay | undefined => {
  const [version, day, member, pools, user, host] = parse(value);
  const texts = [member, pools, user, host];
  if (version !== 1 || !Number.isSafeInteger(day)) return undefined;
  if (!texts.every((text) => typeof text === 'string')) return undefined;
  const [name = '', ...rows] = texts as string[];
  return {
    day: Number(day),
    member: name,
    pools: rows[0] ?? '',
    user: rows[1] ?? '',
    host: rows[2] ?? '',
  };
};

/** The newest of these that fit, of the member of this name. */
export const encodeChanges = (member: string, lines: readonly AuditLine[]): Uint8Array => {
  for (let most = CHANGES_MAX; ; most = Math.floor(most / 2)) {
    const rows = (most === 0 ? [] : lines.slice(-most)).map((line) => [
      line.sequence,
      line.at,
      line.who,
      line.what,
      line.detail,
    ]);
    const value = squeeze([1, member, rows]);
    if (value.length <= CHANGES_SIZE || most === 0) return value;
  }
};

export const decodeChanges = ({ value }: RegisterEntry): readonly AuditLine[] => {
  const [version, member, rows] = parse(value);
  if (version !== 1 || typeof member !== 'string' || !Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    const [sequence, at, who, what, detail] = Array.isArray(row) ? (row as unknown[]) : [];
    const isLine = [who, what, detail].every((text) => typeof text === 'string');
    if (!isLine || typeof sequence !== 'number' || typeof at !== 'number') return [];
    return [
      { sequence, at, who: who as string, what: what as string, detail: detail as string, member },
    ];
  });
};

const parse = (value: Uint8Array): readonly unknown[] => {
  try {
    const read: unknown = JSON.parse(inflate(value));
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
};
