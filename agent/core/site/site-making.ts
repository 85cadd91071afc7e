/** What an agent has more where it is a member of a site. It is handed to members alone: nobody else loads it. */

import { concatBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import { KEY_SIZE } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { Charter } from '../charter/charter.ts';
import { LicenseCharter, type LicenseCharterParts } from '../charter/license-charter.ts';
import { ResourceTable, type ResourceTableParts } from '../charter/resource-table.ts';
import { TableCharter, type TableCharterParts } from '../charter/table-charter.ts';
import { UserTable } from '../charter/user-table.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { Preferences } from '../preferences.ts';
import type { ResourcesAfter } from '../resources/resource-register.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { parseSiteRules } from '../rules/site-rules.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { RosterList } from '../seats/roster.ts';
import type { RosterChangeParts } from '../seats/roster-change.ts';
import type { SeatClaims } from '../seats/seat-claims.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import { COMMON_RESOURCES_KEY, COMMON_USERS_KEY } from '../store-key.ts';
import { Blocks } from './blocks.ts';
import { CoveredSeats } from './covered-seats.ts';
import { Editions } from './editions.ts';
import { LoanBook } from './loan-book.ts';
import { MovedSeats } from './moved-seats.ts';
import { RegisterCalls } from './register-calls.ts';
import { Site } from './site.ts';
import { type MemberId, memberIdOf } from './site-keys.ts';
import type { SiteParts } from './site-parts.ts';

export interface SharingParts {
  readonly agentKey: Uint8Array;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly claims: SeatClaims;
  readonly rules: RuleBook;
  readonly preferences: Preferences;
  readonly primitives: Primitives;
  readonly commits: CommitQueue;
}

/** What tells the tables of any agent what the site has, and counts. */
const makeTables = (parts: SharingParts, me: MemberId, calls: RegisterCalls) => {
  const { preferences } = parts;
  const moved = new MovedSeats({ ...parts, me });
  const covered = new CoveredSeats(parts);
  const blocks = new Blocks({ ...parts, me, calls, moved, covered });
  const { limits, reserves, named } = blocks;
  const loans = new LoanBook(parts);
  const charter = new Charter({ ...parts, me, calls, name: () => preferences.now.name });
  const editions = new Editions({ ...parts, me, calls });
  return { moved, covered, blocks, limits, reserves, named, loans, charter, editions };
};

export type SharingTables = Readonly<ReturnType<typeof makeTables>>;

type MadeHere = keyof SharingTables | 'me' | 'calls' | 'secret';

export class Sharing {
  readonly tables: SharingTables;
  readonly #me: MemberId;
  readonly #calls = new RegisterCalls();

  constructor(parts: SharingParts) {
    this.#me = memberIdOf(parts.agentKey);
    this.tables = makeTables(parts, this.#me, this.#calls);
  }

  /** `seed`: for a secret of the site's, should nobody of it have made one yet. */
  makeSite(parts: Omit<SiteParts, MadeHere>, seed: Uint8Array): Site {
    const { primitives } = parts;
    const secret = siteSecret(seed, primitives);
    return new Site({ ...parts, ...this.tables, me: this.#me, calls: this.#calls, secret });
  }

  makeLicenseCharter(parts: Omit<LicenseCharterParts, MadeHere>): LicenseCharter {
    return new LicenseCharter({ ...parts, charter: this.tables.charter });
  }

  makeUserCharter(
    parts: Omit<TableCharterParts, MadeHere> & RosterChangeParts,
  ): TableCharter<RosterList> {
    const { charter } = this.tables;
    return new TableCharter({ ...parts, charter }, new UserTable(parts), COMMON_USERS_KEY);
  }

  makeResourceCharter(
    parts: Omit<TableCharterParts, MadeHere> & ResourceTableParts,
  ): TableCharter<ResourcesAfter> {
    const { charter } = this.tables;
    return new TableCharter({ ...parts, charter }, new ResourceTable(parts), COMMON_RESOURCES_KEY);
  }
}

const siteSecret = (seed: Uint8Array, { sha512Secret }: Primitives): Uint8Array =>
  sha512Secret(concatBytes(utf8ToBytes('usher site secret\0'), seed)).slice(0, KEY_SIZE);

/** Handed to an agent, it makes a member of a site of it. */
export const siteMaking = {
  parseRules: parseSiteRules,
  share: (parts: SharingParts): Sharing => new Sharing(parts),
} as const;

export type SiteMaking = typeof siteMaking;
