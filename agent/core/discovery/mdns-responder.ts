/**
 * Answers mDNS questions about this agent, and no others: it lives beside the computer's own responder
 * (Avahi, systemd-resolved), whose names it does not use. It says little: one answer a second on each
 * link, and ten a second to single askers, who must be on the link and are told no more than they said.
 */

import { buildDns } from '../../../protocol/dns/build-dns.ts';
import {
  type DnsQuestion,
  type DnsRecord,
  looksLikeQuery,
  parseDns,
  TYPE,
} from '../../../protocol/dns/dns-message.ts';
import {
  MDNS_PORT,
  type Presence,
  type ServiceRecords,
  serviceRecords,
} from '../../../protocol/dns/service.ts';
import { between, type Instant } from '../../../protocol/units.ts';

/** Milliseconds between two answers to everybody on one link (RFC 6762, section 6). */
const GROUP_EVERY_MS = 1000;
/** Answers to single askers in that time, and links whose last answer is remembered. */
const SINGLE_MAX = 10;
const LINKS_MAX = 64;
/** Questions answered at a time: each is said again to a single asker. */
const QUESTIONS_MAX = 4;
/** Seconds for which who asks from another port than 5353 may believe it (section 6.7). */
const LEGACY_TTL = 10;

/** A question as it came. */
export interface MdnsQuery {
  readonly bytes: Uint8Array;
  /** Names the link by which it came. */
  readonly link: string;
  readonly presence: Presence;
  readonly fromPort: number;
  /** Whether the asker's address is one of the link. */
  readonly isNear: boolean;
}

/**
 * `group`: to everybody on the link, after 20 to 120 ms if it is `shared`, for others answer as well.
 * `asker`: to that one, at once.
 */
export interface MdnsAnswer {
  readonly to: 'group' | 'asker';
  readonly isShared: boolean;
  readonly bytes: Uint8Array;
}

export class MdnsResponder {
  readonly #saidAt = new Map<string, Instant>();
  #singlesSince: Instant | undefined;
  #singles = 0;

  /** What to answer, if anything. */
  answer(query: MdnsQuery, now: Instant): MdnsAnswer | undefined {
    if (!looksLikeQuery(query.bytes)) return undefined;
    const message = parseDns(query.bytes);
    if (message === undefined || message.isResponse) return undefined;
    const ours = serviceRecords(query.presence);
    const questions = message.questions
      .filter((one) => recordsFor(ours, one).length > 0)
      .slice(0, QUESTIONS_MAX);
    const asked = [...new Set(questions.flatMap((one) => recordsFor(ours, one)))];
    const answers = asked.filter((one) => !message.records.some((known) => isKnown(one, known)));
    if (answers.length === 0) return undefined;
    const additionals = beside(ours, answers);
    if (query.fromPort === MDNS_PORT) {
      const isShared = answers.some((one) => !one.flush);
      if (!this.#mayTell(query.link, now)) return undefined;
      return { to: 'group', isShared, bytes: toAll(answers, additionals) };
    }
    const draft = {
      id: message.id,
      isResponse: true,
      questions,
      answers: answers.map(asLegacy),
      additionals: additionals.map(asLegacy),
    };
    const whole = buildDns(draft);
    const bytes = fits(whole, query) ? whole : buildDns({ ...draft, additionals: [] });
    // Anybody can ask in another's name, who must not get more than was sent.
    if (!query.isNear || !fits(bytes, query) || !this.#mayTellOne(now)) return undefined;
    return { to: 'asker', isShared: false, bytes };
  }

  /** Says unasked that the agent is there; nothing where the link has heard it a moment ago. */
  announce(link: string, presence: Presence, now: Instant): Uint8Array | undefined {
    if (!this.#mayTell(link, now)) return undefined;
    const { pointer, place, addresses } = serviceRecords(presence);
    return toAll([pointer, ...place, ...addresses], []);
  }

  /** Takes everything back. */
  farewell(presence: Presence): Uint8Array {
    const { pointer, place, addresses } = serviceRecords(presence);
    const all = [pointer, ...place, ...addresses];
    return toAll(
      all.map((record) => ({ ...record, ttl: 0 })),
      [],
    );
  }

  #mayTell(link: string, now: Instant): boolean {
    const before = this.#saidAt.get(link);
    if (before !== undefined && between(before, now) < GROUP_EVERY_MS) return false;
    if (before === undefined && this.#saidAt.size >= LINKS_MAX) this.#saidAt.clear();
    this.#saidAt.set(link, now);
    return true;
  }

  #mayTellOne(now: Instant): boolean {
    if (this.#singlesSince === undefined || between(this.#singlesSince, now) >= GROUP_EVERY_MS) {
      this.#singlesSince = now;
      this.#singles = 0;
    }
    return ++this.#singles <= SINGLE_MAX;
  }
}

const fits = (bytes: Uint8Array, query: MdnsQuery): boolean => bytes.length <= query.bytes.length;

const toAll = (answers: readonly DnsRecord[], additionals: readonly DnsRecord[]): Uint8Array =>
  buildDns({ id: 0, isResponse: true, questions: [], answers, additionals });

const recordsFor = (ours: ServiceRecords, { name, type }: DnsQuestion): readonly DnsRecord[] =>
  [ours.list, ours.pointer, ...ours.place, ...ours.addresses].filter(
    (one) => one.name === name && (type === TYPE.any || type === TYPE[one.type]),
  );

/** What who asked will ask next. */
const beside = (ours: ServiceRecords, answers: readonly DnsRecord[]): readonly DnsRecord[] => {
  const more = answers.includes(ours.pointer) ? [...ours.place, ...ours.addresses] : [];
  const isPlace = answers.some(({ type }) => type === 'srv');
  return (more.length > 0 ? more : isPlace ? ours.addresses : []).filter(
    (one) => !answers.includes(one),
  );
};

/** Whether the asker knows it already, for half of its time at least (RFC 6762, section 7.1). */
const isKnown = (ours: DnsRecord, known: DnsRecord): boolean =>
  known.ttl * 2 >= ours.ttl && sameRecord(ours) === sameRecord(known);

const sameRecord = (record: DnsRecord): string => {
  const bytes = record.type === 'txt' ? [...record.bytes] : [];
  return JSON.stringify([Object.entries({ ...record, ttl: 0, flush: false, bytes }).sort()]);
};

const asLegacy = (record: DnsRecord): DnsRecord => ({
  ...record,
  ttl: Math.min(record.ttl, LEGACY_TTL),
  flush: false,
});
