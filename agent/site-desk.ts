/** This agent's way to the site that it is a member of: for its core, and for administrators. */

import { bytesToUtf8 } from '../protocol/bytes.ts';
import { readCharter, SHARED_PREFIX, sharedKey } from './core/charter/charter-record.ts';
import type { RegisterAnswer, RegisterAsk } from './core/site/register.ts';
import { formatIn } from './core/site/site-format.ts';
import {
  DEAD_PREFIX,
  FORMAT_KEY,
  JOINED_PREFIX,
  type MemberId,
  memberIdOf,
  POOL_PREFIX,
} from './core/site/site-keys.ts';
import { type SiteMaking, siteMaking } from './core/site/site-making.ts';
import { obstacleToSentence } from './core/site/site-obstacle.ts';
import { type SiteView, viewSite } from './core/site/site-view.ts';
import { SharedTexts } from './edges/site/shared-texts.ts';
import { openRegister } from './open-register.ts';
import type { SiteSettings } from './site-settings.ts';
import { UsherError } from './usher-error.ts';

export interface SiteDesk {
  readonly me: MemberId;
  /** What makes a member of the agent. */
  readonly making: SiteMaking;
  /** What came of it; it never rejects. */
  readonly ask: (ask: RegisterAsk, stop: AbortSignal) => Promise<RegisterAnswer>;
  /** Who keeps here what the site has in common. */
  readonly texts: SharedTexts;
  /** Everything that the register has, and how etcd's members are. */
  readonly look: () => Promise<SiteView>;
  /** Etcd's own list of its members, by their ids; `null` where it does not tell. */
  readonly voters: () => Promise<readonly string[] | null>;
  /** What it has in common already. Code: REFUSED, also where another version keeps the register. */
  readonly common: () => Promise<SiteCommon>;
  readonly close: () => void;
}

export interface SiteCommon {
  /** `null` where it has none. */
  readonly rules: string | null;
  readonly hasPasswords: boolean;
}

/** What is shown of a site. */
const SHOWN: RegisterAsk = {
  compares: [],
  writes: [],
  reads: [FORMAT_KEY, JOINED_PREFIX, DEAD_PREFIX, POOL_PREFIX, SHARED_PREFIX].map((prefix) => ({
    prefix,
    since: 0,
  })),
};

/** Code: FILE_UNREADABLE. */
export const openSiteDesk = (site: SiteSettings, agentKey: Uint8Array): SiteDesk => {
  const register = openRegister(site);
  const stop = new AbortController();
  const me = memberIdOf(agentKey);
  return {
    me,
    making: siteMaking,
    ask: (ask, signal) => register.ask(ask, signal),
    texts: new SharedTexts(),
    look: async () => {
      const [answer, endpoints] = await Promise.all([
        register.ask(SHOWN, stop.signal),
        register.look(stop.signal),
      ]);
      return viewSite(site.name, me, answer, endpoints);
    },
    voters: () => register.voters(stop.signal),
    common: async () => {
      const answer = await register.ask(SHOWN, stop.signal);
      if (answer.kind !== 'transacted') throw new UsherError('REFUSED', answer.sentence);
      if (formatIn(answer.entries) === undefined)
        throw new UsherError('REFUSED', obstacleToSentence('format'));
      const rules = readCharter('rules', answer.entries);
      const hasPasswords = answer.entries.some(({ key }) => key === sharedKey('sign-in'));
      return { rules: rules ? (bytesToUtf8(rules.bytes) ?? null) : null, hasPasswords };
    },
    close: () => {
      stop.abort();
      register.close();
    },
  };
};
