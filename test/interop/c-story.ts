/** What the stories of the C client have at hand. */

import type { CClient } from './c-client.ts';
import type { InteropSite } from './interop-site.ts';

export interface CStory {
  site: InteropSite;
  /** Starts a client with these words; when the test ends, it must have ended well. */
  start: (...words: readonly string[]) => CClient;
}
