/** This agent's way to the site that it is a member of: for its core, and for administrators. */

import { SHARED_PREFIX } from './core/charter/charter-record.ts';
import type { RegisterAnswer, RegisterAsk } from './core/site/register.ts';
import { DEAD_PREFIX, JOINED_PREFIX, memberIdOf, POOL_PREFIX } from './core/site/site-keys.ts';
import { type SiteView, viewSite } from './core/site/site-view.ts';
import { lookAtEtcd } from './edges/site/etcd-status.ts';
import { openRegister } from './open-register.ts';
import type { SiteSettings } from './site-settings.ts';

export interface SiteDesk {
  /** What came of it; it never rejects. */
  readonly ask: (ask: RegisterAsk, stop: AbortSignal) => Promise<RegisterAnswer>;
  /** Everything that the register has, and how etcd's members are. */
  readonly look: () => Promise<SiteView>;
  readonly close: () => void;
}

/** What is shown of a site. */
const SHOWN: RegisterAsk = {
  compares: [],
  writes: [],
  reads: [JOINED_PREFIX, DEAD_PREFIX, POOL_PREFIX, SHARED_PREFIX].map((prefix) => ({
    prefix,
    since: 0,
  })),
};

/** Code: FILE_UNREADABLE. */
export const openSiteDesk = (site: SiteSettings, agentKey: Uint8Array): SiteDesk => {
  const register = openRegister(site);
  const stop = new AbortController();
  return {
    ask: (ask, signal) => register.ask(ask, signal),
    look: async () => {
      const [answer, endpoints] = await Promise.all([
        register.ask(SHOWN, stop.signal),
        lookAtEtcd(register.lines, stop.signal),
      ]);
      return viewSite(site.name, memberIdOf(agentKey), answer, endpoints);
    },
    close: () => {
      stop.abort();
      register.close();
    },
  };
};
