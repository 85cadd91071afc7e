/** The console's passwords are the same on every member of a site. */

import { bytesToUtf8, utf8ToBytes } from '../protocol/bytes.ts';
import type { SharePasswords } from './admin/web/passwords.ts';
import type { AgentEngine } from './agent-engine.ts';
import type { SharedTexts } from './edges/site/shared-texts.ts';
import { systemReason } from './system-reason.ts';
import { UsherError } from './usher-error.ts';

export interface SiteSignIn {
  /** Code: REFUSED, and nothing was changed. */
  readonly share: SharePasswords;
  /** `takeUp`: has the site's text kept here, or is asked by `null` for what is; resolves with it. */
  readonly keep: (takeUp: (text: string | null) => Promise<string>) => void;
}

export const signInOfSite = (
  driver: AgentEngine['driver'],
  shared: SharedTexts,
  say: (sentence: string, isWarning: boolean) => void,
): SiteSignIn => {
  const share: SharePasswords = async (text, was, who) => {
    const [bytes, seen] = [utf8ToBytes(text), utf8ToBytes(was)];
    const outcome = await driver.operate({
      kind: 'shared-offer',
      what: 'sign-in',
      bytes,
      was: seen,
      who,
    });
    if (outcome.kind === 'refused') throw new UsherError('REFUSED', outcome.detail);
  };
  return {
    share,
    keep: (takeUp) => {
      shared.keep('sign-in', ({ bytes }, done) => {
        const text = bytes && (bytesToUtf8(bytes) ?? null);
        takeUp(text).then(
          // The first member that has passwords brings them along; others may be faster.
          (kept) =>
            bytes !== null ? done() : kept === '' ? undefined : share(kept, '', '').catch(() => {}),
          (error: unknown) =>
            say(`The site's passwords cannot be kept here: ${systemReason(error)}.`, true),
        );
      });
    },
  };
};
